import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { type GatewayAccount, type Gateways, readGatewayAccount } from '#features/payments/gateways.ts';
import type { PaymentGateway, RefundOutcome, RefundRequest } from '#features/payments/payment-gateway.ts';
import { readNow } from '#features/refunds/read-now.ts';
import { recordRefundOutcomes } from '#features/refunds/record-refund-outcomes.ts';
import type { RefundState } from '#features/refunds/rules.ts';
import { organizationNow } from '#lib/clock.ts';

type Deps = { db: Database; gateways: Pick<Gateways, 'open'> };
type Payload = { organizationId: string; refundId: string };
type Claim = {
  request: RefundRequest;
  account: GatewayAccount;
  state: RefundState;
  wasSubmitted: boolean;
  paymentStands: boolean;
};

const isOpen = (state: RefundState): boolean => state === 'pending' || state === 'unknown';
const failed = (code: string, message: string): RefundOutcome => ({ outcome: 'failed', code, message });

/**
 * The journey of a refund to the gateway and back, with our refund id as its key and nothing open. One that
 * may have left before is looked up first, and sent only if it never arrived.
 */
export async function submitRefund(deps: Deps, payload: Payload): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId: payload.organizationId, name: 'submit-refund' };
  const claim = await deps.db.transaction(actor, (tx) => claimRefund(tx, payload));
  if (!claim || !isOpen(claim.state)) return;
  const { refunds } = deps.gateways.open(claim.account);
  const outcome = refunds
    ? await send(refunds, claim)
    : failed(
        'unsupported',
        'This gateway takes no refunds from Owed. Refund the payment with the gateway itself.',
      );
  await recordAnswer(deps.db, actor, payload, outcome);
}

/** Ask the gateway what became of a refund. One that never arrived is sent again. */
export async function lookUpRefund(deps: Deps, payload: Payload): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId: payload.organizationId, name: 'look-up-refund' };
  const claim = await deps.db.transaction(actor, (tx) => claimRefund(tx, payload));
  if (!claim || claim.state === 'failed') return;
  if (isOpen(claim.state)) return submitRefund(deps, payload);
  const { refunds } = deps.gateways.open(claim.account);
  if (refunds) await recordAnswer(deps.db, actor, payload, await refunds.lookup(claim.request));
}

async function send(refunds: NonNullable<PaymentGateway['refunds']>, claim: Claim): Promise<RefundOutcome> {
  const found = claim.wasSubmitted ? await refunds.lookup(claim.request) : { outcome: 'absent' as const };
  if (found.outcome !== 'absent') return found;
  if (claim.paymentStands) return refunds.refund(claim.request);
  // The bank took the payment back, so nothing is sent any more. What may have left already stays unknown:
  // another
  // job's call could still be on its way.
  return claim.wasSubmitted
    ? { outcome: 'unknown', reason: 'the payment came back while its refund was on its way' }
    : failed('payment_ended', 'The payment itself came back before the refund left.');
}

async function recordAnswer(
  db: Database,
  actor: Actor,
  payload: Payload,
  outcome: RefundOutcome,
): Promise<void> {
  const { organizationId, refundId } = payload;
  const known =
    outcome.outcome === 'absent'
      ? { outcome: 'unknown' as const, reason: 'the gateway does not know this refund' }
      : outcome;
  await db.transaction(actor, async (tx) => {
    const now = await readNow(tx, organizationId);
    await recordRefundOutcomes(tx, actor, { organizationId, outcomes: [{ refundId, outcome: known }] }, now);
  });
}

async function claimRefund(tx: Tx, payload: Payload): Promise<Claim | undefined> {
  const { organizationId, refundId } = payload;
  type Row = {
    paymentId: string;
    state: RefundState;
    amount: bigint;
    currency: string;
    gatewayAccountId: string;
    paymentReference: string | null;
    methodLast4: string | null;
    expiryYear: number | null;
    expiryMonth: number | null;
    requestedAt: Date;
    submittedAt: Date | null;
    paymentStands: boolean;
    clockOffsetMs: bigint;
  };
  const row = await tx.row<Row>(sql`
    select r.payment_id, r.state, r.amount, r.currency, r.gateway_account_id, r.requested_at, r.submitted_at,
      p.gateway_reference as payment_reference, p.method_last4, p.ended_at is null as payment_stands,
      m.expiry_year, m.expiry_month, o.clock_offset_ms
    from refunds r join organizations o on o.id = r.organization_id
    join payments p on p.organization_id = r.organization_id and p.id = r.payment_id
    left join payment_methods m on m.organization_id = p.organization_id and m.id = p.payment_method_id
    where r.organization_id = ${organizationId} and r.id = ${refundId} and r.gateway_account_id is not null
    for update of r`);
  if (!row) return undefined;
  const now = organizationNow(row);
  // What will not leave is not marked as left.
  if (!row.submittedAt && isOpen(row.state) && row.paymentStands)
    await tx.run(sql`update refunds set submitted_at = ${now}
      where organization_id = ${organizationId} and id = ${refundId}`);
  const expiry =
    row.expiryYear && row.expiryMonth ? { year: row.expiryYear, month: row.expiryMonth } : undefined;
  return {
    account: await readGatewayAccount(tx, organizationId, row.gatewayAccountId),
    state: row.state,
    wasSubmitted: row.submittedAt !== null,
    paymentStands: row.paymentStands,
    request: {
      refundId,
      paymentId: row.paymentId,
      reference: row.paymentReference ?? '',
      amount: row.amount,
      currency: row.currency,
      method: { last4: row.methodLast4 ?? '', expiry },
      requestedAt: row.requestedAt,
      at: now,
    },
  };
}
