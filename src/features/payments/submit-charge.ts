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
  isBlocked: boolean;
};
type Known = Exclude<GatewayOutcome, { outcome: 'absent' }>;

/** The account was blocked by a return after this debit was asked for: it does not leave. */
const blocked: GatewayOutcome = {
  outcome: 'declined',
  code: 'blocked_method',
  message: 'The bank returned another debit of this account, so this one was not sent.',
};

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
  if (outcome.outcome === 'absent') outcome = claim.isBlocked ? blocked : await gateway.charge(claim.request);
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
    isBlocked: boolean;
  };
  const row = await tx.row<Row>(sql`
    select p.customer_id, p.kind, p.state, p.amount, p.currency, p.gateway_account_id, p.submitted_at, p.requested_at,
      p.gateway_reference, p.gateway_source,
      o.clock_offset_ms, o.name,
      exists (select from payment_methods m where m.organization_id = p.organization_id and m.id = p.payment_method_id
        and m.state = 'blocked') as is_blocked
    from payments p join organizations o on o.id = p.organization_id
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
    isBlocked: row.isBlocked,
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
