import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { accepted } from '#features/payments/decide-batch.ts';
import { lockInvoices } from '#features/payments/lock-invoices.ts';
import {
  mostByStatementAnHour,
  mostTriesAnHour,
  type PayerSource,
  type PayLine,
} from '#features/payments/portal-rules.ts';
import type { Consent } from '#features/payments/portal-write-consents.ts';
import { type MethodChoice, prepareCharge } from '#features/payments/prepare-charge.ts';
import { type ChargeFee, requestCharges } from '#features/payments/request-charges.ts';
import { must, Refusal } from '#lib/errors.ts';

export type PayerPayment = {
  organizationId: string;
  customerId: string;
  requestKey: string;
  source: PayerSource;
  /** All that the payer is charged, and the part of it that is on top. */
  amount: bigint;
  paidOnTop?: ChargeFee;
  inspected: { funding: string | null; brand: string };
  /** What it is put against; nothing where there is no invoice yet. */
  lines: readonly PayLine[];
  memo?: string | undefined;
  choice: MethodChoice;
  currency: string;
  today: string;
  payer: { name?: string | undefined; email?: string | undefined };
  sendReceipt: boolean;
  consents: readonly Consent[];
};

export type PaymentAsked = { paymentId: string; replayed: boolean };

/**
 * A payer presses Pay: one pending payment for the invoices chosen, with what was agreed to, or the one made
 * before.
 */
export async function payInvoices(
  tx: Tx,
  actor: Actor,
  input: PayerPayment,
  now: Date,
): Promise<PaymentAsked> {
  const { organizationId, customerId, choice, lines } = input;
  if ('paymentMethodId' in choice) {
    // A method that someone is removing at this moment is either gone or waits until this payment exists.
    await tx.run(sql`select id from payment_methods
      where organization_id = ${organizationId} and id = ${choice.paymentMethodId} for share`);
  }
  if (input.source === 'statement_link') await lockCustomer(tx, organizationId, customerId);
  await refuseTooManyTries(tx, input, now);
  const prepared = await prepareCharge(tx, { organizationId, customerId, choice, today: input.today });
  const [verdict] = await requestCharges(
    tx,
    actor,
    {
      organizationId,
      charges: [
        {
          ...prepared,
          requestKey: input.requestKey,
          customerId,
          source: input.source,
          amount: input.amount,
          paidOnTop: input.paidOnTop,
          inspected: input.inspected,
          memo: input.memo,
          currency: input.currency,
          receivedOn: input.today,
          sendReceipt: input.sendReceipt,
          applications: lines,
          payerName: input.payer.name,
          payerEmail: input.payer.email,
          consents: input.consents,
        },
      ],
    },
    now,
  );
  return accepted(must(verdict, 'a verdict'));
}

/** Payments by one statement are counted one after the other. */
const lockCustomer = (tx: Tx, organizationId: string, customerId: string): Promise<number> =>
  tx.run(sql`select id from customers where organization_id = ${organizationId} and id = ${customerId}
    for no key update`);

const hour_ms = 3_600_000;

/**
 * Whoever tries stolen cards does it on a page like ours, a cent at a time. The invoices are locked first, so
 * that many at once are no way around the limit; a form that was sent before is answered as before.
 */
async function refuseTooManyTries(tx: Tx, input: PayerPayment, now: Date): Promise<void> {
  const ids = input.lines.map((line) => line.invoiceId);
  if (ids.length === 0) return;
  await lockInvoices(tx, input.organizationId, ids);
  const made = await tx.row<{ tries: number; isKnown: boolean }>(sql`
    select count(distinct p.id)::int as tries,
      coalesce(bool_or(p.request_key = ${input.requestKey}), false) as is_known
    from payment_applications a
    join payments p on p.organization_id = a.organization_id and p.id = a.payment_id
    where a.organization_id = ${input.organizationId} and a.invoice_id = any(${ids})
      and p.source in ('portal', 'invoice_link', 'statement_link') and p.requested_at > ${new Date(now.getTime() - hour_ms)}`);
  if (!made || made.isKnown) return;
  if (made.tries >= mostTriesAnHour * input.lines.length) throw tooManyTries();
  if (input.source === 'statement_link') await refuseTooManyOfCustomer(tx, input, now);
}

/** Who needs no sign-in could go from one invoice of a long statement to the next. */
async function refuseTooManyOfCustomer(tx: Tx, input: PayerPayment, now: Date): Promise<void> {
  const made = await tx.row<{ tries: number }>(sql`
    select count(*)::int as tries from payments
    where organization_id = ${input.organizationId} and customer_id = ${input.customerId}
      and source = 'statement_link' and requested_at > ${new Date(now.getTime() - hour_ms)}`);
  if ((made?.tries ?? 0) >= mostByStatementAnHour) throw tooManyTries();
}

export const tooManyTries = (): Refusal =>
  new Refusal('rate_limited', {
    message: 'This was tried too often of late. Wait an hour, or ask whom you pay for another way.',
    retryAfter: 3600,
  });
