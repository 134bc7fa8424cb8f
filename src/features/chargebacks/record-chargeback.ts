import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { type ChargebackState, decideChargeback } from '#features/chargebacks/rules.ts';
import { entryOfChargeback } from '#features/ledger/chargeback-rules.ts';
import { postEntries } from '#features/ledger/post-entries.ts';
import type { GatewayChargeback } from '#features/payments/payment-gateway.ts';
import { newId } from '#lib/ids.ts';

type Account = { organizationId: string; gatewayAccountId: string };
type Payment = { id: string; customerId: string };
type Row = { id: string; customerId: string; state: ChargebackState; amount: bigint; currency: string };
type News = Account & { chargeback: GatewayChargeback; today: string };

/**
 * A payer's bank took a payment back, or decided about it. Each piece of news moves the chargeback at most
 * once; what is no payment of ours is passed over, for one vendor's account may serve others too.
 */
export async function recordChargeback(
  tx: Tx,
  actor: Actor,
  input: News,
  now: Date,
): Promise<{ chargebackId: string; changed: boolean } | undefined> {
  const payment = await lockPayment(tx, input);
  if (!payment) return undefined;
  const before = await readChargeback(tx, input);
  const row = before ?? (await openChargeback(tx, actor, { ...input, payment }, now));
  const moved = await moveChargeback(tx, actor, { ...input, row }, now);
  return { chargebackId: row.id, changed: !before || moved };
}

/** The payment is locked first: two readers of the same news pass here one after the other. */
async function lockPayment(tx: Tx, { organizationId, gatewayAccountId, chargeback }: News) {
  return tx.row<Payment>(sql`
    select id, customer_id from payments where organization_id = ${organizationId}
      and gateway_account_id = ${gatewayAccountId}
      and (id = ${chargeback.paymentId ?? null} or gateway_reference = ${chargeback.paymentReference ?? null})
    order by id limit 1 for update`);
}

async function readChargeback(tx: Tx, { organizationId, gatewayAccountId, chargeback }: News) {
  return tx.row<Row>(sql`
    select id, customer_id, state, amount, currency from chargebacks where organization_id = ${organizationId}
      and gateway_account_id = ${gatewayAccountId} and gateway_reference = ${chargeback.reference} for update`);
}

async function openChargeback(
  tx: Tx,
  actor: Actor,
  input: News & { payment: Payment },
  now: Date,
): Promise<Row> {
  const { organizationId, chargeback, payment } = input;
  const { amount, currency, code, reason } = chargeback;
  const row: Row = {
    id: newId('chargeback'),
    customerId: payment.customerId,
    state: 'opened',
    amount,
    currency,
  };
  await tx.run(sql`
    insert into chargebacks (organization_id, id, gateway_account_id, gateway_reference, payment_id, customer_id, state,
      amount, currency, code, reason, opened_at, evidence_due_at, created_at)
    values (${organizationId}, ${row.id}, ${input.gatewayAccountId}, ${chargeback.reference}, ${payment.id},
      ${payment.customerId}, 'opened', ${amount}, ${currency}, ${code}, ${reason}, ${chargeback.openedAt},
      ${chargeback.evidenceDueAt ?? null}, ${now})`);
  const posted = { ...row, entryDate: input.today };
  await postEntries(tx, organizationId, [entryOfChargeback('chargeback_opened', posted)], now);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'chargeback.opened',
      subjectId: row.id,
      customerId: payment.customerId,
      data: { payment_id: payment.id, amount, currency, code, reason },
    },
    {
      type: 'payment.disputed',
      subjectId: payment.id,
      customerId: payment.customerId,
      data: { chargeback_id: row.id, amount, currency, reason },
    },
  ]);
  return row;
}

async function moveChargeback(tx: Tx, actor: Actor, input: News & { row: Row }, now: Date): Promise<boolean> {
  const { organizationId, row, chargeback } = input;
  const to = decideChargeback(row.state, chargeback.state);
  if (!to) return false;
  const isClosed = to === 'won' || to === 'lost';
  await tx.run(sql`update chargebacks set state = ${to},
      evidence_sent_at = case when ${to === 'evidence_sent'} then ${now}::timestamptz else evidence_sent_at end,
      closed_at = case when ${isClosed} then ${now}::timestamptz end
    where organization_id = ${organizationId} and id = ${row.id}`);
  if (isClosed) {
    const kind = to === 'won' ? 'chargeback_won' : 'chargeback_lost';
    const posted = { ...row, entryDate: input.today };
    await postEntries(tx, organizationId, [entryOfChargeback(kind, posted)], now);
  }
  const { amount, currency } = row;
  await record(tx, { actor, organizationId, now }, [
    { type: `chargeback.${to}`, subjectId: row.id, customerId: row.customerId, data: { amount, currency } },
  ]);
  return true;
}
