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
  messages: /\bid\)?(::text)? = /,
  invoices: /\((customer_id|id)\)?(::text)? = /,
  reminders: /\(invoice_id\)?(::text)? = /,
  disputes: /\(invoice_id\)?(::text)? = /,
  promises_to_pay: /\(invoice_id\)?(::text)? = /,
};

for (const mode of ['force_generic_plan', 'force_custom_plan'])
  test(`what a message asks for is looked up by index, never all that is open: ${mode}`, async () => {
    const books = await given.organization();
    const [row] = await books.tx(async (tx) => {
      // However few rows there are, as with many.
      await tx.run(sql`set local enable_seqscan = off`);
      await tx.run(sql`select set_config('plan_cache_mode', ${mode}, true)`);
      return tx.rows<{ 'QUERY PLAN': { Plan: Plan }[] }>(
        sql`explain (format json) ${readWaiting(books.organizationId, ['msg_1'], books.now)}`,
      );
    });
    const nodes = nodesOf(row?.['QUERY PLAN'][0]?.Plan ?? assert.fail('no plan'));
    for (const [table, by] of Object.entries(entered)) {
      const scans = nodes.filter((node) => node['Relation Name'] === table);
      assert.ok(scans.length > 0, table);
      for (const scan of scans) assert.match(scan['Index Cond'] ?? 'none', by, table);
    }
    const ways = nodes.filter((node) => node['Relation Name'] === 'invoices');
    assert.equal(ways.length, 2, 'one invoice by its id, or those of customers');
  });
