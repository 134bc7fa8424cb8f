import { sql } from 'kysely';
import type { Actor, Database } from '#db/db.ts';
import type { PlannedCustomer, PlannedInvoice } from '#demo/plan-history.ts';
import { type PlannedPayment, playPayments } from '#demo/play-payments.ts';
import { createInvoices, type NewInvoice } from '#features/invoices/create-invoices.ts';
import { totalsOf } from '#features/invoices/rules.ts';
import { addDays } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import type { Random } from '#lib/random.ts';

export type Story = {
  organizationId: string;
  customers: readonly PlannedCustomer[];
  customerIds: readonly string[];
  invoices: readonly PlannedInvoice[];
  today: string;
  random: Random;
  onProgress: ((done: number, total: number) => void) | undefined;
};

/** Live the two years day by day: each day's invoices are issued, then that day's payments arrive. */
export async function playHistory(db: Database, story: Story): Promise<void> {
  const { organizationId, invoices, today } = story;
  const actor: Actor = { kind: 'job', organizationId, name: 'demo' };
  const account = await db.transaction(actor, (tx) =>
    tx.row<{ id: string }>(sql`
    select id from gateway_accounts where organization_id = ${organizationId} limit 1`),
  );
  const due = new Map<string, PlannedPayment[]>();
  let next = 0;
  let number = 1001;
  for (let date = addDays(today, -730); date <= today; date = addDays(date, 1)) {
    const from = next;
    while (next < invoices.length && must(invoices[next], 'invoice').invoiceDate <= date) next += 1;
    const issued = invoices
      .slice(from, next)
      .map((planned) => ({ planned, invoice: written(story, planned, `FG-${number++}`) }));
    const morning = new Date(`${date}T16:30:00Z`);
    if (issued.length > 0) {
      const made = await db.transaction(actor, (tx) =>
        createInvoices(
          tx,
          actor,
          { organizationId, invoices: issued.map((one) => one.invoice), issue: true, quiet: true },
          morning,
        ),
      );
      issued.forEach(({ planned, invoice }, at) => {
        if (!planned.paidOn) return;
        const habit = must(story.customers[planned.customerAt], 'customer').habit;
        const amount = (invoice.total * BigInt(planned.share)) / 100n;
        const payment = {
          invoiceId: must(made.invoiceIds[at], 'invoice'),
          customerId: invoice.customerId,
          amount,
          kind: habit.kind,
        };
        due.set(planned.paidOn, [...(due.get(planned.paidOn) ?? []), payment]);
      });
    }
    await playPayments(
      db,
      { organizationId, gatewayAccountId: must(account, 'gateway').id, date, today, random: story.random },
      due.get(date) ?? [],
    );
    story.onProgress?.(next, invoices.length);
  }
  await db.transaction(actor, (tx) =>
    tx.run(sql`update organizations set next_invoice_number = ${number} where id = ${organizationId}`),
  );
}

function written(story: Story, planned: PlannedInvoice, number: string): NewInvoice {
  const totals = totalsOf(planned.lines, 2);
  return {
    ...totals,
    number,
    customerId: must(story.customerIds[planned.customerAt], 'customer'),
    currency: 'USD',
    invoiceDate: planned.invoiceDate,
    dueDate: planned.dueDate,
    memo: null,
    terms: `Net ${must(story.customers[planned.customerAt], 'customer').termsDays}`,
  };
}
