import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { record } from '#db/events.ts';
import { type ChargebackState, evidenceFault } from '#features/chargebacks/rules.ts';
import { notFound, Refusal } from '#lib/errors.ts';

export type EvidenceFile = { fileName: string; contentType: string; bytes: Buffer };

type Row = {
  customerId: string;
  state: ChargebackState;
  evidenceDueAt: Date | null;
  evidenceAskedAt: Date | null;
  evidenceError: string | null;
};

/**
 * Staff tells the payer's bank why the charge was right: kept, and sent once, for a second try is not taken.
 */
export async function giveEvidence(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; chargebackId: string; text: string; files: readonly EvidenceFile[] },
  now: Date,
): Promise<void> {
  const { organizationId, chargebackId } = input;
  const row = await tx.row<Row>(sql`
    select customer_id, state, evidence_due_at, evidence_asked_at, evidence_error from chargebacks
    where organization_id = ${organizationId} and id = ${chargebackId} for update`);
  if (!row) throw notFound('chargeback', chargebackId);
  const fault = evidenceFault(row, now);
  if (fault) throw new Refusal('state_refused', fault);
  await tx.run(sql`update chargebacks set evidence_text = ${input.text}, evidence_asked_at = ${now},
      evidence_error = null, evidence_by = ${actor.kind === 'user' ? actor.userId : null}
    where organization_id = ${organizationId} and id = ${chargebackId}`);
  await tx.run(sql`delete from chargeback_files
    where organization_id = ${organizationId} and chargeback_id = ${chargebackId}`);
  for (const file of input.files)
    await tx.run(sql`
      insert into chargeback_files (organization_id, chargeback_id, file_name, content_type, bytes, created_at)
      values (${organizationId}, ${chargebackId}, ${file.fileName}, ${file.contentType}, ${file.bytes}, ${now})`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'chargeback.evidence_given',
      subjectId: chargebackId,
      customerId: row.customerId,
      data: { files: input.files.map((file) => file.fileName) },
    },
  ]);
  await enqueue(tx, [
    { job: 'send-evidence', key: `evidence:${chargebackId}`, payload: { organizationId, chargebackId } },
  ]);
}
