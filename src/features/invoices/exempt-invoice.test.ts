import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exemptInvoice } from '#features/invoices/exempt-invoice.ts';
import { readInvoice } from '#features/invoices/queries.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { given, news, read } from '../../../test/support/given.ts';
import { ben, kindsOf, tell } from '../../../test/support/receipts.ts';

type Change = Omit<Parameters<typeof exemptInvoice>[2], 'organizationId' | 'invoiceId'>;
const exempt = (books: Awaited<ReturnType<typeof ben>>['books'], invoiceId: string, change: Change) =>
  books.tx((tx) =>
    exemptInvoice(tx, books.actor, { organizationId: books.organizationId, invoiceId, ...change }, books.now),
  );

test('one invoice is exempted and taken back, each with an event; what changes nothing is silent', async () => {
  const books = await given.organization();
  const { invoiceId } = await given.debtor(books, 100n);
  await exempt(books, invoiceId, { remindersOff: true, lateFeesOff: true });
  await exempt(books, invoiceId, { remindersOff: true, receiptsOff: false });
  await exempt(books, invoiceId, { remindersOff: false });
  const row = await books.tx((tx) => readInvoice(tx, books.organizationId, invoiceId));
  assert.deepEqual([row.remindersOff, row.lateFeesOff, row.receiptsOff], [false, true, false]);
  assert.deepEqual((await read.events(books, invoiceId)).slice(-3), [
    'invoice.exempted',
    'invoice.exempted',
    'invoice.exemption_ended',
  ]);
});

test('a void invoice is exempted from nothing: there is nothing left', async () => {
  const books = await given.organization();
  const { invoiceId } = await given.debtor(books, 100n);
  const about = { organizationId: books.organizationId, invoiceId };
  await books.tx((tx) => voidInvoice(tx, books.actor, { ...about, reason: 'Twice' }, books.now));
  await assert.rejects(exempt(books, invoiceId, { remindersOff: true }), { code: 'state_refused' });
});

test('a payment gets no receipt where all that it pays has its receipts off; the organization has its copy', async () => {
  const { books, money } = await ben();
  await exempt(books, money.applications[0]?.invoiceId ?? '', { receiptsOff: true });
  const { paymentId } = await given.charge(books, money);
  await given.outcome(books, paymentId, news('approved'));
  await tell(books, paymentId);
  assert.deepEqual(await kindsOf(books), ['receipt_copy']);
});

test('a payment for two invoices gets its receipt while one of them has receipts on', async () => {
  const { books, money } = await ben();
  const first = money.applications[0]?.invoiceId ?? '';
  const second = await given.invoice(books, money.customerId, 1_000n);
  await exempt(books, first, { receiptsOff: true });
  const { paymentId } = await given.charge(books, {
    ...money,
    amount: 2_000n,
    applications: [
      { invoiceId: first, amount: 1_000n },
      { invoiceId: second, amount: 1_000n },
    ],
  });
  await given.outcome(books, paymentId, news('approved'));
  await tell(books, paymentId);
  assert.deepEqual(await kindsOf(books), ['receipt', 'receipt_copy']);
});
