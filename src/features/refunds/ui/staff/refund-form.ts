import {
  type PlanVerdict,
  pieceLeft,
  planRefund,
  type RefundAsk,
  splitOf,
  unappliedLeft,
} from '#features/refunds/plan-rules.ts';
import { type GiveBackView, refundableOf } from '#features/refunds/ui/staff/refund-words.tsx';
import { toTyped } from '#lib/money.ts';

export type RefundForm = {
  mode: 'full' | 'partial';
  amount: string;
  fee_handling: 'inclusive' | 'exclusive';
  /** What is typed beside each part, once the split was touched. */
  split: Record<string, string>;
  reason: string;
  reference: string;
  send_receipt: boolean;
};

export type SplitRow = { key: string; label: string; left: bigint };
/** The key of the row for what no invoice has used. */
export const cashKey = 'unapplied';

/** In the order in which a refund takes from them. */
export function splitRows(view: GiveBackView): SplitRow[] {
  const payment = refundableOf(view);
  const cash = unappliedLeft(payment);
  return [
    ...(cash > 0n ? [{ key: cashKey, label: 'Unapplied cash', left: cash }] : []),
    ...view.pieces
      .map((piece) => ({
        key: piece.invoice_id,
        label: piece.invoice_number,
        left: pieceLeft({ invoiceId: piece.invoice_id, ...piece }),
      }))
      .filter(({ left }) => left > 0n),
  ];
}

/** The split that an amount gets by itself, as text for the fields. */
export function proposedSplit(view: GiveBackView, principal: bigint, locale: string): Record<string, string> {
  const { fromUnapplied, lines } = splitOf(refundableOf(view), principal);
  const given = new Map([[cashKey, fromUnapplied], ...lines.map((l) => [l.invoiceId, l.amount] as const)]);
  return Object.fromEntries(
    splitRows(view).map(({ key }) => [key, toTyped(given.get(key) ?? 0n, view.currency, locale)]),
  );
}

type Read = (text: string) => bigint | undefined;

/** What the form asks for; the split only where it was touched. */
export function askOf(form: RefundForm, read: Read): RefundAsk {
  if (form.mode === 'full') return { feeHandling: form.fee_handling };
  const principal = read(form.amount) ?? 0n;
  const typed = Object.entries(form.split);
  if (typed.length === 0) return { principal, feeHandling: form.fee_handling };
  const amounts = typed.map(([key, text]) => [key, read(text) ?? 0n] as const);
  return {
    principal,
    feeHandling: form.fee_handling,
    fromUnapplied: amounts.find(([key]) => key === cashKey)?.[1] ?? 0n,
    lines: amounts
      .filter(([key, amount]) => key !== cashKey && amount > 0n)
      .map(([invoiceId, amount]) => ({ invoiceId, amount })),
  };
}

/** What the server will decide, decided here first: the same rules. */
export const verdictOf = (view: GiveBackView, form: RefundForm, read: Read): PlanVerdict =>
  planRefund(refundableOf(view), askOf(form, read));
