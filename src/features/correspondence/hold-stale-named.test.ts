import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { readWaiting } from '#features/correspondence/hold-stale.ts';
import { renderLetter } from '#features/letters/render-letter.ts';
import { austin } from '../../../test/support/channels.ts';
import { given, secrets } from '../../../test/support/given.ts';
import { owing, remindDay, reminded, setCustomer, setSteps } from '../../../test/support/reminders.ts';

/** A customer whose reminder of two invoices is a letter that waits for its pages. */
async function twoInOneLetter() {
  const { books, customerId, invoiceId } = await reminded(
    { dueDate: '2026-04-10' },
    { billingAddress: austin },
  );
  const other = await owing(books, customerId, { dueDate: '2026-04-10' });
  await setCustomer(
    books,
    customerId,
    sql`message_cells = array['payment_past_due.paper'], address_state = 'confirmed'`,
  );
  await setSteps(books, [{ type: 'payment_past_due', dayOffset: 7 }], { oneMessage: true });
  await remindDay(books, '2026-04-17');
  const read = async () => {
    const rows = await books.tx((tx) =>
      tx.rows<{ id: string; invoiceId: string | null; suppressedBy: string | null }>(sql`
        select id, invoice_id, suppressed_by from messages where organization_id = ${books.organizationId}
          and kind = 'payment_past_due'`),
    );
    assert.equal(rows.length, 1);
    return rows[0] ?? assert.fail('no letter');
  };
  const pay = (id: string) =>
    given.payment(books, {
      ...{ customerId, amount: 12_050n, applications: [{ invoiceId: id, amount: 12_050n }] },
    });
  const leave = async () => {
    const deps = { db: books.db, secrets, baseUrl: 'http://owed.test' };
    const one = { organizationId: books.organizationId, messageId: (await read()).id };
    await renderLetter(deps, one, new Date('2026-04-18T15:00:00Z'));
    return (await read()).suppressedBy;
  };
  assert.equal((await read()).invoiceId, null);
  return { books, customerId, invoices: [invoiceId, other] as const, pay, leave };
}

test('a letter about several invoices is held back when these are paid, whatever else is open', async () => {
  const { books, customerId, invoices, pay, leave } = await twoInOneLetter();
  await owing(books, customerId, { dueDate: '2026-04-30' });
  for (const id of invoices) await pay(id);
  assert.equal(await leave(), 'not_payable');
});

test('a letter about several invoices goes while one of them is to be paid', async () => {
  const { invoices, pay, leave } = await twoInOneLetter();
  await pay(invoices[0]);
  assert.equal(await leave(), null);
});

type Plan = { 'Relation Name'?: string; 'Index Cond'?: string; Plans?: Plan[] };
const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** By what each of these tables is entered, besides the organization. */
const entered: Record<string, RegExp> = {
  invoices: /\((customer_id|id)\)?(::text)? = /,
  reminders: /\(invoice_id\)?(::text)? = /,
};

test('what a message asks for is looked up by index, never all that is open of the organization', async () => {
  const books = await given.organization();
  const { invoiceId } = await given.debtor(books, 100n);
  const undone = new Error('undone');
  const work = books.tx(async (tx) => {
    // As many as an organization has, of as many customers; they are gone with the transaction.
    await tx.client.query('set local role none; set local session_replication_role = replica');
    await tx.client.query(`do $$ declare names text; begin
      select string_agg(quote_ident(column_name), ', ') into names from information_schema.columns
        where table_schema = 'public' and table_name = 'invoices' and is_generated = 'NEVER'
          and column_name not in ('id', 'customer_id', 'number');
      execute format('insert into invoices (id, customer_id, number, %s) select ''inv_'' || lpad(n::text, 22, ''0''),
        ''cus_'' || lpad(n::text, 22, ''0''), ''plan '' || n, %s from invoices, generate_series(1, 5000) n
        where id = %L', names, names, '${invoiceId}');
    end $$`);
    await tx.client.query('analyze invoices; set local role owed_app');
    const [row] = await tx.rows<{ 'QUERY PLAN': { Plan: Plan }[] }>(
      sql`explain (format json) ${readWaiting(books.organizationId, ['msg_1'], books.now)}`,
    );
    const nodes = nodesOf(row?.['QUERY PLAN'][0]?.Plan ?? assert.fail('no plan'));
    for (const [table, by] of Object.entries(entered)) {
      const scans = nodes.filter((node) => node['Relation Name'] === table);
      assert.ok(scans.length > 0, table);
      for (const scan of scans) assert.match(scan['Index Cond'] ?? 'none', by, JSON.stringify(scan));
    }
    throw undone;
  });
  await assert.rejects(work, (error) => error === undone || assert.fail(String(error)));
});
