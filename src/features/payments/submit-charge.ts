import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { type GatewayAccount, type Gateways, readGatewayAccount } from '#features/payments/gateways.ts';
import type {
  ChargeKind,
  ChargeRequest,
  GatewayOutcome,
  LookupRequest,
  PaymentSource,
} from '#features/payments/payment-gateway.ts';
import { recordChargeOutcomes } from '#features/payments/record-charge-outcomes.ts';
import type { PaymentState } from '#features/payments/rules.ts';
import { organizationNow } from '#lib/clock.ts';
import { must } from '#lib/errors.ts';

type Claim = {
  request: ChargeRequest;
  question: LookupRequest;
  account: GatewayAccount;
  state: PaymentState;
  wasSubmitted: boolean;
  /** How long the account has been blocked; undefined while it may be debited. */
  blockedFor_ms: number | undefined;
};
type Known = Exclude<GatewayOutcome, { outcome: 'absent' }>;

/** The account was blocked by a return after this debit was asked for: it does not leave. */
const blocked: GatewayOutcome = {
  outcome: 'declined',
  code: 'blocked_method',
  message: 'The bank returned another debit of this account, so this one was not sent.',
};

// Longer than any deadline of ours or of a proxy: a call that has not arrived by then never will.
const inFlight_ms = 3_600_000;

/**
 * Not sent, and so declined. But a call of another job, made before the account was blocked, may still be on
 * its way: until it cannot be any more, nobody knows.
 */
const notSent = (claim: Claim & { blockedFor_ms: number }): GatewayOutcome =>
  claim.wasSubmitted && claim.blockedFor_ms < inFlight_ms
    ? { outcome: 'unknown', reason: 'the account was blocked while the debit was on its way' }
    : blocked;

const isBarred = (claim: Claim): claim is Claim & { blockedFor_ms: number } =>
  claim.blockedFor_ms !== undefined;

/**
 * The journey of a charge to its gateway and back. Nothing is open while the gateway is asked, and our
 * payment id is the idempotency key. A charge that may have left before is looked up first and sent again
 * only if it never arrived.
 */
export async function submitCharge(
  deps: { db: Database; gateways: Pick<Gateways, 'open'> },
  payload: { organizationId: string; paymentId: string },
): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId: payload.organizationId, name: 'submit-charge' };
  const claim = await deps.db.transaction(actor, (tx) => claimPayment(tx, payload));
  if (!claim || (claim.state !== 'pending' && claim.state !== 'unknown')) return;
  const gateway = deps.gateways.open(claim.account);
  let outcome: GatewayOutcome = claim.wasSubmitted
    ? await gateway.lookup(claim.question)
    : { outcome: 'absent' };
  if (outcome.outcome === 'absent')
    outcome = isBarred(claim) ? notSent(claim) : await gateway.charge(claim.request);
  await recordKnown(deps.db, actor, payload, outcome);
}

/**
 * Ask the gateway what became of a payment, and record the answer. One that never arrived is submitted again.
 */
export async function lookUpPayment(
  deps: { db: Database; gateways: Pick<Gateways, 'open'> },
  payload: { organizationId: string; paymentId: string },
): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId: payload.organizationId, name: 'look-up-payment' };
  const claim = await deps.db.transaction(actor, (tx) => claimPayment(tx, payload));
  if (!claim) return;
  const outcome = await deps.gateways.open(claim.account).lookup(claim.question);
  if (outcome.outcome !== 'absent') return recordKnown(deps.db, actor, payload, outcome);
  if (claim.state === 'pending' || claim.state === 'unknown') return submitCharge(deps, payload);
  return recordKnown(deps.db, actor, payload, {
    outcome: 'unknown',
    reason: 'the gateway no longer knows this payment',
  });
}

async function recordKnown(
  db: Database,
  actor: Actor,
  payload: { organizationId: string; paymentId: string },
  outcome: GatewayOutcome,
) {
  const known: Known =
    outcome.outcome === 'absent' ? { outcome: 'unknown', reason: 'no trace of it yet' } : outcome;
  await db.transaction(actor, async (tx) => {
    const organization = await tx.row<{ clockOffsetMs: bigint }>(
      sql`select clock_offset_ms from organizations where id = ${payload.organizationId}`,
    );
    const now = organizationNow(must(organization, 'the organization'));
    return recordChargeOutcomes(
      tx,
      actor,
      {
        organizationId: payload.organizationId,
        outcomes: [{ paymentId: payload.paymentId, outcome: known }],
      },
      now,
    );
  });
}

async function claimPayment(
  tx: Tx,
  payload: { organizationId: string; paymentId: string },
): Promise<Claim | undefined> {
  type Row = {
    customerId: string;
    kind: ChargeKind;
    state: PaymentState;
    amount: bigint;
    currency: string;
    gatewayAccountId: string;
    requestedAt: Date;
    submittedAt: Date | null;
    gatewayReference: string | null;
    gatewaySource: PaymentSource | null;
    clockOffsetMs: bigint;
    name: string;
    isBlocked: boolean | null;
    blockedAt: Date | null;
  };
  const row = await tx.row<Row>(sql`
    select p.customer_id, p.kind, p.state, p.amount, p.currency, p.gateway_account_id, p.submitted_at, p.requested_at,
      p.gateway_reference, p.gateway_source,
      o.clock_offset_ms, o.name,
      m.state = 'blocked' as is_blocked, m.blocked_at
    from payments p join organizations o on o.id = p.organization_id
    left join payment_methods m on m.organization_id = p.organization_id and m.id = p.payment_method_id
    where p.organization_id = ${payload.organizationId} and p.id = ${payload.paymentId} and p.gateway_account_id is not null
    for update of p`);
  if (!row) return undefined;
  const now = organizationNow(row);
  if (!row.submittedAt) {
    await tx.run(sql`update payments set submitted_at = ${now}
      where organization_id = ${payload.organizationId} and id = ${payload.paymentId}`);
  }
  return {
    account: await readGatewayAccount(tx, payload.organizationId, row.gatewayAccountId),
    state: row.state,
    wasSubmitted: row.submittedAt !== null,
    blockedFor_ms: row.isBlocked ? now.getTime() - (row.blockedAt?.getTime() ?? 0) : undefined,
    question: {
      paymentId: payload.paymentId,
      reference: row.gatewayReference ?? undefined,
      source: row.gatewaySource ?? undefined,
      requestedAt: row.requestedAt,
      at: now,
    },
    request: {
      paymentId: payload.paymentId,
      kind: row.kind,
      amount: row.amount,
      currency: row.currency,
      customerId: row.customerId,
      // A known payment has forgotten its source; it is only looked up, never charged.
      source: row.gatewaySource ?? { kind: 'stored', token: '' },
      description: row.name.slice(0, 60),
      at: now,
    },
  };
}
