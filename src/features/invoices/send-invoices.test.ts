import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { sendImportedInvoices } from '#features/invoices/send-invoice-jobs.ts';
import { sendInvoices } from '#features/invoices/send-invoices.ts';
import { newId } from '#lib/ids.ts';
import { given, later } from '../../../test/support/given.ts';
import { invoiceOfAna, mailsOf, makings } from '../../../test/support/mails.ts';

describe('sending many', () => {
  test('reports each that cannot go, and mails the same invoice once a day', async () => {
    const { books, invoiceId } = await invoiceOfAna();
    const { invoiceId: addressless } = await given.debtor(books, 100n);
    const many = (at = books.now) =>
      books.tx((tx) =>
        sendInvoices(
          tx,
          books.actor,
          {
            ...makings,
            organizationId: books.organizationId,
            invoiceIds: [invoiceId, addressless, invoiceId, newId('invoice')],
            skipSentToday: true,
          },
          at,
        ),
      );
    const first = await many();
    assert.deepEqual(
      first.sent.map((each) => each.invoiceId),
      [invoiceId],
    );
    assert.deepEqual(
      first.skipped.map((each) => each.code),
      ['invalid_request', 'not_found'],
    );
    const second = await many();
    assert.match(second.skipped.find((each) => each.invoiceId === invoiceId)?.reason ?? '', /today already/);
    assert.equal((await many(later(86_400))).sent.length, 1);
    assert.equal((await mailsOf(books)).length, 2);
  });

  test('two at the same moment mail an invoice once', async () => {
    const { books, invoiceId } = await invoiceOfAna();
    const many = () =>
      books.tx((tx) =>
        sendInvoices(
          tx,
          books.actor,
          {
            ...makings,
            organizationId: books.organizationId,
            invoiceIds: [invoiceId],
            skipSentToday: true,
          },
          books.now,
        ),
      );
    const reports = await Promise.all([many(), many(), many()]);
    assert.equal(reports.flatMap((each) => each.sent).length, 1);
  });

  test('an import that was asked to mails what it brought and is owed, once however often it is told', async () => {
    const { books, customerId, invoiceId } = await invoiceOfAna();
    const { invoiceId: addressless } = await given.debtor(books, 100n);
    const paid = await given.invoice(books, customerId, 500n);
    await given.payment(books, {
      customerId,
      amount: 500n,
      applications: [{ invoiceId: paid, amount: 500n }],
    });
    const batchId = newId('importBatch');
    const bring = (sendsInvoices: boolean) =>
      books.tx(async (tx) => {
        await tx.run(sql`insert into import_batches (organization_id, id, kind, file_name, state,
          send_invoices, created_at, updated_at)
        values (${books.organizationId}, ${batchId}, 'invoices', 'a.csv', 'imported', ${sendsInvoices},
          ${books.now}, ${books.now})
        on conflict (organization_id, id) do update set send_invoices = excluded.send_invoices`);
        await tx.run(
          sql`update invoices set import_batch_id = ${batchId}
            where organization_id = ${books.organizationId}`,
        );
      });
    const deps = { ...makings, db: books.db };
    await bring(false);
    await sendImportedInvoices(deps, { organizationId: books.organizationId, batchId });
    assert.equal((await mailsOf(books)).length, 0);
    await bring(true);
    await Promise.all(
      [1, 2].map(() => sendImportedInvoices(deps, { organizationId: books.organizationId, batchId })),
    );
    assert.deepEqual(
      (await mailsOf(books)).map((each) => each.invoiceId),
      [invoiceId],
    );
    const events = await books.tx((tx) =>
      tx.rows<{ data: { queued: number; skipped: { invoice_id: string }[] } }>(sql`
        select data from events where organization_id = ${books.organizationId}
          and type = 'import.invoices_sent'`),
    );
    assert.equal(
      events.reduce((total, event) => total + event.data.queued, 0),
      1,
    );
    for (const { data } of events) assert.ok(data.skipped.some((each) => each.invoice_id === addressless));
  });
});
