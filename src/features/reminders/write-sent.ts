import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Told } from '#features/messenger/tell-customers.ts';
import type { DayPlan } from '#features/reminders/plan-day.ts';
import type { Going, Letter } from '#features/reminders/send-reminders.ts';
import { dateOf } from '#features/reminders/step-rules.ts';
import { newId } from '#lib/ids.ts';

type Outcome = { letter: Letter; told: Told; documentId: string | undefined };

/** Why a letter did not go after all: a rule of the messenger or of a channel, by its name. */
function stoppedBy({ messages, none }: Told): string | null {
  if (none) return none === 'no_channel' ? 'channel_on' : 'address_good';
  return messages.every(({ state }) => state === 'suppressed') ? 'channel_rule' : null;
}

/**
 * Keep what has been said, on the reminder and on the invoice. What a channel's own rule stopped counts as
 * said: the message is there, held back, and is not made a second time.
 */
export async function writeSent(
  tx: Tx,
  { organizationId, today }: DayPlan,
  outcomes: readonly Outcome[],
  now: Date,
): Promise<void> {
  const each = outcomes.flatMap((outcome) => {
    const stopped = stoppedBy(outcome.told);
    return outcome.letter.due.map((going) => ({ ...outcome, going, stopped }));
  });
  const rows = each.map(({ going, told, documentId, stopped }) => ({
    ...keyOf(going),
    id: newId('reminder'),
    customer_id: going.invoice.customerId,
    occurrence: going.decision.occurrence.number,
    message_type: going.decision.says,
    held_by: stopped,
    document_id: documentId,
    message_ids: told.messages.map(({ messageId }) => messageId),
  }));
  await tx.run(sql`
    insert into reminders (organization_id, id, customer_id, invoice_id, step_id, due_on, occurrence,
      message_type, state, held_by, held_on, sent_on, sent_at, message_ids, document_id)
    select ${organizationId}, s.id, s.customer_id, s.invoice_id, s.step_id, s.due_on, s.occurrence,
      s.message_type, case when s.held_by is null then 'sent' else 'held' end, s.held_by,
      case when s.held_by is not null then ${today}::date end, case when s.held_by is null then ${today}::date end,
      case when s.held_by is null then ${now}::timestamptz end, s.message_ids, s.document_id
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as s(id text, customer_id text, invoice_id text,
      step_id text, due_on date, occurrence int, message_type text, held_by text, document_id text,
      message_ids text[])
    on conflict (organization_id, invoice_id, step_id, due_on) do update
      set state = excluded.state, message_type = excluded.message_type, sent_on = excluded.sent_on,
        held_by = coalesce(excluded.held_by, reminders.held_by),
        held_on = coalesce(excluded.held_on, reminders.held_on), sent_at = excluded.sent_at,
        message_ids = excluded.message_ids, document_id = excluded.document_id
      where reminders.state = 'held'`);
  const said = each.filter(({ told }) => told.messages.length > 0).map(({ going }) => going);
  const byTrack = Map.groupBy(said, ({ track }) => track);
  for (const [track, column] of saidOn) {
    const ids = (byTrack.get(track) ?? []).map(({ invoice }) => invoice.id);
    if (ids.length > 0)
      await tx.run(sql`update invoices set ${sql.ref(column)} = ${today}
        where organization_id = ${organizationId} and id = any(${ids})`);
  }
}

const saidOn = [
  ['due', 'last_reminded_on'],
  ['fee', 'last_fee_warned_on'],
] as const;

const keyOf = ({ invoice, decision, countsFrom }: Going) => ({
  invoice_id: invoice.id,
  step_id: decision.occurrence.step.id,
  due_on: dateOf(decision.occurrence, countsFrom),
});
