import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { holdStaleToPrint } from '#features/correspondence/hold-stale.ts';

/**
 * Say that letters which the organization printed itself are in the mail. Said twice, it counts once. Those
 * that are not true any more are held back, and named, to be taken out of the pile.
 */
export async function markLettersMailed(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; ids: readonly string[] },
  now: Date,
): Promise<{ count: number; held: { id: string; name: string }[] }> {
  const { organizationId } = input;
  const held = await holdStaleToPrint(tx, organizationId, input.ids, now);
  const mailed = await tx.rows<{
    id: string;
    kind: string;
    subject: string;
    name: string;
    customerId: string | null;
    invoiceId: string | null;
  }>(sql`
    update messages set state = 'sent', sent_at = ${now}
    where organization_id = ${organizationId} and id = any(${input.ids}) and route = 'print' and state = 'queued'
      and not awaits_document
    returning id, kind, subject, to_address->>'name' as name, customer_id, invoice_id`);
  await record(
    tx,
    { actor, organizationId, now },
    mailed.map((letter) => ({
      type: 'message.sent',
      subjectId: letter.id,
      customerId: letter.customerId ?? undefined,
      data: {
        kind: letter.kind,
        channel: 'paper',
        to: [letter.name],
        subject: letter.subject,
        route: 'print',
        ...(letter.invoiceId ? { invoice_id: letter.invoiceId } : {}),
      },
    })),
  );
  return { count: mailed.length, held };
}
