import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { reviseInvoices } from '#features/invoices/revise-invoices.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { followVoidInvoice } from '#features/late-fees/follow-void-invoice.ts';
import { nextLateFeesOf } from '#features/late-fees/queries.ts';
import { type Books, given, read } from '../../../test/support/given.ts';
import {
  agree,
  feesOf,
  inOrder,
  late,
  noon,
  on,
  refused,
  remove,
  saidOf,
  workLateFees,
} from '../../../test/support/late-fees.ts';

const apart = { booking: 'own_invoice', ownItem: 'Finance charge', ownDueDays: 10 } as const;

type Own = { id: string; number: string; says: string; lateFeeOf: string };
/** The invoices over late fees, in order: number, days, what is due, and the line. */
const ownOf = (books: Books): Promise<Own[]> =>
  books.tx((tx) =>
    tx.rows<Own>(sql`select i.id, i.number, i.late_fee_of, concat_ws(' ', i.invoice_date, i.due_date, i.balance_due,
        case when i.voided_at is not null then 'void' end, l.item_name, l.description) as says
      from invoices i join invoice_lines l on l.organization_id = i.organization_id and l.invoice_id = i.id
      where i.organization_id = ${books.organizationId} and i.late_fee_of is not null order by i.number`),
  );
const voids = (books: Books, invoiceId: string) =>
  books.tx((tx) =>
    voidInvoice(tx, books.actor, { ...books, invoiceId, reason: 'Sent twice' }, noon('2026-03-20')),
  );

test('a late fee as an invoice of its own: issued once, numbered after the late one, and in the books as late fee income', async () => {
  const { books, customerId, invoiceId } = await late(apart);
  const { number = '' } = (await read.invoice(books, invoiceId)) as { number?: string };
  // Somebody has the number of the second already.
  await given.invoice(books, customerId, 100n, { dueDate: '2027-01-01', number: `${number}-F2` });
  await Promise.all([workLateFees(books, '2026-03-13'), workLateFees(books, '2026-03-13')]);
  await workLateFees(books, '2026-03-13');
  assert.deepEqual(await saidOf(books, invoiceId), ['2026-03-03 posted 2500', '2026-03-13 posted 2500']);
  const line = (n: number) =>
    `Finance charge Late fee ${n} of invoice ${number}, which was due on 2026-03-02`;
  assert.deepEqual(
    (await ownOf(books)).map((own) => [own.number, own.says, own.lateFeeOf]),
    [
      [`${number}-F1`, `2026-03-03 2026-03-23 2500 ${line(1)}`, invoiceId],
      [`${number}-F2-2`, `2026-03-13 2026-03-23 2500 ${line(2)}`, invoiceId],
    ],
  );
  assert.equal((await read.invoice(books, invoiceId)).balanceDue, 100_000n);
  assert.equal((await read.ledger(books)).late_fee_income, -5_000n);
  await inOrder(books);
});

test('an invoice over a late fee is charged none itself, and the percentage is of it only where terms compound', async () => {
  const terms = { ...apart, amountType: 'percent', percent: '10', ownDueDays: 0 } as const;
  const plain = await late(terms);
  await workLateFees(plain.books, '2026-03-23');
  assert.deepEqual(
    (await feesOf(plain.books, plain.invoiceId)).map(({ amount }) => amount),
    [10_000n, 10_000n, 10_000n],
  );
  const grown = await late({ ...terms, compounds: true, capAmount: 30_000n });
  await workLateFees(grown.books, '2026-06-23');
  assert.deepEqual(
    (await feesOf(grown.books, grown.invoiceId)).map(({ amount }) => amount),
    [10_000n, 11_000n, 9_000n],
  );
  for (const { books } of [plain, grown])
    for (const own of await ownOf(books)) {
      assert.deepEqual(await feesOf(books, own.id), []);
      const next = await books.tx((tx) => nextLateFeesOf(tx, books.organizationId, [own.id], '2026-06-23'));
      assert.deepEqual(next.get(own.id), { none: 'is_late_fee' });
    }
  await inOrder(grown.books);
});

test('when the late invoice is paid no further fee comes, though those that came are still to be paid', async () => {
  const { books, customerId, invoiceId } = await late({ ...apart, compounds: true });
  await workLateFees(books, '2026-03-03');
  const settled = { customerId, amount: 100_000n, applications: [{ invoiceId, amount: 100_000n }] };
  await given.payment(on(books, '2026-03-05'), settled);
  await workLateFees(books, '2026-05-03');
  assert.deepEqual(await saidOf(books, invoiceId), ['2026-03-03 posted 2500']);
  assert.equal((await ownOf(books)).length, 1);
  await inOrder(books);
});

test('removed, its invoice is void; removed after it was paid, it is credit', async () => {
  const { books, customerId, invoiceId } = await late(apart);
  await workLateFees(books, '2026-03-13');
  const [first, second] = await feesOf(books, invoiceId);
  await remove(books, first?.id ?? '', '2026-03-14');
  await assert.rejects(remove(books, first?.id ?? '', '2026-03-14'), refused('state_refused', /already/));
  const paid = (await ownOf(books))[1]?.id ?? '';
  const payment = { customerId, amount: 2_500n, applications: [{ invoiceId: paid, amount: 2_500n }] };
  await given.payment(on(books, '2026-03-14'), payment);
  await remove(books, second?.id ?? '', '2026-03-15');
  assert.deepEqual(await saidOf(books, invoiceId), ['2026-03-03 removed 2500', '2026-03-13 removed 2500']);
  assert.deepEqual(
    (await ownOf(books)).map(({ says }) => says.split(' ').slice(2, 4).join(' ')),
    ['2500 void', '0 Finance'],
  );
  await inOrder(books);
});

test('the invoice of a fee voided by hand ends the fee; the late invoice voided ends all its fees', async () => {
  const { books, invoiceId } = await late(apart);
  await workLateFees(books, '2026-03-13');
  const [one, two] = await ownOf(books);
  await voids(books, one?.id ?? '');
  assert.deepEqual(await saidOf(books, invoiceId), ['2026-03-03 removed 2500', '2026-03-13 posted 2500']);
  await inOrder(books);
  await voids(books, invoiceId);
  await books.tx((tx) => followVoidInvoice(tx, books.actor, { ...books, invoiceId }, noon('2026-03-20')));
  assert.deepEqual(await saidOf(books, invoiceId), ['2026-03-03 removed 2500', '2026-03-13 removed 2500']);
  assert.match((await ownOf(books)).find(({ id }) => id === two?.id)?.says ?? '', /void/);
  assert.equal((await read.ledger(books)).late_fee_income, 0n);
  await inOrder(books);
});

test('an invoice over a late fee says what the fee says: it is not revised', async () => {
  const { books, customerId } = await late(apart);
  await workLateFees(books, '2026-03-03');
  const [own] = await ownOf(books);
  const document = {
    ...{
      customerId,
      number: own?.number ?? '',
      externalId: null,
      currency: 'USD',
      terms: null,
      poNumber: null,
    },
    ...{
      invoiceDate: '2026-03-03',
      dueDate: '2026-03-23',
      memo: null,
      subtotal: 1n,
      tax: 0n,
      total: 1n,
      lines: [],
    },
  };
  const revisions = [{ invoiceId: own?.id ?? '', document }];
  const [verdict] = await books.tx((tx) =>
    reviseInvoices(tx, books.actor, { ...books, revisions }, books.now),
  );
  assert.match(JSON.stringify(verdict), /over a late fee/);
});

test('terms may change from one booking to the other: each fee stands where it was booked', async () => {
  const { books, invoiceId } = await late();
  await workLateFees(books, '2026-03-03');
  await agree(books, apart, '2026-03-04');
  await workLateFees(books, '2026-03-13');
  assert.equal((await read.invoice(books, invoiceId)).balanceDue, 102_500n);
  assert.equal((await ownOf(books)).length, 1);
  await inOrder(books);
});
