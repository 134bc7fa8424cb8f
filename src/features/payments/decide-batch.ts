import {
  type Application,
  decidePayment,
  type InvoiceToPay,
  isGatewayKind,
  type PaymentKind,
} from '#features/payments/rules.ts';
import { Refusal } from '#lib/errors.ts';

export type Verdict =
  | { ok: true; paymentId: string; replayed: boolean }
  | { ok: false; code: Refusal['code']; reason: string; param: string };

/** For a batch of one: the payment's id, or the refusal thrown. */
export function accepted(verdict: Verdict): { paymentId: string; replayed: boolean } {
  if (verdict.ok) return verdict;
  throw new Refusal(verdict.code, { message: verdict.reason, param: verdict.param });
}

export type Asked = {
  requestKey: string;
  customerId: string;
  kind: PaymentKind;
  currency: string;
  amount: bigint;
  /** The part of the amount that is paid on top. */
  paidOnTop?: { amount: bigint } | undefined;
  reference?: string | null | undefined;
  memo?: string | null | undefined;
  applications: readonly Application[];
};
export type Earlier = Asked & { id: string };

const principalOf = ({ amount, paidOnTop }: Asked): bigint => amount - (paidOnTop?.amount ?? 0n);

/**
 * One verdict an item, in order; each accepted item takes its share before the next is looked at. A key that
 * was used before answers with the first payment, or is refused when it was for something else.
 */
export function decideBatch<Item extends Asked>(
  items: readonly Item[],
  locked: { invoices: Map<string, InvoiceToPay>; earlier: readonly Earlier[] },
  how: {
    take: (invoice: InvoiceToPay, amount: bigint) => InvoiceToPay;
    newPaymentId: () => string;
    /** What else stands in the way of a new payment. */
    refusal?: (item: Item) => Verdict | undefined;
    /** Told of each that is accepted, before the next is looked at. */
    accepted?: (item: Item) => void;
  },
): { verdicts: Verdict[]; accepted: (Item & { id: string })[] } {
  const { invoices } = locked;
  const byKey = new Map<string, Earlier>(locked.earlier.map((payment) => [payment.requestKey, payment]));
  const acceptedItems: (Item & { id: string })[] = [];
  const verdicts = items.map((item): Verdict => {
    const first = byKey.get(item.requestKey);
    if (first) {
      if (isSame(first, item)) return { ok: true, paymentId: first.id, replayed: true };
      return {
        ok: false,
        code: 'idempotency_key_reused',
        param: 'request_key',
        reason: 'This key was used for another payment. Use a new key for a new payment.',
      };
    }
    const verdict = how.refusal?.(item) ?? decidePayment(item, invoices);
    if (!verdict.ok) return verdict;
    for (const { invoiceId, amount } of item.applications) {
      const invoice = invoices.get(invoiceId);
      if (invoice) invoices.set(invoiceId, how.take(invoice, amount));
    }
    const payment = { ...item, id: how.newPaymentId() };
    acceptedItems.push(payment);
    how.accepted?.(item);
    byKey.set(item.requestKey, payment);
    return { ok: true, paymentId: payment.id, replayed: false };
  });
  return { verdicts, accepted: acceptedItems };
}

/**
 * The same payment, told again: by whom, how much, for what, in which words, in hand or by the gateway. A
 * card fee follows from these, and may be another one by the time it is told again.
 */
function isSame(first: Earlier, item: Asked): boolean {
  // Card or bank account is the gateway's to say, so the first payment may have become the other one since.
  const way = (kind: PaymentKind): string => (isGatewayKind(kind) ? 'gateway' : kind);
  const parts = ({ applications }: Asked): string =>
    applications
      .map(({ invoiceId, amount }) => `${invoiceId} ${amount}`)
      .sort()
      .join();
  return (
    first.customerId === item.customerId &&
    principalOf(first) === principalOf(item) &&
    first.currency === item.currency &&
    way(first.kind) === way(item.kind) &&
    (first.reference ?? null) === (item.reference ?? null) &&
    (first.memo ?? null) === (item.memo ?? null) &&
    parts(first) === parts(item)
  );
}
