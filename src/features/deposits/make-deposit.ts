import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { postDeposit, reverseDeposit } from '#features/deposits/post-deposit.ts';
import { type HandPaymentToDeposit, handDepositFault } from '#features/deposits/rules.ts';
import { writeDepositLines } from '#features/deposits/write-deposit-lines.ts';
import { must, notFound, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { sum } from '#lib/money.ts';

type ToDeposit = HandPaymentToDeposit & { receivedOn: string; reference: string | null };

/** Checks and cash are taken to the bank: what was in hand is at the bank from that day, as one sum. */
export async function makeDeposit(
  tx: Tx,
  actor: Actor,
  input: {
    organizationId: string;
    currency: string;
    paymentIds: readonly string[];
    depositedOn: string;
    memo?: string | undefined;
  },
  now: Date,
): Promise<{ depositId: string }> {
  const { organizationId, currency, depositedOn } = input;
  const ids = [...new Set(input.paymentIds)];
  const rows = await tx.rows<ToDeposit>(sql`
    select id, amount - coalesce((select sum(r.amount) from refunds r where r.organization_id = payments.organization_id
        and r.payment_id = payments.id and r.account = 'undeposited_funds' and r.state <> 'failed'), 0)::bigint as amount,
      currency, kind, posted_at is not null and ended_at is null as is_standing, deposit_id, received_on,
      reference from payments where organization_id = ${organizationId} and id = any(${ids}) order by id for update`);
  const payments = ids.map((id, at) => {
    const payment = rows.find((row) => row.id === id);
    const fault = handDepositFault(payment, currency);
    if (fault) throw new Refusal('state_refused', { message: fault, param: `payment_ids.${at}` });
    return must(payment, id);
  });
  const depositId = newId('deposit');
  const amount = sum(payments.map((payment) => payment.amount));
  await tx.run(sql`
    insert into deposits (organization_id, id, kind, state, amount, gross, fees, returned, currency, made_on, arrives_on,
      memo, hash, created_at, updated_at)
    values (${organizationId}, ${depositId}, 'hand', 'paid', ${amount}, ${amount}, 0, 0, ${currency}, ${depositedOn},
      ${depositedOn}, ${input.memo ?? null}, '', ${now}, ${now})`);
  const lines = payments.map((payment) => ({
    reference: payment.id,
    kind: 'hand' as const,
    paymentId: payment.id,
    gross: payment.amount,
    fee: 0n,
    net: payment.amount,
    description: payment.reference ?? '',
    on: payment.receivedOn,
  }));
  await writeDepositLines(tx, { organizationId, depositId, lines });
  await postDeposit(tx, { organizationId, depositId }, now);
  await record(tx, { actor, organizationId, now }, [
    { type: 'deposit.made', subjectId: depositId, data: { amount, currency, payments: ids.length } },
  ]);
  return { depositId };
}

/** The deposit was not made after all, or not so: its payments are in hand again. */
export async function undoDeposit(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; depositId: string },
  now: Date,
): Promise<void> {
  const { organizationId, depositId } = input;
  const row = await tx.row<{ kind: string; state: string; amount: bigint; currency: string }>(sql`
    select kind, state, amount, currency from deposits
    where organization_id = ${organizationId} and id = ${depositId} for update`);
  if (!row) throw notFound('deposit', depositId);
  if (row.kind !== 'hand')
    throw new Refusal('state_refused', 'A gateway’s payout cannot be undone here: the gateway made it.');
  if (row.state === 'undone') return;
  await reverseDeposit(tx, { organizationId, depositId }, now);
  await tx.run(sql`update payments set deposit_id = null
    where organization_id = ${organizationId} and deposit_id = ${depositId}`);
  await tx.run(sql`update deposits set state = 'undone', updated_at = ${now}
    where organization_id = ${organizationId} and id = ${depositId}`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'deposit.undone', subjectId: depositId, data: { amount: row.amount, currency: row.currency } },
  ]);
}
