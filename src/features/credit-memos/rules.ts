import { type Line, taxesOfInvoice } from '#features/invoices/rules.ts';
import { type LabelledSum, taxLabel } from '#features/invoices/sum-rules.ts';
import {
  type Application,
  decidePayment,
  type InvoiceToPay,
  type PaymentVerdict,
} from '#features/payments/rules.ts';
import { bareTax, type TaxCharged } from '#features/taxes/rules.ts';
import { least, sum } from '#lib/money.ts';

export type CreditMemoState = 'draft' | 'open' | 'used' | 'void';
export type CreditMemoFacts = {
  issuedAt: Date | null;
  voidedAt: Date | null;
  total: bigint;
  applied: bigint;
};

/** Derived, as an invoice’s is: open while some of it is left. */
export function stateOfCreditMemo(memo: CreditMemoFacts): CreditMemoState {
  if (memo.voidedAt) return 'void';
  if (!memo.issuedAt) return 'draft';
  return memo.applied === memo.total ? 'used' : 'open';
}

export const availableOf = (memo: CreditMemoFacts): bigint =>
  memo.issuedAt && !memo.voidedAt ? memo.total - memo.applied : 0n;

/** A line of an invoice; where its tax was given as an amount, that stands beside it. */
export type CreditLine = Line & { tax: bigint };

/** What tax is taken back, under the rates of the lines and as it was given. */
export function taxesOfCredit(memo: {
  subtotal: bigint;
  tax: bigint;
  lines: readonly CreditLine[];
}): TaxCharged[] {
  const lines = memo.lines.filter(({ tax }) => tax !== 0n);
  const given = sum(lines.map(({ tax }) => tax));
  const rates = taxesOfInvoice({ ...memo, tax: memo.tax - given });
  if (lines.length === 0) return rates;
  const taxable = sum(lines.map(({ amount }) => amount));
  return [...rates, { ...bareTax('0'), name: 'Credits', percent: null, taxable, tax: given }];
}

/** What stands between the lines and the total; none where the total says it all. */
export function sumsOfCredit(memo: {
  subtotal: bigint;
  tax: bigint;
  lines: readonly CreditLine[];
}): LabelledSum[] {
  const taxes = taxesOfCredit(memo).filter(({ tax }) => tax !== 0n);
  if (taxes.length === 0) return [];
  const rows = taxes.map((tax) => ({ label: tax.percent === null ? 'Tax' : taxLabel(tax), amount: tax.tax }));
  return [{ label: 'Subtotal', amount: memo.subtotal }, ...rows];
}

type Refused = Extract<PaymentVerdict, { ok: false }>;
const refuse = (code: Refused['code'], reason: string, param: string): Refused => ({
  ok: false,
  code,
  reason,
  param,
});

/**
 * May this credit be put against these invoices, as both stand under lock? As for money: own invoices, and no
 * more than is due.
 */
export function decideCredit(
  memo: CreditMemoFacts & { customerId: string; currency: string },
  applications: readonly Application[],
  invoices: ReadonlyMap<string, InvoiceToPay>,
): PaymentVerdict {
  const state = stateOfCreditMemo(memo);
  if (state === 'draft' || state === 'void')
    return refuse('state_refused', `This credit memo is ${state === 'void' ? 'void' : 'a draft'}.`, 'id');
  if (state === 'used') return refuse('amount_too_large', 'All of this credit has been used.', 'id');
  const left = availableOf(memo);
  const asked = sum(applications.map(({ amount }) => amount));
  const verdict = decidePayment({ ...memo, amount: asked > 0n ? asked : left, applications }, invoices);
  if (!verdict.ok || asked <= left) return verdict;
  return refuse('amount_too_large', 'More than is left of this credit.', 'applications');
}

/** A memo of which something was used is not taken back: its invoices would owe what nobody told them of. */
export function decideVoid(memo: CreditMemoFacts): PaymentVerdict {
  if (memo.voidedAt) return refuse('state_refused', 'This credit memo is void already.', 'id');
  if (memo.applied > 0n)
    return refuse('state_refused', 'Some of this credit is used. Take it off its invoices first.', 'id');
  return { ok: true };
}

/**
 * Credit laid out over what is about to be paid, oldest memo first, in the order of the lines; and what is
 * left to be charged.
 */
export function spreadCredit(
  memos: readonly { id: string; available: bigint }[],
  lines: readonly Application[],
): { uses: (Application & { creditMemoId: string })[]; rest: Application[]; used: bigint } {
  const left = memos.map((memo) => ({ ...memo }));
  const uses: (Application & { creditMemoId: string })[] = [];
  const rest: Application[] = [];
  for (const { invoiceId, amount } of lines) {
    let due = amount;
    for (const memo of left) {
      const take = least(due, memo.available);
      if (take <= 0n) continue;
      uses.push({ creditMemoId: memo.id, invoiceId, amount: take });
      memo.available -= take;
      due -= take;
    }
    if (due > 0n) rest.push({ invoiceId, amount: due });
  }
  return { uses, rest, used: sum(uses.map(({ amount }) => amount)) };
}
