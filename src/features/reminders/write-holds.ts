import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { DayPlan, Decided } from '#features/reminders/plan-day.ts';
import { dateOf } from '#features/reminders/step-rules.ts';
import { newId } from '#lib/ids.ts';

/** Keep what is held and by which rule; nothing is written where that is known. */
export async function writeHolds(
  tx: Tx,
  { organizationId, today }: Pick<DayPlan, 'organizationId' | 'today'>,
  decided: readonly Decided[],
): Promise<void> {
  const rows = decided.flatMap(({ invoice, countsFrom, decision }) =>
    decision.verdict === 'held'
      ? [
          {
            id: newId('reminder'),
            customer_id: invoice.customerId,
            invoice_id: invoice.id,
            step_id: decision.occurrence.step.id,
            due_on: dateOf(decision.occurrence, countsFrom),
            occurrence: decision.occurrence.number,
            message_type: decision.says,
            held_by: decision.heldBy,
          },
        ]
      : [],
  );
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into reminders (organization_id, id, customer_id, invoice_id, step_id, due_on, occurrence,
      message_type, state, held_by, held_on)
    select ${organizationId}, h.id, h.customer_id, h.invoice_id, h.step_id, h.due_on, h.occurrence,
      h.message_type, 'held', h.held_by, ${today}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as h(id text, customer_id text, invoice_id text,
      step_id text, due_on date, occurrence int, message_type text, held_by text)
    where not exists (select from reminders r where r.organization_id = ${organizationId}
      and r.invoice_id = h.invoice_id and r.step_id = h.step_id and r.due_on = h.due_on
      and (r.state = 'sent' or r.held_by = h.held_by))
    order by h.invoice_id
    on conflict (organization_id, invoice_id, step_id, due_on) do update
      set held_by = excluded.held_by, held_on = excluded.held_on where reminders.state = 'held'`);
}
