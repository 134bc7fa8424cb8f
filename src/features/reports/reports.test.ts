import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { recordMailNews } from '#features/correspondence/record-mail-news.ts';
import { listEmailProblems, tryEmailAgain } from '#features/reports/email-problems.ts';
import { ignoreConflict } from '#features/reports/ignore-conflict.ts';
import { listBouncedEmails, listEmailConflicts } from '#features/reports/queries.ts';
import { dismissBounced, resendBounced } from '#features/reports/resend-bounced.ts';
import { repaired, wayToResend } from '#features/reports/rules.ts';
import type { Refusal } from '#lib/errors.ts';
import { type Books, given, later } from '../../../test/support/given.ts';
import { mailInvoice, mailsOf, makings, queueMail } from '../../../test/support/mails.ts';

const conflicts = (books: Books, view: 'open' | 'ignored' = 'open', startingAfter?: string, limit = 25) =>
  books.tx((tx) =>
    listEmailConflicts(tx, { organizationId: books.organizationId, limit, view, startingAfter }),
  );
const names = async (books: Books, view: 'open' | 'ignored' = 'open') =>
  (await conflicts(books, view)).data.map((row) => row.display_name);
const bounced = (books: Books) =>
  books.tx((tx) => listBouncedEmails(tx, { organizationId: books.organizationId, limit: 25 }));

/** A message that a server says came back. */
async function comesBack(books: Books, messageId: string, kind: 'bounced' | 'soft_bounced' = 'bounced') {
  await books.tx((tx) =>
    recordMailNews(
      tx,
      books.actor,
      {
        organizationId: books.organizationId,
        news: [{ messageId, email: 'ana@example.com', kind, reason: '550 5.1.1 User unknown' }],
      },
      books.now,
    ),
  );
}

const resend = (books: Books, messageId: string, email?: string) =>
  books.tx((tx) =>
    resendBounced(
      tx,
      books.actor,
      { ...makings, organizationId: books.organizationId, messageId, email },
      later(60, books.now),
    ),
  );

describe('e-mail conflicts', () => {
  test('who owes and has no address is listed; who owes nothing, has an address, or is ignored is not', async () => {
    const books = await given.organization();
    const owes = async (displayName: string, more: { email?: string } = {}) => {
      const id = await given.customer(books, { displayName, ...more });
      await given.invoice(books, id, 100n);
      return id;
    };
    await owes('Beech');
    await owes('Alder');
    await owes('Cedar', { email: 'c@example.com' });
    await given.customer(books, { displayName: 'Debtless' });
    const elm = await owes('Elm');
    await books.tx((tx) =>
      ignoreConflict(
        tx,
        books.actor,
        { organizationId: books.organizationId, customerId: elm, ignored: true },
        books.now,
      ),
    );
    assert.deepEqual(await names(books), ['Alder', 'Beech']);
    assert.deepEqual(await names(books, 'ignored'), ['Elm']);
    const [first] = (await conflicts(books)).data;
    assert.deepEqual([first?.open_invoices, first?.open_balance, first?.currency], [1, 100n, 'USD']);
    const page = await conflicts(books, 'open', undefined, 1);
    assert.equal(page.has_more, true);
    const next = await conflicts(books, 'open', page.data[0]?.id, 1);
    assert.deepEqual([next.data[0]?.display_name, next.has_more], ['Beech', false]);
  });

  test('who bills with a parent that has an address is in no conflict', async () => {
    const books = await given.organization();
    const parent = await given.customer(books, { displayName: 'Head office', email: 'h@example.com' });
    const child = await given.customer(books, { displayName: 'Branch', parentId: parent });
    await given.invoice(books, child, 100n);
    assert.deepEqual(await names(books), ['Branch']);
    await books.tx((tx) => tx.run(sql`update customers set bill_with_parent = true where id = ${child}`));
    assert.deepEqual(await names(books), []);
  });
});

describe('mail that came back', () => {
  async function invoiceThatBounced() {
    const books = await given.organization();
    const customerId = await given.customer(books, { displayName: 'Ana', email: 'ana@example.com' });
    const invoiceId = await given.invoice(books, customerId, 100n, { number: 'A-1' });
    const { messageId } = await mailInvoice(books, invoiceId);
    await comesBack(books, messageId);
    return { books, customerId, invoiceId, messageId };
  }

  test('is listed with what was said, whom it was for, and that later mail is held back', async () => {
    const { books, customerId, messageId } = await invoiceThatBounced();
    const [row] = (await bounced(books)).data;
    assert.equal(row?.id, messageId);
    assert.equal(row?.reason, '550 5.1.1 User unknown');
    assert.deepEqual([row?.customer?.id, row?.invoice?.number], [customerId, 'A-1']);
    assert.deepEqual([row?.emails, row?.held_back], [['ana@example.com'], ['ana@example.com']]);
  });

  test('an invoice sent by hand to such an address is refused with the remedy', async () => {
    const { books, invoiceId } = await invoiceThatBounced();
    await assert.rejects(
      mailInvoice(books, invoiceId),
      (error: Refusal) => error.code === 'state_refused' && /another address/.test(error.message),
    );
  });

  test('a new address is kept by the customer, the invoice goes there as it stands now, and the list is clear', async () => {
    const { books, customerId, messageId } = await invoiceThatBounced();
    await resend(books, messageId, 'ana@new.example');
    assert.deepEqual((await bounced(books)).data, []);
    const mail = (await mailsOf(books)).at(-1);
    assert.deepEqual([mail?.kind, mail?.toEmails, mail?.state], ['invoice', ['ana@new.example'], 'sent']);
    const row = await books.tx((tx) =>
      tx.row<{ email: string }>(sql`select email from customers where id = ${customerId}`),
    );
    assert.equal(row?.email, 'ana@new.example');
  });

  test('the same address tried again is written to again, and later mail goes there', async () => {
    const { books, messageId } = await invoiceThatBounced();
    await resend(books, messageId);
    assert.deepEqual((await mailsOf(books)).at(-1)?.toEmails, ['ana@example.com']);
    assert.notEqual((await queueMail(books)).state, 'suppressed');
    await assert.rejects(resend(books, messageId), /put right already/);
  });

  test('a mail that is no invoice goes out as it was written, to those alone who did not get it', async () => {
    const books = await given.organization();
    const { messageId } = await queueMail(books, {
      kind: 'receipt',
      to: ['ana@example.com', 'ben@example.com'],
      subject: 'Receipt 7',
    });
    await comesBack(books, messageId);
    await resend(books, messageId);
    const mail = (await mailsOf(books)).at(-1);
    assert.deepEqual([mail?.subject, mail?.toEmails], ['Receipt 7', ['ana@example.com']]);
  });

  test('mail that opens an account is not copied from here; mail that arrived is not put right', async () => {
    const books = await given.organization();
    const door = await queueMail(books, { isSecurity: true });
    await comesBack(books, door.messageId);
    await assert.rejects(resend(books, door.messageId), /Portal tab/);
    const { messageId } = await queueMail(books, { to: ['ben@example.com'] });
    await assert.rejects(resend(books, messageId), /did not come back/);
  });

  test('dismissed, it leaves the list and the address stays as it is, until somebody tries it again', async () => {
    const { books, customerId, messageId } = await invoiceThatBounced();
    const one = { organizationId: books.organizationId, customerId };
    await books.tx((tx) => dismissBounced(tx, books.actor, { ...one, messageId }, books.now));
    assert.deepEqual((await bounced(books)).data, []);
    const problems = () => books.tx((tx) => listEmailProblems(tx, one));
    assert.deepEqual(
      (await problems()).data.map(({ email, kind }) => [email, kind]),
      [['ana@example.com', 'hard_bounce']],
    );
    await books.tx((tx) => tryEmailAgain(tx, books.actor, { ...one, email: 'Ana@example.com' }, books.now));
    assert.deepEqual((await problems()).data, []);
  });
});

test('how a mail goes out again, and which address of a customer is put right', () => {
  const mail = { kind: 'receipt', security: false, invoiceId: null, awaitsDocument: false };
  assert.equal(wayToResend(mail), 'copy');
  assert.equal(wayToResend({ ...mail, kind: 'payment_due', invoiceId: 'inv_1' }), 'anew');
  assert.equal(wayToResend({ ...mail, kind: 'receipt', invoiceId: 'inv_1' }), 'copy');
  assert.equal(wayToResend({ ...mail, security: true }), 'refused');
  const customer = { email: 'a@x.example', ccEmails: ['B@x.example', 'c@x.example'] };
  assert.deepEqual(repaired(customer, ['a@x.example'], 'new@x.example'), { email: 'new@x.example' });
  assert.deepEqual(repaired(customer, ['b@x.example'], 'new@x.example'), {
    ccEmails: ['new@x.example', 'c@x.example'],
  });
  assert.equal(repaired(customer, ['z@x.example'], 'new@x.example'), undefined);
});
