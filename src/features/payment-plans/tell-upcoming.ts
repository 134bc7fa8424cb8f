import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { queueMessages } from '#features/correspondence/queue-messages.ts';
import { methodWords } from '#features/payment-plans/agreement-rules.ts';
import { upcomingMail } from '#features/payment-plans/plan-mails.ts';
import { addDays, type CalendarDate } from '#lib/dates.ts';

/** How long before an installment its payer is told; every date was agreed to before. */
const ahead_days = 3;
const batchSize = 200;

type Upcoming = {
  id: string;
  planId: string;
  customerId: string;
  email: string | null;
  ccEmails: string[];
  mayBeTold: boolean;
  amount: bigint;
  currency: string;
  tryOn: string;
  brand: string;
  last4: string;
};
type Day = { organizationId: string; today: CalendarDate; now: Date };

/** Tell payers of the installments that are charged within three days, each once. */
export async function tellUpcoming(deps: { db: Database; outbox: Outbox }, day: Day): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId: day.organizationId, name: 'plan_installments' };
  for (;;) {
    const told = await deps.db.transaction(actor, (tx) =>
      tellSome(tx, actor, { ...day, outbox: deps.outbox }),
    );
    if (told < batchSize) return;
  }
}

async function tellSome(tx: Tx, actor: Actor, day: Day & { outbox: Outbox }): Promise<number> {
  const { organizationId, today, now, outbox } = day;
  const rows = await tx.rows<Upcoming>(sql`
    select i.id, i.payment_plan_id as plan_id, i.customer_id, r.email, r.cc_emails, i.amount, p.currency, i.try_on,
      m.brand, m.last4, coalesce(c.do_not_contact, r.do_not_contact) is null as may_be_told
    from payment_plan_installments i
    join payment_plans p on p.organization_id = i.organization_id and p.id = i.payment_plan_id and p.state = 'active'
    join payment_methods m on m.organization_id = p.organization_id and m.id = p.payment_method_id
    join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
    join customers r on r.organization_id = i.organization_id
      and r.id = billed_to(i.organization_id::text, i.customer_id::text)
    where i.organization_id = ${organizationId} and i.try_on > ${today}::date and i.try_on <= ${addDays(today, ahead_days)}::date
      and i.told_on is null order by i.try_on, i.id limit ${batchSize} for update of i skip locked`);
  if (rows.length === 0) return 0;
  await tx.run(sql`update payment_plan_installments set told_on = ${today}
    where organization_id = ${organizationId} and id = any(${rows.map(({ id }) => id)}::text[])`);
  const from = await readCorrespondent(tx, organizationId);
  const messages = rows.flatMap((row) =>
    row.email && row.mayBeTold
      ? [
          {
            customerId: row.customerId,
            to: [row.email],
            cc: row.ccEmails,
            kind: 'plan_upcoming',
            dedupeKey: `plan_upcoming ${row.id} ${row.tryOn}`,
            ...upcomingMail({ from, outbox }, { ...row, method: methodWords(row) }),
          },
        ]
      : [],
  );
  await queueMessages(tx, actor, { organizationId, outbox, messages }, now);
  return rows.length;
}
