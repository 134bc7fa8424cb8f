import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { recordMailNews } from '#features/correspondence/record-mail-news.ts';
import { updateCustomers } from '#features/customers/update-customers.ts';
import { listEmailProblems, tryEmailAgain } from '#features/reports/email-problems.ts';
import { countHeldMail, listHeldMail } from '#features/reports/held-mail.ts';
import { type HeldMail, planHeldMail } from '#features/reports/held-mail-rules.ts';
import { resendBounced } from '#features/reports/resend-bounced.ts';
import { sendHeldMail } from '#features/reports/send-held-mail.ts';
import type { Refusal } from '#lib/errors.ts';
import { type Books, given, later } from '../../../test/support/given.ts';
import { mailsOf, makings, queueMail } from '../../../test/support/mails.ts';

const email = 'ana@example.com';
const send = (books: Books, customerId: string) =>
  books.tx((tx) =>
    sendHeldMail(
      tx,
      books.actor,
      { ...makings, organizationId: books.organizationId, customerId },
      later(60, books.now),
    ),
  );
const waiting = (books: Books) =>
  books.tx((tx) => listHeldMail(tx, { organizationId: books.organizationId, limit: 25 }));

/** An invoice came back, and since then two reminders and two statements were held back. */
async function missed() {
  const books = await given.organization();
  const customerId = await given.customer(books, { displayName: 'Ana', email });
  const invoiceId = await given.invoice(books, customerId, 100n);
  const paid = await given.invoice(books, customerId, 200n);
  const about = { customerId, to: [email] };
  const { messageId } = await queueMail(books, { ...about, invoiceId, kind: 'new_invoice' });
  await books.tx((tx) =>
    recordMailNews(
      tx,
      books.actor,
      {
        organizationId: books.organizationId,
        news: [{ messageId, email, kind: 'bounced', reason: '550 User unknown' }],
      },
      books.now,
    ),
  );
  for (const subject of ['First reminder', 'Second reminder'])
    await queueMail(books, { ...about, invoiceId, subject, kind: 'payment_past_due' });
  await queueMail(books, { ...about, invoiceId: paid, kind: 'payment_past_due' });
  for (const subject of ['Statement of May', 'Statement of June'])
    await queueMail(books, { ...about, subject, kind: 'statement' });
  // Staff was told of this customer, at an address of staff.
  await queueMail(books, { ...about, invoiceId, kind: 'notice' });
  await queueMail(books, { ...about, kind: 'dispute_notice' });
  await queueMail(books, { ...about, kind: 'receipt_copy' });
  await queueMail(books, { ...about, kind: 'card_expiring_copy' });
  await queueMail(books, { ...about, kind: 'ticket_answer' });
  await given.payment(books, {
    customerId,
    amount: 200n,
    applications: [{ invoiceId: paid, amount: 200n }],
  });
  return { books, customerId, invoiceId };
}

test('by one click all goes out that did not arrive: an invoice once, the newest statement, nothing paid', async () => {
  const { books, customerId, invoiceId } = await missed();
  assert.deepEqual((await waiting(books)).data, [], 'the address is still bad');
  await assert.rejects(send(books, customerId), (error: Refusal) => /another one/.test(error.message));
  const patches = [{ id: customerId, email: 'ana@new.example' }];
  await books.tx((tx) =>
    updateCustomers(tx, books.actor, { organizationId: books.organizationId, patches }, books.now),
  );
  assert.deepEqual(
    (await waiting(books)).data.map(({ id, mails }) => [id, mails]),
    [[customerId, 6]],
  );
  const before = (await mailsOf(books)).length;
  assert.deepEqual(await send(books, customerId), { sent: 2, left: 0 });
  const went = (await mailsOf(books)).slice(before);
  assert.deepEqual(went.map((mail) => [mail.kind, mail.invoiceId, mail.toEmails]).sort(), [
    ['invoice', invoiceId, ['ana@new.example']],
    ['statement', null, ['ana@new.example']],
  ]);
  assert.ok(went.some(({ subject }) => subject === 'Statement of June'));
  assert.deepEqual((await waiting(books)).data, []);
  assert.deepEqual(await send(books, customerId), { sent: 0, left: 0 }, 'nothing goes twice');
});

test('tried again, the same address counts as repaired, and two clicks at once send it once', async () => {
  const { books, customerId } = await missed();
  const one = { organizationId: books.organizationId, customerId };
  await books.tx((tx) => tryEmailAgain(tx, books.actor, { ...one, email }, books.now));
  assert.equal(await books.tx((tx) => countHeldMail(tx, one.organizationId, customerId)), 6);
  const done = await Promise.all([send(books, customerId), send(books, customerId)]);
  assert.deepEqual(done.map(({ sent }) => sent).sort(), [0, 2]);
  assert.equal(await books.tx((tx) => countHeldMail(tx, one.organizationId, customerId)), 0);
  assert.deepEqual((await books.tx((tx) => listEmailProblems(tx, one))).data, []);
});

test('mail with a document of its own is left to its page; of the rest each invoice goes once', () => {
  const mail = (id: string, change: Partial<HeldMail>): HeldMail => ({
    ...{ id, kind: 'receipt', security: false, awaitsDocument: false, invoiceId: null, paymentId: null },
    ...{ isMoot: false, hasOwnPaper: false },
    ...change,
  });
  const plan = planHeldMail([
    mail('a', { kind: 'new_invoice', invoiceId: 'inv_1' }),
    mail('b', { kind: 'payment_due', invoiceId: 'inv_1' }),
    mail('c', { kind: 'payment_due', invoiceId: 'inv_2', isMoot: true }),
    mail('d', { paymentId: 'pay_1' }),
    mail('e', { paymentId: 'pay_2' }),
    mail('g', { kind: 'schedule_changed' }),
    mail('h', { kind: 'schedule_changed' }),
    mail('i', { kind: 'statement' }),
    mail('j', { kind: 'statement' }),
    mail('k', { kind: 'ticket_answer' }),
    mail('f', { kind: 'estimate', hasOwnPaper: true }),
  ]);
  assert.deepEqual(plan, {
    invoiceIds: ['inv_1'],
    copies: ['d', 'e', 'g', 'h', 'j'],
    settled: ['a', 'b', 'c', 'd', 'e', 'g', 'h', 'i', 'j'],
    left: ['k', 'f'],
  });
});

test('what told staff of a customer is not sent again as a copy, and gives the customer no address', async () => {
  const books = await given.organization();
  const { organizationId } = books;
  const customerId = await given.customer(books, { displayName: 'Ana', email });
  const desk = 'desk@fern.example';
  const { messageId } = await queueMail(books, { customerId, to: [desk], kind: 'card_expiring_copy' });
  const news = [{ messageId, email: desk, kind: 'bounced' as const, reason: '550 User unknown' }];
  await books.tx((tx) => recordMailNews(tx, books.actor, { organizationId, news }, books.now));
  const before = (await mailsOf(books)).length;
  const again = { ...makings, organizationId, messageId, email: 'ana@new.example' };
  await assert.rejects(
    books.tx((tx) => resendBounced(tx, books.actor, again, later(60, books.now))),
    (error: Refusal) => error.code === 'state_refused' && /your own people/.test(error.message),
  );
  assert.equal((await mailsOf(books)).length, before);
  const customer = await books.tx((tx) =>
    tx.row<{ email: string }>(sql`select email from customers where id = ${customerId}`),
  );
  assert.equal(customer?.email, email);
});

test('a card that ends is told again once the address works', async () => {
  const { books, customerId } = await missed();
  const about = { customerId, to: [email] };
  await queueMail(books, { ...about, kind: 'card_expiring' });
  await queueMail(books, { ...about, kind: 'card_expired' });
  const patches = [{ id: customerId, email: 'ana@new.example' }];
  await books.tx((tx) =>
    updateCustomers(tx, books.actor, { organizationId: books.organizationId, patches }, books.now),
  );
  const before = (await mailsOf(books)).length;
  await send(books, customerId);
  const went = (await mailsOf(books)).slice(before).map(({ kind }) => kind);
  assert.deepEqual(went.sort(), ['card_expired', 'card_expiring', 'invoice', 'statement']);
});
