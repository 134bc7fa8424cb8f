import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { accepted } from '#features/payments/decide-batch.ts';
import { type MethodChoice, prepareCharge } from '#features/payments/prepare-charge.ts';
import { type PayLine, totalOf } from '#features/payments/portal-rules.ts';
import { requestCharges } from '#features/payments/request-charges.ts';
import { type Consent, writeConsents } from '#features/payments/portal-write-consents.ts';
import { must } from '#lib/errors.ts';

export type PayerPayment = {
  organizationId: string;
  customerId: string;
  requestKey: string;
  source: 'portal' | 'invoice_link';
  lines: readonly PayLine[];
  choice: MethodChoice;
  currency: string;
  today: string;
  payer: { name?: string | undefined; email?: string | undefined };
  sendReceipt: boolean;
  consents: readonly Consent[];
};

/**
 * A payer presses Pay: one pending payment for the invoices chosen, with what was agreed to, or the one made
 * before.
 */
export async function payInvoices(
  tx: Tx,
  actor: Actor,
  input: PayerPayment,
  now: Date,
): Promise<{ paymentId: string; replayed: boolean }> {
  const { organizationId, customerId, choice, lines } = input;
  if ('paymentMethodId' in choice) {
    // A method that someone is removing at this moment is either gone or waits until this payment exists.
    await tx.run(sql`select id from payment_methods
      where organization_id = ${organizationId} and id = ${choice.paymentMethodId} for share`);
  }
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
          amount: totalOf(lines),
          currency: input.currency,
          receivedOn: input.today,
          sendReceipt: input.sendReceipt,
          applications: lines,
          payerName: input.payer.name,
          payerEmail: input.payer.email,
        },
      ],
    },
    now,
  );
  const done = accepted(must(verdict, 'a verdict'));
  if (!done.replayed)
    await writeConsents(
      tx,
      actor,
      { organizationId, customerId, paymentId: done.paymentId, consents: input.consents },
      now,
    );
  return done;
}
