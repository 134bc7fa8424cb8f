import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { refuseStrangers } from '#features/collections/change-task.ts';
import { todayOf } from '#features/collections/make-promise.ts';
import { refreshWorklist } from '#features/collections/refresh-worklist.ts';
import type { NoteOutcome } from '#features/collections/rules.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

/** Write down what was said, or that nobody could be reached. */
export async function addNote(
  tx: Tx,
  actor: Actor,
  input: {
    organizationId: string;
    customerId: string;
    invoiceId?: string | undefined;
    outcome: NoteOutcome;
    text: string;
  },
  now: Date,
): Promise<{ noteId: string }> {
  const { organizationId, customerId, invoiceId, outcome, text } = input;
  await refuseStrangers(tx, organizationId, input);
  if (outcome === 'note' && text === '') {
    throw new Refusal('invalid_request', {
      message: 'Write something down, or say how the call went.',
      param: 'text',
    });
  }
  const id = newId('note');
  await tx.run(sql`insert into customer_notes (organization_id, id, customer_id, invoice_id, outcome, text, user_id,
      created_at)
    values (${organizationId}, ${id}, ${customerId}, ${invoiceId ?? null}, ${outcome}, ${text},
      ${actor.kind === 'user' ? actor.userId : null}, ${now})`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'customer.noted', subjectId: customerId, customerId, data: { note_id: id, outcome, text } },
  ]);
  const today = await todayOf(tx, organizationId, now);
  await refreshWorklist(tx, { organizationId, customerIds: [customerId], today }, now);
  return { noteId: id };
}
