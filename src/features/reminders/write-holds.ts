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
  const held = decided.flatMap(({ invoice, countsFrom, decision }) =>
    decision.verdict === 'held'
      ? [{ ...decision, invoice, dueOn: dateOf(decision.occurrence, countsFrom) }]
      : [],
  );
  if (held.length === 0) return;
  const of = <T>(pick: (each: (typeof held)[number]) => T): T[] => held.map(pick);
  await tx.run(sql`
    insert into reminders (organization_id, id, customer_id, invoice_id, step_id, due_on, occurrence,
      message_type, state, held_by, held_on)
    select ${organizationId}, h.id, h.customer_id, h.invoice_id, h.step_id, h.due_on::date, h.occurrence,
      h.message_type, 'held', h.held_by, ${today}
    from unnest(${of(() => newId('reminder'))}::text[], ${of(({ invoice }) => invoice.customerId)}::text[],
      ${of(({ invoice }) => invoice.id)}::text[], ${of(({ occurrence }) => occurrence.step.id)}::text[],
      ${of(({ dueOn }) => dueOn)}::text[], ${of(({ occurrence }) => occurrence.number)}::int[],
      ${of(({ says }) => says)}::text[], ${of(({ heldBy }) => heldBy)}::text[])
      as h(id, customer_id, invoice_id, step_id, due_on, occurrence, message_type, held_by)
    where not coalesce((select r.state = 'sent' or r.held_by = h.held_by from reminders r
      where r.organization_id = ${organizationId} and r.invoice_id = h.invoice_id and r.step_id = h.step_id
        and r.due_on = h.due_on::date), false)
    order by h.invoice_id
    on conflict (organization_id, invoice_id, step_id, due_on) do update
      set held_by = excluded.held_by, held_on = excluded.held_on where reminders.state = 'held'`);
}
