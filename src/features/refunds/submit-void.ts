import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { type GatewayAccount, type Gateways, readGatewayAccount } from '#features/payments/gateways.ts';
import type { GatewayOutcome, VoidOutcome } from '#features/payments/payment-gateway.ts';
import { recordChargeOutcomes } from '#features/payments/record-charge-outcomes.ts';
import { unknownLookupAfter_s } from '#features/payments/rules.ts';
import { readNow } from '#features/refunds/read-now.ts';
import { recordVoidRefusal } from '#features/refunds/record-void-refusal.ts';
import { isVoidAsked, type PaymentToGiveBack } from '#features/refunds/rules.ts';
import { organizationNow } from '#lib/clock.ts';
import { secondsLater } from '#lib/dates.ts';

type Payload = { organizationId: string; paymentId: string };
type Claim = { account: GatewayAccount; reference: string; requestedAt: Date; at: Date };
type Answer = { said: VoidOutcome; stands: GatewayOutcome | undefined };

/**
 * The journey of a void. Asking for the same one twice is harmless to the gateway, so a lost answer is asked
 * for again; unless it said yes, the payment itself is looked up, for it may have been voided or settled.
 */
export async function submitVoid(
  deps: { db: Database; gateways: Pick<Gateways, 'open'> },
  payload: Payload,
): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId: payload.organizationId, name: 'submit-void' };
  const claim = await deps.db.transaction(actor, (tx) => claimVoid(tx, actor, payload));
  if (!claim) return;
  const gateway = deps.gateways.open(claim.account);
  const { paymentId } = payload;
  const said: VoidOutcome = gateway.refunds
    ? await gateway.refunds.void({ paymentId, reference: claim.reference, at: claim.at })
    : { outcome: 'refused', code: 'unsupported', message: 'This gateway offers no void.' };
  const stands =
    said.outcome === 'voided'
      ? undefined
      : await gateway.lookup({
          paymentId,
          reference: claim.reference,
          requestedAt: claim.requestedAt,
          at: claim.at,
        });
  await deps.db.transaction(actor, (tx) => recordVoidAnswer(tx, actor, { ...payload, said, stands }));
}

async function recordVoidAnswer(tx: Tx, actor: Actor, input: Payload & Answer): Promise<void> {
  const { organizationId, paymentId, said, stands } = input;
  const now = await readNow(tx, organizationId);
  const outcome = said.outcome === 'voided' ? said : stands;
  if (outcome && outcome.outcome !== 'absent' && outcome.outcome !== 'unknown')
    await recordChargeOutcomes(tx, actor, { organizationId, outcomes: [{ paymentId, outcome }] }, now);
  if (said.outcome === 'refused')
    await recordVoidRefusal(tx, actor, { organizationId, paymentId, message: said.message }, now);
}

async function claimVoid(tx: Tx, actor: Actor, payload: Payload): Promise<Claim | undefined> {
  const { organizationId, paymentId } = payload;
  type Row = PaymentToGiveBack & {
    customerId: string;
    gatewayAccountId: string;
    gatewayReference: string | null;
    requestedAt: Date;
    voidTries: number;
    clockOffsetMs: bigint;
  };
  const row = await tx.row<Row>(sql`
    select p.customer_id, p.kind, p.state, p.amount, p.refunded, p.refund_at_once, p.void_requested_at, p.void_refused_at,
      p.void_tries,
      p.gateway_account_id, p.gateway_reference, p.requested_at, o.clock_offset_ms
    from payments p join organizations o on o.id = p.organization_id
    where p.organization_id = ${organizationId} and p.id = ${paymentId} and p.gateway_account_id is not null
    for update of p`);
  if (!row) return undefined;
  const now = organizationNow(row);
  if (!isVoidAsked(row) || !row.gatewayReference) {
    const message = 'The payment had moved on before the void reached the gateway.';
    await recordVoidRefusal(tx, actor, { organizationId, paymentId, message }, now);
    return undefined;
  }
  const after_s = unknownLookupAfter_s(row.voidTries);
  await tx.run(sql`update payments set void_tries = void_tries + 1,
    void_next_at = ${after_s === undefined ? null : secondsLater(now, after_s)}
    where organization_id = ${organizationId} and id = ${paymentId}`);
  if (after_s === undefined)
    await record(tx, { actor, organizationId, now }, [
      {
        type: 'payment.void_unanswered',
        subjectId: paymentId,
        customerId: row.customerId,
        data: { tries: row.voidTries },
      },
    ]);
  const { gatewayAccountId, gatewayReference: reference, requestedAt } = row;
  return {
    account: await readGatewayAccount(tx, organizationId, gatewayAccountId),
    reference,
    requestedAt,
    at: now,
  };
}
