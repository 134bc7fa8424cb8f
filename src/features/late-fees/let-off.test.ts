import assert from 'node:assert/strict';
import { test } from 'node:test';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { setNextWaiver } from '#features/late-fees/set-next-waiver.ts';
import { given, read } from '../../../test/support/given.ts';
import {
  feesOf,
  inOrder,
  late,
  noon,
  on,
  refused,
  remove,
  saidOf,
  waive,
  workLateFees,
} from '../../../test/support/late-fees.ts';

test('the next late fee of a customer is waived once, on whichever invoice it falls first', async () => {
  const { books, customerId, invoiceId } = await late();
  const second = await given.invoice(books, customerId, 50_000n, { dueDate: '2026-03-02' });
  await books.tx((tx) =>
    setNextWaiver(
      tx,
      books.actor,
      { organizationId: books.organizationId, customerId, waives: true },
      books.now,
    ),
  );
  await workLateFees(books, '2026-03-13');
  assert.deepEqual(await saidOf(books, invoiceId), ['2026-03-03 waived 2500', '2026-03-13 posted 2500']);
  assert.deepEqual(await saidOf(books, second), ['2026-03-03 posted 2500', '2026-03-13 posted 2500']);
  assert.equal((await read.invoice(books, invoiceId)).balanceDue, 102_500n);
  await inOrder(books);
});

test('one fee waived beforehand is used up, and the one after it comes on its own day', async () => {
  const { books, invoiceId } = await late({ maxFees: 2 });
  await waive(books, invoiceId, 1, '2026-03-02');
  await assert.rejects(waive(books, invoiceId, 1, '2026-03-02'), refused('state_refused', /already/));
  await assert.rejects(waive(books, invoiceId, 3, '2026-03-02'), refused('state_refused', /number 2/));
  await workLateFees(books, '2026-03-12');
  assert.deepEqual(await saidOf(books, invoiceId), ['2026-03-03 waived 2500']);
  await workLateFees(books, '2026-04-12');
  assert.deepEqual(await saidOf(books, invoiceId), ['2026-03-03 waived 2500', '2026-03-13 posted 2500']);
  await assert.rejects(
    waive(books, invoiceId, 3, '2026-04-12'),
    refused('state_refused', /as many late fees/),
  );
});

test('waiving and posting at the same moment end in one of the two', async () => {
  const { books, invoiceId } = await late();
  await Promise.allSettled([
    waive(books, invoiceId, 1, '2026-03-03'),
    workLateFees(books, '2026-03-03'),
    waive(books, invoiceId, 1, '2026-03-03'),
  ]);
  assert.equal((await feesOf(books, invoiceId)).length, 1);
  await inOrder(books);
});

test('a fee that is still owed is taken off the invoice, on the day of removal, once', async () => {
  const { books, invoiceId } = await late();
  await workLateFees(books, '2026-03-03');
  const [fee] = await feesOf(books, invoiceId);
  const id = fee?.id ?? '';
  const tries = await Promise.allSettled([remove(books, id, '2026-03-05'), remove(books, id, '2026-03-05')]);
  assert.deepEqual(tries.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  await assert.rejects(remove(books, id, '2026-03-05'), refused('state_refused', /already/));
  assert.equal((await read.invoice(books, invoiceId)).balanceDue, 100_000n);
  assert.equal((await read.ledger(books)).late_fee_income, 0n);
  await workLateFees(books, '2026-03-13');
  assert.deepEqual(await saidOf(books, invoiceId), ['2026-03-03 removed 2500', '2026-03-13 posted 2500']);
  await inOrder(books);
});

test('removing the only thing left to pay closes the invoice', async () => {
  const { books, customerId, invoiceId } = await late();
  await workLateFees(books, '2026-03-03');
  await given.payment(on(books, '2026-03-04'), {
    customerId,
    amount: 100_000n,
    applications: [{ invoiceId, amount: 100_000n }],
  });
  const [fee] = await feesOf(books, invoiceId);
  await remove(books, fee?.id ?? '', '2026-03-05');
  assert.notEqual((await read.invoice(books, invoiceId)).closedAt, null);
  assert.ok((await read.events(books, invoiceId)).includes('invoice.paid'));
  await inOrder(books);
});

test('a fee that was paid, or is being paid, becomes the customer’s credit', async () => {
  const { books, customerId, invoiceId } = await late();
  await workLateFees(books, '2026-03-03');
  const [fee] = await feesOf(books, invoiceId);
  await given.payment(on(books, '2026-03-04'), {
    customerId,
    amount: 101_000n,
    applications: [{ invoiceId, amount: 101_000n }],
  });
  await given.charge(on(books, '2026-03-04'), {
    customerId,
    amount: 1_500n,
    applications: [{ invoiceId, amount: 1_500n }],
  });
  await remove(books, fee?.id ?? '', '2026-03-05');
  const invoice = await read.invoice(books, invoiceId);
  assert.deepEqual([invoice.balanceDue, invoice.reserved], [1_500n, 1_500n]);
  const ledger = await read.ledger(books);
  assert.deepEqual([ledger.unapplied_credit, ledger.sales_returns], [-2_500n, 2_500n]);
  await inOrder(books);
});

test('a void invoice takes its late fees with it', async () => {
  const { books, invoiceId } = await late();
  await workLateFees(books, '2026-03-13');
  const [fee] = await feesOf(books, invoiceId);
  await books.tx((tx) =>
    voidInvoice(
      tx,
      books.actor,
      { organizationId: books.organizationId, invoiceId, reason: 'Never delivered' },
      noon('2026-03-14'),
    ),
  );
  const ledger = await read.ledger(books);
  assert.deepEqual([ledger.accounts_receivable, ledger.late_fee_income], [0n, 0n]);
  await assert.rejects(remove(books, fee?.id ?? '', '2026-03-15'), refused('state_refused', /void/));
  await workLateFees(books, '2026-04-13');
  assert.equal((await feesOf(books, invoiceId)).length, 2);
  await inOrder(books);
});
