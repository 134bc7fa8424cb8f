import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { postDeposit, reverseDeposit } from '#features/deposits/post-deposit.ts';
import { readKnown } from '#features/deposits/read-known.ts';
import { decidePayout, type PayoutVerdict } from '#features/deposits/rules.ts';
import { writeDepositLines } from '#features/deposits/write-deposit-lines.ts';
import type { GatewayPayout } from '#features/payments/payment-gateway.ts';
import { newId } from '#lib/ids.ts';
import { toJson } from '#lib/json.ts';
import { sha256 } from '#lib/secrets.ts';

type Before = { id: string; hash: string; postedAt: Date | null; exception: string | null; isOpen: boolean };
type Account = { organizationId: string; gatewayAccountId: string };

/**
 * A gateway paid out, or said something new about a payout. Told again unchanged, it is nothing; what does
 * not add up stays out of the books until a person has looked.
 */
export async function recordPayout(
  tx: Tx,
  actor: Actor,
  input: Account & { payout: GatewayPayout },
  now: Date,
): Promise<{ depositId: string; changed: boolean }> {
  const { organizationId, gatewayAccountId, payout } = input;
  // Two readers of the same news pass here one after the other.
  await tx.run(sql`select id from gateway_accounts
    where organization_id = ${organizationId} and id = ${gatewayAccountId} for update`);
  const before = await tx.row<Before>(sql`
    select id, hash, posted_at, exception, exception is not null and resolved_at is null as is_open
    from deposits where organization_id = ${organizationId}
      and gateway_account_id = ${gatewayAccountId} and gateway_reference = ${payout.reference} for update`);
  const hash = sha256(toJson(payout));
  if (before?.hash === hash && !before.isOpen) return { depositId: before.id, changed: false };
  const depositId = before?.id ?? newId('deposit');
  const verdict = decidePayout(payout, await readKnown(tx, input, payout.lines), depositId);
  // What did not add up is looked at again: the payment that a line spoke of may be known by now.
  if (before?.hash === hash && before.exception === verdict.exception) return { depositId, changed: false };
  if (before?.postedAt) await reverseDeposit(tx, { organizationId, depositId }, now);
  await writePayout(tx, { ...input, depositId, hash, isNew: !before, verdict }, now);
  await writeDepositLines(tx, { organizationId, depositId, lines: verdict.lines });
  if (payout.state === 'paid' && !verdict.exception)
    await postDeposit(tx, { organizationId, depositId }, now);
  const data = { amount: payout.amount, currency: payout.currency, exception: verdict.exception };
  await record(tx, { actor, organizationId, now }, [
    { type: `payout.${payout.state}`, subjectId: depositId, data },
    ...(verdict.exception ? [{ type: 'payout.needs_attention', subjectId: depositId, data }] : []),
  ]);
  return { depositId, changed: true };
}

async function writePayout(
  tx: Tx,
  row: Account & {
    payout: GatewayPayout;
    depositId: string;
    hash: string;
    isNew: boolean;
    verdict: PayoutVerdict;
  },
  now: Date,
): Promise<void> {
  const { organizationId, payout, verdict } = row;
  if (row.isNew) {
    await tx.run(sql`
      insert into deposits (organization_id, id, kind, gateway_account_id, gateway_reference, state, amount, gross, fees,
        returned, difference, currency, made_on, arrives_on, hash, exception, created_at, updated_at)
      values (${organizationId}, ${row.depositId}, 'payout', ${row.gatewayAccountId}, ${payout.reference},
        ${payout.state}, ${payout.amount}, ${verdict.gross}, ${verdict.fees}, ${verdict.returned}, ${verdict.difference},
        ${payout.currency}, ${payout.initiatedOn}, ${payout.arrivesOn}, ${row.hash}, ${verdict.exception ?? null},
        ${now}, ${now})`);
    return;
  }
  // News about it reopens the question that a person had answered.
  await tx.run(sql`
    update deposits set state = ${payout.state}, amount = ${payout.amount}, gross = ${verdict.gross},
      fees = ${verdict.fees}, returned = ${verdict.returned}, difference = ${verdict.difference},
      made_on = ${payout.initiatedOn}, arrives_on = ${payout.arrivesOn}, hash = ${row.hash},
      exception = ${verdict.exception ?? null}, resolved_at = null, resolved_by = null, resolution = null,
      revision = revision + 1, updated_at = ${now}
    where organization_id = ${organizationId} and id = ${row.depositId}`);
}
