import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { draftInvoice } from '#features/invoices/draft-invoice.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { addItems } from '#features/items/write-items.ts';
import { addTaxRate } from '#features/taxes/tax-rates.ts';
import { exported, textOf } from '../../../test/support/exports.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { given as importing, type Own } from '../../../test/support/imports.ts';

const line = (amount: bigint, more: object = {}) => ({
  itemName: 'Work',
  description: 'On site',
  quantity: '1',
  unitPrice: '0',
  amount,
  taxable: false,
  taxRate: '0',
  ...more,
});

type Standing = { customer: string; owed: bigint; invoices: number };
const standings = sql<Standing>`select c.display_name as customer, coalesce(sum(i.balance_due), 0)::bigint as owed,
    count(i.id)::int as invoices
  from customers c left join invoices i on i.organization_id = c.organization_id and i.customer_id = c.id
    and i.issued_at is not null and i.voided_at is null
  where c.organization_id = current_setting('owed.organization_id', true) group by 1 order by 1`;
type Sum = { number: string; total: bigint; due: bigint };
const sums = sql<Sum>`select number, (total + fees)::bigint as total, balance_due as due from invoices
  where organization_id = current_setting('owed.organization_id', true) and issued_at is not null and voided_at is null
  order by number`;

/** Everything that the import has no column of its own for. */
async function trade(books: Books): Promise<void> {
  const { organizationId, actor, now } = books;
  const known = await given.customer(books, {
    externalId: 'C-1',
    displayName: '=Harbor, "Ltd"',
    email: 'a@h.test',
  });
  const plain = await given.customer(books, { displayName: 'Plain Co', ccEmails: ['x@p.test', 'y@p.test'] });
  const write = async (customerId: string, invoice: object) => {
    const asked = { organizationId, invoice: { customerId, lines: [], ...invoice }, issue: true };
    return (await books.tx((tx) => draftInvoice(tx, actor, asked, now))).invoiceId;
  };
  const taxed = (name: string, percent: string, inclusive: boolean) =>
    books.tx((tx) =>
      addTaxRate(tx, actor, { organizationId, rate: { name, percent, inclusive, compound: false } }, now),
    );
  const { taxRateId } = await taxed('City', '8.25', false);
  const inside = await taxed('VAT', '20', true);
  const part = await write(known, {
    lines: [line(10_000n), line(2501n, { quantity: '3', unitPrice: '8.3367' })],
  });
  await given.payment(books, {
    customerId: known,
    amount: 4000n,
    applications: [{ invoiceId: part, amount: 4000n }],
  });
  const whole = await write(plain, { lines: [line(777n)] });
  await given.payment(books, {
    customerId: plain,
    amount: 777n,
    applications: [{ invoiceId: whole, amount: 777n }],
  });
  await write(plain, {
    discount: '10%',
    memo: 'Two\nlines',
    lines: [line(5000n, { discount: '5%', amount: undefined, unitPrice: '50' })],
  });
  await write(known, { lines: [line(1999n, { taxable: true, taxRateIds: [taxRateId] })] });
  await write(plain, { lines: [line(12_000n, { taxable: true, taxRateIds: [inside.taxRateId] })] });
  const late = await write(plain, { lines: [line(3000n)] });
  await books.tx((tx) =>
    tx.run(sql`update invoices set fees = 250 where organization_id = ${organizationId} and id = ${late}`),
  );
  const ended = await write(known, { lines: [line(100n)] });
  await books.tx((tx) => voidInvoice(tx, actor, { organizationId, invoiceId: ended, reason: 'x' }, now));
}

test('items that were exported are imported elsewhere as they were', async () => {
  const books = await given.organization();
  const { organizationId, actor, now } = books;
  const rateOf = async (whose: { db: Books['db']; actor: Books['actor'] | Own['actor']; id: string }) => {
    const rate = { name: 'City, "old"', percent: '8.25', inclusive: false, compound: false };
    const about = { organizationId: whose.id, rate };
    return whose.db.transaction(whose.actor, (tx) => addTaxRate(tx, whose.actor, about, now));
  };
  const { taxRateId } = await rateOf({ ...books, id: organizationId });
  const plain = { description: null, unitPrice: '0', taxable: false, taxRateIds: [] };
  const items = [
    { ...plain, name: '=Mowing, "weekly"', description: 'Two\nlines', unitPrice: '45.125', taxable: true },
    { ...plain, name: 'Hedge', taxRateIds: [taxRateId], active: false },
    { ...plain, name: 'Travel', unitPrice: '-1' },
  ];
  await books.tx((tx) => addItems(tx, actor, { organizationId, items }, now));
  const { archive } = await exported(books);
  const other = await importing.organization();
  await rateOf(other);
  const batch = await other.bringIn('items', textOf(archive, 'import/items.csv'));
  assert.deepEqual([batch.createdCount, batch.rowsRejected], [3, 0], (await other.reasons(batch.id)).join());
  const kept = sql`select name, description, unit_price::numeric as price, taxable or tax_rate_ids <> '{}' as taxable,
    cardinality(tax_rate_ids) as rates, deactivated_at is null as active from items
    where organization_id = current_setting('owed.organization_id', true) order by name`;
  assert.deepEqual(await other.query(kept), await books.tx((tx) => tx.rows(kept)));
});

test('what was exported and is imported elsewhere leaves every customer owing the same', async () => {
  const books = await given.organization();
  await trade(books);
  const { archive } = await exported(books);
  const other = await importing.organization();
  const people = await other.bringIn('customers', textOf(archive, 'import/customers.csv'));
  assert.deepEqual(
    [people.createdCount, people.rowsRejected],
    [2, 0],
    (await other.reasons(people.id)).join('\n'),
  );
  const papers = await other.bringIn('invoices', textOf(archive, 'import/invoices.csv'));
  assert.equal(papers.rowsRejected, 0, (await other.reasons(papers.id)).join('\n'));
  const before = await books.tx((tx) => tx.rows<Standing>(standings));
  assert.equal(before.length, 2);
  assert.deepEqual(await other.query(standings), before);
  assert.deepEqual(await other.query(sums), await books.tx((tx) => tx.rows<Sum>(sums)));
  await other.isSound();
});
