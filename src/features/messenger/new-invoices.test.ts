import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { type Books, given, later } from '../../../test/support/given.ts';
import { mailInvoice, mailsOf, makings } from '../../../test/support/mails.ts';
import {
  liveBooks,
  reactToAll,
  setCustomer,
  setRule,
  workMessengerAgain,
  workMessengerDay,
} from '../../../test/support/messenger.ts';
import { sendNewInvoices } from './send-new-invoices.ts';

const day_s = 86_400;
const ana = (books: Books) => given.customer(books, { email: 'ana@example.com', firstName: 'Ana' });
/** What the reaction to its issue does, at the time of the books. */
const offer = (books: Books, invoiceId: string) => {
  const { organizationId, actor, now } = books;
  return books.tx((tx) =>
    sendNewInvoices(tx, actor, { ...makings, organizationId, invoiceIds: [invoiceId] }, now),
  );
};
const kinds = async (books: Books) => (await mailsOf(books)).map(({ kind }) => kind);

describe('a new invoice by itself', () => {
  test('goes at once where it goes as soon as it is issued, and never again', async () => {
    const books = await liveBooks();
    const invoiceId = await given.invoice(books, await ana(books), 12_050n);
    await reactToAll(books, invoiceId);
    const [mail] = await mailsOf(books);
    assert.deepEqual(
      [mail?.kind, mail?.toEmails, mail?.invoiceId],
      ['new_invoice', ['ana@example.com'], invoiceId],
    );
    assert.match(mail?.html ?? '', /\$120\.50/);
    await reactToAll(books, invoiceId);
    await workMessengerDay(books, later(day_s));
    await workMessengerAgain(books, later(40 * day_s));
    assert.equal((await mailsOf(books)).length, 1);
  });

  test('waits for its invoice date, and goes the first day that is worked after it', async () => {
    const books = await liveBooks();
    await setRule(books, sql`new_invoice_when = 'invoice_date'`);
    const invoiceId = await given.invoice(books, await ana(books), 100n, { invoiceDate: '2026-03-10' });
    await offer(books, invoiceId);
    await workMessengerDay(books, later(7 * day_s));
    assert.deepEqual(await kinds(books), []);
    await workMessengerDay(books, later(8 * day_s));
    assert.deepEqual(await kinds(books), ['new_invoice']);
  });

  test('waits so many days, and says then what is true then', async () => {
    const books = await liveBooks();
    await setRule(books, sql`new_invoice_when = 'delay', new_invoice_delay_days = 3`);
    const customerId = await ana(books);
    const invoiceId = await given.invoice(books, customerId, 10_000n);
    await offer(books, invoiceId);
    await workMessengerDay(books, later(2 * day_s));
    assert.deepEqual(await kinds(books), []);
    await given.payment(books, { customerId, amount: 4_000n, applications: [{ invoiceId, amount: 4_000n }] });
    await workMessengerDay(books, later(3 * day_s));
    const [mail] = await mailsOf(books);
    assert.match(mail?.text ?? '', /\$60\.00/);
  });

  test('one that staff sent by hand counts as sent', async () => {
    const books = await liveBooks();
    await setRule(books, sql`new_invoice_when = 'delay', new_invoice_delay_days = 3`);
    const invoiceId = await given.invoice(books, await ana(books), 100n);
    await mailInvoice(books, invoiceId);
    await workMessengerDay(books, later(5 * day_s));
    assert.deepEqual(await kinds(books), ['invoice']);
  });

  test('what is held, void, paid, under way, inactive or off for the customer does not go', async () => {
    const books = await liveBooks();
    const customerId = await ana(books);
    const off = await given.customer(books, { email: 'off@example.com' });
    await setCustomer(books, off, sql`message_cells = '{}'`);
    const inactive = await given.customer(books, { email: 'gone@example.com' });
    const [voided, paid, underway] = [
      await given.invoice(books, customerId, 100n),
      await given.invoice(books, customerId, 100n),
      await given.invoice(books, customerId, 100n),
    ];
    await given.invoice(books, off, 100n);
    await given.invoice(books, inactive, 100n);
    await setCustomer(books, inactive, sql`deactivated_at = ${books.now}`);
    const { organizationId, actor, now } = books;
    await books.tx((tx) =>
      voidInvoice(tx, actor, { organizationId, invoiceId: voided, reason: 'A mistake' }, now),
    );
    const all = { customerId, amount: 100n };
    await given.payment(books, { ...all, applications: [{ invoiceId: paid, amount: 100n }] });
    await given.charge(books, { ...all, applications: [{ invoiceId: underway, amount: 100n }] });
    await workMessengerAgain(books, now);
    assert.deepEqual(await mailsOf(books), []);
    await setRule(books, sql`send_to_inactive = true`);
    await workMessengerAgain(books, now);
    assert.deepEqual(
      (await mailsOf(books)).map(({ toEmails }) => toEmails[0]),
      ['gone@example.com'],
    );
    await setRule(books, sql`automatic_messages_since = null`);
    await given.invoice(books, customerId, 100n);
    await workMessengerAgain(books, now);
    assert.equal((await mailsOf(books)).length, 1);
  });

  test('two workers at once make one message each, over more than one batch', async () => {
    const books = await liveBooks();
    const customerId = await ana(books);
    const ids = [];
    for (let at = 0; at < 230; at += 1) ids.push(await given.invoice(books, customerId, 100n));
    await Promise.all([1, 2, 3].map(() => workMessengerAgain(books, books.now)));
    const mails = await mailsOf(books);
    assert.equal(mails.length, 230);
    assert.equal(new Set(mails.map(({ invoiceId }) => invoiceId)).size, 230);
  });

  test('a send by hand at the same moment leaves no second message', async () => {
    const books = await liveBooks();
    const customerId = await ana(books);
    for (let round = 0; round < 10; round += 1) {
      const invoiceId = await given.invoice(books, customerId, 100n);
      await Promise.all([mailInvoice(books, invoiceId).catch(() => undefined), offer(books, invoiceId)]);
      const mails = (await mailsOf(books)).filter((mail) => mail.invoiceId === invoiceId);
      const automatic = mails.filter(({ kind }) => kind === 'new_invoice');
      // By hand always goes; by itself only where nothing went before.
      assert.equal(mails.filter(({ kind }) => kind === 'invoice').length, 1);
      if (automatic.length > 0) assert.equal(automatic[0]?.id, mails[0]?.id, 'by itself it went first');
    }
  });
});
