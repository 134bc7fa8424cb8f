import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { lockPaymentLink } from '#features/payment-links/lock-payment-link.ts';
import { refusalOfLink, stateOfLink } from '#features/payment-links/rules.ts';
import { type PaymentAsked, tooManyTries } from '#features/payments/portal-pay-invoices.ts';
import { mostTriesAnHour } from '#features/payments/portal-rules.ts';
import { Refusal } from '#lib/errors.ts';

const hour_ms = 3_600_000;

type ByLink = {
  organizationId: string;
  paymentLinkId: string;
  requestKey: string;
  /** Asks for the payment, in this transaction. */
  ask: () => Promise<PaymentAsked>;
};

/**
 * A payer presses Pay on a payment page: one payment, or a refusal that says why not. The form that made the
 * payment is answered by it again; stolen cards cannot be tried on the page without end.
 */
export async function payByLink(tx: Tx, input: ByLink, now: Date): Promise<PaymentAsked> {
  const { organizationId, paymentLinkId, requestKey } = input;
  const link = await lockPaymentLink(tx, organizationId, paymentLinkId);
  const made = await tx.row<{ tries: number; isKnown: boolean }>(sql`
    select count(*) filter (where requested_at > ${new Date(now.getTime() - hour_ms)})::int as tries,
      coalesce(bool_or(request_key = ${requestKey}), false) as is_known
    from payments where organization_id = ${organizationId} and payment_link_id = ${paymentLinkId}`);
  if (!made?.isKnown) {
    const state = stateOfLink(link, now);
    if (state !== 'open')
      throw new Refusal(state === 'paid' ? 'already_paid' : 'state_refused', refusalOfLink[state]);
    if ((made?.tries ?? 0) >= mostTriesAnHour) throw tooManyTries();
  }
  const done = await input.ask();
  if (!done.replayed)
    await tx.run(sql`update payments set payment_link_id = ${paymentLinkId}
      where organization_id = ${organizationId} and id = ${done.paymentId}`);
  return done;
}

/** How many payments were ever asked for by a page: with it, a request key tells one try from the next. */
export async function countLinkTries(tx: Tx, organizationId: string, paymentLinkId: string): Promise<number> {
  const row = await tx.row<{ tries: number }>(sql`select count(*)::int as tries from payments
    where organization_id = ${organizationId} and payment_link_id = ${paymentLinkId}`);
  return row?.tries ?? 0;
}
