import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { workNewInvoices } from '#features/messenger/send-new-invoices.ts';
import { tellImport } from '#features/messenger/tell-import.ts';
import { csvOf, given, type Own } from '../../../test/support/imports.ts';
import { makings } from '../../../test/support/mails.ts';

const row = (number: string, price: string, balance = price) => ({
  Customer: 'Ana',
  'Invoice number': number,
  'Invoice date': '2026-03-01',
  'Due date': '2026-12-31',
  Item: 'Work',
  Quantity: '1',
  'Unit price': price,
  'Balance due': balance,
});

async function live(): Promise<Own> {
  const own = await given.organization();
  const [customerId] = await own.customers('Ana');
  await own.query(sql`update customers set email = 'ana@example.com' where id = ${customerId}`);
  await own.query(sql`update organizations set automatic_messages_since = '2020-01-01' where id = ${own.id}`);
  return own;
}
const tell = (own: Own, batchId: string) =>
  tellImport({ ...makings, db: own.db }, { organizationId: own.id, batchId });
const told = async (own: Own): Promise<string[]> =>
  (
    await own.query<{ line: string }>(sql`select m.kind || ' ' || i.number as line from messages m
      join invoices i on i.organization_id = m.organization_id and i.id = m.invoice_id
      where m.organization_id = ${own.id} order by m.id`)
  ).map(({ line }) => line);

test('what an import brought in, changed and paid is told once all of it is there, and once', async () => {
  const own = await live();
  const first = await own.bringIn(
    'invoices',
    csvOf([row('1', '100.00'), row('2', '100.00'), row('3', '100.00'), row('4', '100.00', '0.00')]),
    { sendInvoices: true },
  );
  assert.equal(first.createdCount, 4);
  assert.deepEqual(await told(own), [], 'an import itself is quiet');
  await Promise.all([tell(own, first.id), tell(own, first.id)]);
  assert.deepEqual((await told(own)).sort(), ['new_invoice 1', 'new_invoice 2', 'new_invoice 3']);

  const second = await own.bringIn(
    'invoices',
    csvOf([row('1', '100.00'), row('2', '120.00'), row('3', '100.00', '0.00'), row('5', '100.00')]),
    { sendInvoices: true },
  );
  await tell(own, second.id);
  await tell(own, second.id);
  assert.deepEqual((await told(own)).slice(3).sort(), [
    'invoice_updated 2',
    'new_invoice 5',
    'paid_invoice 3',
  ]);
});

test('what was imported without asking to have it sent is not sent by the messenger, nor on a later day', async () => {
  const own = await live();
  const quiet = await own.bringIn('invoices', csvOf([row('1', '100.00')]));
  await tell(own, quiet.id);
  await workNewInvoices(
    { ...makings, db: own.db },
    { organizationId: own.id, today: '2026-04-02', now: new Date('2026-04-02T15:00:00Z') },
  );
  assert.deepEqual(await told(own), []);
});
