import { Refusal } from '#lib/errors.ts';
import { type Application, decidePayment, type InvoiceToPay } from '#features/payments/rules.ts';

export type Verdict =
  | { ok: true; paymentId: string; replayed: boolean }
  | { ok: false; code: Refusal['code']; reason: string; param: string };

/** For a batch of one: the payment's id, or the refusal thrown. */
export function accepted(verdict: Verdict): { paymentId: string; replayed: boolean } {
  if (verdict.ok) return verdict;
  throw new Refusal(verdict.code, { message: verdict.reason, param: verdict.param });
}

export type Asked = { customerId: string; currency: string; amount: bigint; applications: readonly Application[]; requestKey: string };
export type Earlier = { id: string; requestKey: string; customerId: string; amount: bigint };

/**
 * One verdict an item, in order; each accepted item takes its share before the next is looked at. A key that was used
 * before answers with the first payment, or is refused when it was for something else.
 */
export function decideBatch<Item extends Asked>(
  items: readonly Item[],
  locked: { invoices: Map<string, InvoiceToPay>; earlier: readonly Earlier[] },
  how: { take: (invoice: InvoiceToPay, amount: bigint) => InvoiceToPay; newPaymentId: () => string },
): { verdicts: Verdict[]; accepted: (Item & { id: string })[] } {
  const { invoices } = locked;
  const byKey = new Map<string, Earlier>(locked.earlier.map((payment) => [payment.requestKey, payment]));
  const acceptedItems: (Item & { id: string })[] = [];
  const verdicts = items.map((item): Verdict => {
    const first = byKey.get(item.requestKey);
    if (first) {
      if (first.customerId === item.customerId && first.amount === item.amount) {
        return { ok: true, paymentId: first.id, replayed: true };
      }
      return { ok: false, code: 'idempotency_key_reused', param: 'request_key',
        reason: 'This key was used for another payment. Use a new key for a new payment.' };
    }
    const verdict = decidePayment(item, invoices);
    if (!verdict.ok) return verdict;
    for (const { invoiceId, amount } of item.applications) {
      const invoice = invoices.get(invoiceId);
      if (invoice) invoices.set(invoiceId, how.take(invoice, amount));
    }
    const id = how.newPaymentId();
    acceptedItems.push({ ...item, id });
    byKey.set(item.requestKey, { id, requestKey: item.requestKey, customerId: item.customerId, amount: item.amount });
    return { ok: true, paymentId: id, replayed: false };
  });
  return { verdicts, accepted: acceptedItems };
}
