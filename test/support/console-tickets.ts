import { sql } from 'kysely';
import type { Parts } from '#compose.ts';
import type { Actor } from '#db/db.ts';
import { addToTicket } from '#features/support/add-to-ticket.ts';
import { answerTicket } from '#features/support/answer-ticket.ts';
import { type NewTicket, openTicket } from '#features/support/open-ticket.ts';
import { must } from '#lib/errors.ts';

type Row = { id: string; displayName: string; email: string; invoiceId: string };

/** Questions of customers at several states, and a request to the host. */
export async function ticketsOf({ db, secrets, outbox }: Parts, organizationId: string) {
  const actor: Actor = { kind: 'job', organizationId, name: 'test' };
  const deps = { organizationId, secrets, outbox };
  const now = new Date();
  return db.transaction(actor, async (tx) => {
    const customers =
      await tx.rows<Row>(sql`select c.id, c.display_name, c.email, min(i.id) as invoice_id from customers c
      join invoices i on i.organization_id = c.organization_id and i.customer_id = c.id and i.issued_at is not null
      where c.organization_id = ${organizationId} and c.email is not null group by c.organization_id, c.id
      order by c.id limit 3`);
    const staff = must(
      await tx.row<{ id: string; email: string }>(
        sql`select user_id as id, email from staff_readers() limit 1`,
      ),
      'somebody of the staff',
    );
    const askerOf = ({ id, displayName, email }: Row) => ({ name: displayName, email, customerId: id });
    const ask = async (at: number, change: Partial<NewTicket>): Promise<string> => {
      const customer = must(customers[at], 'a customer');
      const ticket: NewTicket = {
        ...{ desk: 'organization', category: 'invoice', way: 'portal', context: { page: '/portal' } },
        asker: askerOf(customer),
        subject: 'Two hours too many',
        words: 'The invoice has four hours of hedge trimming.\n\nI counted two. Please look at it.',
        invoiceId: customer.invoiceId,
        ...change,
      };
      return (await openTicket(tx, actor, { ...deps, ticket }, now)).ticketId;
    };
    const ticket = await ask(0, {
      files: [{ fileName: 'hours.txt', bytes: Buffer.from('Monday 2 h') }],
      context: {
        page: '/portal/invoices',
        browser: 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)',
      },
    });
    const author = { name: 'Ana Field', userId: staff.id };
    const said = { author, note: false, solve: false, files: [] };
    const name = { ...deps, desk: 'organization' as const };
    const words = 'Thank you for telling us. We look at the sheet of that day.';
    await answerTicket(tx, actor, { ...name, ...said, ticketId: ticket, words }, now);
    const note = 'The crew’s sheet says two hours. Credit the other two.';
    await answerTicket(tx, actor, { ...name, ...said, ticketId: ticket, words: note, note: true }, now);
    const mail = {
      key: '<1@example.com>',
      quoted: '> We look at the sheet',
      kept: [],
      leftOut: ['sheet.heic'],
    };
    const from = { name: 'Bo', email: 'bo@elsewhere.example' };
    const more = { organizationId, ticketId: ticket, desk: 'organization', way: 'mail' } as const;
    await addToTicket(tx, actor, { ...more, author: from, words: 'It was Monday, by the way.', mail }, now);
    const solvedTicket = await ask(1, {
      subject: 'New bank account',
      category: 'details',
      invoiceId: undefined,
    });
    const done = 'Done: your new account is on the record.';
    await answerTicket(
      tx,
      actor,
      { ...name, ...said, ticketId: solvedTicket, words: done, solve: true },
      now,
    );
    await ask(2, { subject: 'Can I pay in parts?', category: 'payment', words: 'Half now, half in May.' });
    const request = await ask(0, {
      ...{
        desk: 'host',
        way: 'console',
        category: 'problem',
        subject: 'A report does not open',
        invoiceId: undefined,
      },
      words: 'Sales by item shows an error since this morning.',
      asker: { name: 'Ana Field', email: staff.email, userId: staff.id },
      context: {
        page: '/console/reports/sales',
        error: 'Something went wrong. Try again.',
        version: '0.1.0',
      },
    });
    return { ticket, solvedTicket, request };
  });
}
