import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { type Books, given, later } from '../../../test/support/given.ts';
import { mailsOf } from '../../../test/support/mails.ts';
import {
  liveBooks,
  setCustomer,
  setRule,
  workMessengerAgain,
  workMessengerDay,
} from '../../../test/support/messenger.ts';
import { previewMessages } from './preview-messages.ts';

const day_s = 86_400;
/** 2026-03-02 is the first day; `day(1)` the next. */
const day = (days: number): Date => later(days * day_s);
const statements = async (books: Books) => (await mailsOf(books)).filter(({ kind }) => kind === 'statement');

/** Whose statements would go out as it is set, and where messages went to the inactive too. */
const previewed = (books: Books, now: Date) =>
  books.tx(async (tx) => {
    const { organizationId } = books;
    const of = async (change: { sendToInactive?: boolean }): Promise<string[]> => {
      const { statements } = await previewMessages(tx, { organizationId, change }, now);
      return statements.first.map(({ customerId }) => customerId);
    };
    return [await of({}), await of({ sendToInactive: true })];
  });

async function owing(statementDay: number) {
  const books = await liveBooks();
  await setRule(
    books,
    sql`statement_day = ${statementDay}, statements_from = '2026-03-02', new_invoice_when = 'never'`,
  );
  const customerId = await given.customer(books, { email: 'ana@example.com', displayName: 'Ana' });
  const invoiceId = await given.invoice(books, customerId, 10_000n, { number: 'A-1' });
  return { books, customerId, invoiceId };
}

describe('statements on a day of the month', () => {
  test('go once a month, each with a link of its own, to those who owe something', async () => {
    const { books, customerId } = await owing(10);
    const other = await given.customer(books, { email: 'ben@example.com' });
    await given.invoice(books, other, 100n);
    await given.customer(books, { email: 'owes-nothing@example.com' });
    for (let at = 0; at <= 40; at += 1) {
      await workMessengerDay(books, day(at));
      await workMessengerAgain(books, day(at));
    }
    const sent = await statements(books);
    assert.deepEqual(sent.map(({ toEmails }) => toEmails[0]).sort(), [
      'ana@example.com',
      'ana@example.com',
      'ben@example.com',
      'ben@example.com',
    ]);
    assert.match(sent.find(({ toEmails }) => toEmails[0] === 'ana@example.com')?.text ?? '', /\/s\/cus_/);
    assert.ok(sent.some(({ text }) => text.includes(customerId)));
  });

  test('after forty days without work the newest goes once, and the one before is not made up for', async () => {
    const { books } = await owing(10);
    await workMessengerDay(books, day(8));
    assert.equal((await statements(books)).length, 1);
    await workMessengerDay(books, day(48));
    await workMessengerDay(books, day(49));
    assert.equal((await statements(books)).length, 2);
  });

  test('whoever owes for the first time after the day gets one on the next', async () => {
    const { books } = await owing(10);
    await workMessengerDay(books, day(8));
    const late = await given.customer(books, { email: 'late@example.com' });
    await given.invoice(books, late, 100n);
    await workMessengerDay(books, day(9));
    assert.equal((await statements(books)).length, 1);
    await workMessengerDay(books, day(39));
    assert.equal((await statements(books)).length, 3);
  });

  test('a run that breaks off is taken up without a second message to anyone', async () => {
    const { books } = await owing(10);
    for (let at = 0; at < 60; at += 1)
      await given.invoice(books, await given.customer(books, { email: `c${at}@example.com` }), 100n);
    await Promise.all([workMessengerAgain(books, day(8)), workMessengerAgain(books, day(8))]);
    await setRule(books, sql`statements_done_for = null`);
    await workMessengerAgain(books, day(9));
    assert.equal((await statements(books)).length, 61);
  });

  test('none before the day from which they are wanted, none while all is under way, none where it is off', async () => {
    const { books, customerId, invoiceId } = await owing(1);
    await workMessengerDay(books, day(0));
    assert.equal((await statements(books)).length, 0);
    await given.charge(books, {
      customerId,
      amount: 10_000n,
      applications: [{ invoiceId, amount: 10_000n }],
    });
    const off = await given.customer(books, { email: 'off@example.com' });
    await setCustomer(books, off, sql`send_reminders = false`);
    await given.invoice(books, off, 100n);
    await workMessengerDay(books, day(30));
    assert.equal((await statements(books)).length, 0);
  });

  test('a parent that sees the invoices of those who bill with it gets one statement over all', async () => {
    const { books, customerId } = await owing(10);
    const parentId = await given.customer(books, { email: 'head@example.com', displayName: 'Head' });
    await setCustomer(books, parentId, sql`portal_show_children = true`);
    await setCustomer(books, customerId, sql`parent_id = ${parentId}, bill_with_parent = true`);
    const second = await given.customer(books, { email: 'two@example.com', parentId });
    await setCustomer(books, second, sql`bill_with_parent = true`);
    await given.invoice(books, second, 5_000n, { number: 'B-1' });
    await workMessengerDay(books, day(8));
    const sent = await statements(books);
    assert.deepEqual(
      sent.map(({ toEmails }) => toEmails),
      [['head@example.com']],
    );
    assert.match(sent[0]?.text ?? '', /\$150\.00/);
    assert.ok(sent[0]?.text.includes(parentId), 'the link shows all of them');
  });

  test('one that bills with a parent which does not see it has a statement of its own, at the parent’s', async () => {
    const { books, customerId } = await owing(10);
    const parentId = await given.customer(books, { email: 'head@example.com' });
    await setCustomer(books, parentId, sql`portal_show_children = false`);
    await setCustomer(books, customerId, sql`parent_id = ${parentId}, bill_with_parent = true`);
    await workMessengerDay(books, day(8));
    const [sent] = await statements(books);
    assert.deepEqual(sent?.toEmails, ['head@example.com']);
    assert.ok(sent?.text.includes(customerId));
  });

  test('one that bills with a deactivated parent has none sent there, unless messages go to the inactive', async () => {
    const { books, customerId } = await owing(10);
    const top = await given.customer(books, { email: 'head@example.com' });
    const area = await given.customer(books, { parentId: top, billWithParent: true });
    await setCustomer(books, customerId, sql`parent_id = ${area}, bill_with_parent = true`);
    await setCustomer(books, top, sql`deactivated_at = ${books.now}`);
    await workMessengerDay(books, day(8));
    assert.deepEqual(await statements(books), []);
    assert.deepEqual(await previewed(books, day(39)), [[], [customerId]]);
    await setRule(books, sql`send_to_inactive = true`);
    await workMessengerDay(books, day(39));
    const sent = await statements(books);
    assert.deepEqual(
      sent.map(({ toEmails }) => toEmails),
      [['head@example.com']],
    );
  });

  test('what only a deactivated branch owes makes no statement for the parent that sees it', async () => {
    const { books, customerId } = await owing(10);
    const parentId = await given.customer(books, { email: 'head@example.com' });
    await setCustomer(books, parentId, sql`portal_show_children = true`);
    await setCustomer(
      books,
      customerId,
      sql`parent_id = ${parentId}, bill_with_parent = true, deactivated_at = ${books.now}`,
    );
    await workMessengerDay(books, day(8));
    assert.deepEqual(await statements(books), []);
    await given.invoice(books, parentId, 5_000n, { number: 'H-1' });
    await workMessengerDay(books, day(39));
    // It is written to about its own, and then all that its page shows is on it.
    const [sent] = await statements(books);
    assert.deepEqual(sent?.toEmails, ['head@example.com']);
    assert.match(sent?.text ?? '', /\$150\.00/);
  });
});
