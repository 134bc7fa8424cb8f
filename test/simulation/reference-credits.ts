import type { Charge } from './model-gateway.ts';
import { judgeParts, type ModelApplication, type Result, type World } from './reference-model.ts';

/** What is owed back to a customer; `applied` in the order in which it was put against invoices. */
export type ModelMemo = {
  key: string;
  customer: number;
  total: bigint;
  applied: ModelApplication[];
  isVoid: boolean;
  id: string;
};

export type CreditAct =
  | { do: 'credit'; key: string; customer: number; total: bigint }
  | { do: 'apply credit'; memo: string; applications: readonly ModelApplication[] }
  | { do: 'unapply credit'; memo: string; invoice: number }
  | { do: 'void credit'; memo: string };

const total = (parts: readonly { amount: bigint }[]): bigint =>
  parts.reduce((sum, { amount }) => sum + amount, 0n);

export const usedOf = (memo: ModelMemo): bigint => total(memo.applied);

export const creditedOf = ({ memos }: World, at: number): bigint =>
  total(memos.flatMap(({ applied }) => applied.filter(({ invoice }) => invoice === at)));

export function actCredit(world: World, charges: ReadonlyMap<string, Charge>, act: CreditAct): Result {
  if (act.do === 'credit') {
    const { key, customer } = act;
    world.memos.push({ key, customer, total: act.total, applied: [], isVoid: false, id: '' });
    return 'new';
  }
  const memo = world.memos.find(({ key }) => key === act.memo) as ModelMemo;
  if (act.do === 'void credit') {
    if (memo.isVoid || memo.applied.length > 0) return 'state_refused';
    memo.isVoid = true;
    return 'new';
  }
  if (act.do === 'unapply credit') {
    const stays = memo.applied.filter(({ invoice }) => invoice !== act.invoice);
    if (stays.length === memo.applied.length) return 'not_found';
    memo.applied = stays;
    return 'new';
  }
  if (memo.isVoid) return 'state_refused';
  const left = memo.total - usedOf(memo);
  if (left === 0n) return 'amount_too_large';
  const asked = total(act.applications);
  const result = judgeParts(world, charges, { ...act, customer: memo.customer, amount: asked });
  if (result !== 'new') return result;
  if (asked > left) return 'amount_too_large';
  memo.applied = [...memo.applied, ...act.applications];
  return 'new';
}
