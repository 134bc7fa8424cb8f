import { type Fleet, fail, type Run } from './fleet.ts';
import { usedOf } from './reference-credits.ts';
import { disputeOf, stateOfDispute } from './reference-disputes.ts';
import type { ModelPayment } from './reference-model.ts';
import type { Rows } from './rows.ts';

export const isSame = (a: Record<string, unknown>, b: Record<string, unknown> | undefined): boolean =>
  b !== undefined && Object.keys(a).every((key) => a[key] === b[key]);
export const show = (value: object | undefined): string =>
  value
    ? Object.entries(value)
        .map(([key, item]) => `${key} ${item}`)
        .join(', ')
    : 'not there';

/** Credit memos, disputes and stored accounts. */
export function compareMore({ gateway }: Fleet, run: Run, rows: Rows): void {
  const { world } = run;
  for (const memo of world.memos) {
    const { total, isVoid } = memo;
    const applied = usedOf(memo);
    const model = { total, applied, isVoid, left: isVoid ? 0n : total - applied };
    const row = rows.memos.get(memo.id);
    if (!isSame(model, row)) fail(run, `credit memo ${memo.key} is ${show(row)}, and must be ${show(model)}`);
  }
  for (const dispute of world.disputes) {
    const payment = world.payments.find(({ key }) => key === dispute.payment) as ModelPayment;
    const { amount } = disputeOf(gateway, payment);
    const state = stateOfDispute(world, gateway, dispute);
    const isOpen = state === 'opened' || state === 'evidence_sent';
    const model = {
      state,
      amount,
      open: isOpen ? amount : 0n,
      held: state === 'won' ? 0n : amount,
      lost: state === 'lost' ? amount : 0n,
    };
    const row = rows.disputes.get(payment.id);
    if (!isSame(model, row))
      fail(run, `the dispute of ${payment.key} is ${show(row)}, and must be ${show(model)}`);
  }
  world.methods.forEach(({ id, state }, at) => {
    const real = rows.methods.get(id);
    if (real !== state) fail(run, `account ${at} is ${real}, and must be ${state}`);
  });
}
