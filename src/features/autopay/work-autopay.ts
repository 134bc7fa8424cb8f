import { sql } from 'kysely';
import type { Actor, Database } from '#db/db.ts';
import { chargeDue } from '#features/autopay/charge-due.ts';
import { findPayers } from '#features/autopay/find-due.ts';
import type { LocalDay } from '#features/days/work-day.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { organizationNow } from '#lib/clock.ts';
import { dateIn } from '#lib/dates.ts';

export type AutopayDeps = MailMakings & { db: Database };

const payersPerBatch = 100;

/**
 * The part of a day that charges what autopay pays, a batch of payers a transaction. Worked twice, at once or
 * after days without work, it charges each invoice once.
 */
export async function workAutopay(deps: AutopayDeps, day: LocalDay): Promise<void> {
  const { db, secrets, outbox } = deps;
  const { organizationId, today, now } = day;
  const actor: Actor = { kind: 'job', organizationId, name: 'autopay' };
  let after: string | undefined = '';
  while (after !== undefined) {
    const page = { after, limit: payersPerBatch };
    const payerIds: string[] = await db.transaction(actor, (tx) => findPayers(tx, organizationId, page));
    const input = { secrets, outbox, organizationId, payerIds, today };
    let hasMore = payerIds.length > 0;
    while (hasMore) hasMore = await db.transaction(actor, (tx) => chargeDue(tx, actor, input, now));
    after = payerIds.length === payersPerBatch ? payerIds.at(-1) : undefined;
  }
}

/** An invoice was issued or revised: charged at once where that is its day, before the day's work. */
export async function chargeInvoiceNow(
  deps: AutopayDeps,
  { organizationId, subjectId }: { organizationId: string; subjectId: string },
): Promise<void> {
  const { db, secrets, outbox } = deps;
  const actor: Actor = { kind: 'job', organizationId, name: 'autopay' };
  await db.transaction(actor, async (tx) => {
    const row = await tx.row<{ payerId: string; clockOffsetMs: bigint; timeZone: string }>(sql`
      select a.customer_id as payer_id, o.clock_offset_ms, o.time_zone from invoices i
      join organizations o on o.id = i.organization_id
      join autopays a on a.organization_id = i.organization_id and a.ended_at is null
        and a.customer_id = billed_to(i.organization_id::text, i.customer_id::text)
      where i.organization_id = ${organizationId} and i.id = ${subjectId}`);
    if (!row) return;
    const now = organizationNow(row);
    const today = dateIn(row.timeZone, now);
    await chargeDue(tx, actor, { secrets, outbox, organizationId, payerIds: [row.payerId], today }, now);
  });
}
