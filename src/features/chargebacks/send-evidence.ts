import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { pullChargebacks } from '#features/chargebacks/pull-chargebacks.ts';
import { type GatewayAccount, type Gateways, readGatewayAccount } from '#features/payments/gateways.ts';
import type { Evidence } from '#features/payments/payment-gateway.ts';
import { organizationNow } from '#lib/clock.ts';
import { Refusal } from '#lib/errors.ts';

type One = { organizationId: string; chargebackId: string };
type Claim = {
  account: GatewayAccount;
  gatewayAccountId: string;
  reference: string;
  evidence: Evidence;
  at: Date;
};

/**
 * The journey of evidence to the gateway. What the gateway plainly refuses is shown to staff, who may try
 * again; an answer that was lost is tried again by the queue, which vendors take as the same.
 */
export async function sendEvidence(
  deps: { db: Database; gateways: Pick<Gateways, 'open'> },
  one: One,
): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId: one.organizationId, name: 'send-evidence' };
  const claim = await deps.db.transaction(actor, (tx) => readClaim(tx, one));
  if (!claim) return;
  const { reference, evidence, at } = claim;
  try {
    const send = deps.gateways.open(claim.account).chargebacks?.sendEvidence;
    if (!send)
      throw new Refusal(
        'state_refused',
        'This gateway takes evidence on its own pages only. Send it there; the outcome is seen here.',
      );
    await send({ reference, evidence, at });
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'unavailable') throw error;
    await deps.db.transaction(actor, (tx) =>
      tx.run(sql`update chargebacks set evidence_error = ${error.message}
        where organization_id = ${one.organizationId} and id = ${one.chargebackId}`),
    );
    return;
  }
  // The gateway's own word makes it sent.
  await pullChargebacks(deps, { ...one, gatewayAccountId: claim.gatewayAccountId });
}

async function readClaim(tx: Tx, { organizationId, chargebackId }: One): Promise<Claim | undefined> {
  type Row = {
    gatewayAccountId: string;
    gatewayReference: string;
    evidenceText: string | null;
    clockOffsetMs: bigint;
  };
  const row = await tx.row<Row>(sql`
    select c.gateway_account_id, c.gateway_reference, c.evidence_text, o.clock_offset_ms from chargebacks c
    join organizations o on o.id = c.organization_id
    where c.organization_id = ${organizationId} and c.id = ${chargebackId} and c.state = 'opened'
      and c.evidence_asked_at is not null`);
  if (!row) return undefined;
  const files = await tx.rows<{ name: string; contentType: string; bytes: Buffer }>(sql`
    select file_name as name, content_type, bytes from chargeback_files
    where organization_id = ${organizationId} and chargeback_id = ${chargebackId} order by file_name`);
  return {
    account: await readGatewayAccount(tx, organizationId, row.gatewayAccountId),
    gatewayAccountId: row.gatewayAccountId,
    reference: row.gatewayReference,
    evidence: { text: row.evidenceText ?? '', files },
    at: organizationNow(row),
  };
}
