import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { autopayJobs } from '#features/autopay/jobs.ts';
import { tellChanged } from '#features/autopay/tell-changed.ts';
import { chargeInvoiceNow } from '#features/autopay/work-autopay.ts';
import { removeMethod } from '#features/payment-methods/remove-method.ts';
import {
  answer,
  autopayHouse,
  chargesOf,
  march,
  stateOf,
  switchOn,
  workAutopayAt,
} from '../support/autopay.ts';
import { type Books, bankAccount, given, news, read } from '../support/given.ts';
import { mailsOf, makings } from '../support/mails.ts';
import { reviseTo, setCustomer, workMessengerAgain } from '../support/messenger.ts';

const kindsOf = async (books: Books): Promise<string[]> => (await mailsOf(books)).map(({ kind }) => kind);
const back = (returnCode: string) => ({
  outcome: 'returned' as const,
  reference: 'ch_test',
  returnCode,
  message: '',
});

test('threshold at or below 500: 200 and 300 are one charge of 500, and 900 is skipped without a word', async () => {
  const { books, customerId } = await autopayHouse({
    threshold: { direction: 'at_or_below', amount: 50_000n },
  });
  const [two, three, nine] = [
    await given.invoice(books, customerId, 20_000n),
    await given.invoice(books, customerId, 30_000n),
    await given.invoice(books, customerId, 90_000n),
  ];
  await workAutopayAt(books, march(2));
  const [charge, ...more] = await chargesOf(books);
  assert.deepEqual(more, []);
  assert.equal(charge?.amount, 50_000n);
  assert.equal(charge?.memo, 'Bulk-Pay');
  assert.deepEqual(charge?.invoices, [two, three].sort());
  assert.equal((await read.invoice(books, nine)).reserved, 0n);
  assert.deepEqual(await kindsOf(books), [], 'nobody is told of a skip');
});

test('the threshold may be a least amount too, and the amount itself is inside', async () => {
  const { books, customerId } = await autopayHouse({
    threshold: { direction: 'at_or_above', amount: 50_000n },
  });
  await given.invoice(books, customerId, 49_999n);
  const exact = await given.invoice(books, customerId, 50_000n);
  await workAutopayAt(books, march(2));
  assert.deepEqual(
    (await chargesOf(books)).map(({ invoices }) => invoices),
    [[exact]],
  );
});

test('an expired card: autopay is off, both are told, and a new card does not switch it on again', async () => {
  const { books, customerId, methodId } = await autopayHouse();
  await books.tx((tx) =>
    tx.run(
      sql`update organizations set notify_emails = '{office@example.com}' where id = ${books.organizationId}`,
    ),
  );
  await given.invoice(books, customerId, 10_000n);
  await workAutopayAt(books, march(2));
  const [charge] = await chargesOf(books);
  const expired = { outcome: 'declined' as const, code: 'expired_card' as const, message: 'Expired.' };
  await answer(books, charge?.id ?? '', { now: march(2), outcomes: [expired] });
  assert.equal((await stateOf(books, customerId)).endedWhy, 'card_expired');
  const about = { ...makings, organizationId: books.organizationId, customerId, today: '2026-03-02' };
  await books.tx((tx) => tellChanged(tx, books.actor, about, march(2)));
  assert.deepEqual((await kindsOf(books)).sort(), [
    'autopay_off',
    'autopay_off_copy',
    'failed_charge',
    'failed_charge_copy',
  ]);
  await given.storedMethod(books, customerId);
  await given.invoice(books, customerId, 5_000n);
  await workAutopayAt(books, march(3));
  assert.equal((await chargesOf(books)).length, 1);
  const revoked = await books.tx((tx) =>
    tx.rows(
      sql`select 1 as one from authorization_revocations where organization_id = ${books.organizationId}`,
    ),
  );
  assert.equal(revoked.length, 1, 'the agreement is taken back');
  await switchOn(books, { customerId, methodId, now: march(4) });
  assert.equal((await stateOf(books, customerId)).endedWhy, null);
});

test('charged on the day it is created: no New Invoice mail, and the Paid mail goes after funding', async () => {
  const { books, customerId } = await autopayHouse();
  const invoiceId = await given.invoice(books, customerId, 10_000n);
  await chargeInvoiceNow(
    { ...makings, db: books.db },
    { organizationId: books.organizationId, subjectId: invoiceId },
  );
  await workMessengerAgain(books, march(2));
  const [charge] = await chargesOf(books);
  await given.outcome(books, charge?.id ?? '', news('approved'));
  const { tellPaid, tellFunded } = await import('#features/messenger/tell-changes.ts');
  const paidEvent = await books.tx((tx) =>
    tx.row<{ id: string }>(sql`select id from events where organization_id = ${books.organizationId}
      and subject_id = ${invoiceId} and type = 'invoice.paid'`),
  );
  const about = { ...makings, organizationId: books.organizationId, invoiceId, eventId: paidEvent?.id ?? '' };
  await books.tx((tx) => tellPaid(tx, books.actor, about, march(2)));
  assert.deepEqual(await kindsOf(books), [], 'not yet funded');
  await given.outcome(books, charge?.id ?? '', news('settling'), news('settled'));
  const paymentId = charge?.id ?? '';
  for (const _twice of [1, 2])
    await books.tx((tx) =>
      tellFunded(tx, books.actor, { ...makings, organizationId: books.organizationId, paymentId }, march(4)),
    );
  assert.deepEqual(await kindsOf(books), ['paid_invoice']);
});

test('charged later than the New Invoice mail goes: the mail goes as always, the charge on the due date', async () => {
  const { books, customerId } = await autopayHouse({ chargeWhen: 'due_date' });
  const invoiceId = await given.invoice(books, customerId, 10_000n, { dueDate: '2026-03-20' });
  await workAutopayAt(books, march(2));
  await workMessengerAgain(books, march(2));
  assert.deepEqual(await kindsOf(books), ['new_invoice']);
  await workAutopayAt(books, march(19));
  assert.deepEqual(await chargesOf(books), []);
  await workAutopayAt(books, march(25));
  assert.deepEqual(
    (await chargesOf(books)).map(({ invoices }) => invoices),
    [[invoiceId]],
  );
});

test('a debit returned R01 keeps the account and autopay; R02 blocks it and switches autopay off', async () => {
  for (const [code, state, why] of [
    ['R01', 'active', null],
    ['R02', 'blocked', 'method_blocked'],
  ] as const) {
    const { books, customerId, methodId } = await autopayHouse({ maximum: 100_000n }, bankAccount);
    const invoiceId = await given.invoice(books, customerId, 10_000n);
    await workAutopayAt(books, march(2));
    const [charge] = await chargesOf(books);
    await answer(books, charge?.id ?? '', { now: march(4), outcomes: [news('submitted'), back(code)] });
    const jobs = autopayJobs({ ...makings, db: books.db });
    const blocked = await books.tx((tx) =>
      tx.rows<{ id: string }>(sql`select id from events where organization_id = ${books.organizationId}
        and subject_id = ${methodId} and type = 'payment_method.blocked'`),
    );
    for (const { id } of blocked)
      await jobs['stop-autopay-of-method']({
        organizationId: books.organizationId,
        eventId: id,
        subjectId: methodId,
      });
    assert.equal((await stateOf(books, customerId)).endedWhy, why, code);
    const method = await books.tx((tx) =>
      tx.row<{ state: string }>(sql`select state from payment_methods
        where organization_id = ${books.organizationId} and id = ${methodId}`),
    );
    assert.equal(method?.state, state, code);
    const after = await read.invoice(books, invoiceId);
    assert.deepEqual([after.balanceDue, after.reserved], [10_000n, 0n], 'open again');
    await workAutopayAt(books, march(30));
    assert.equal((await chargesOf(books)).length, 1, 'not tried again where nobody asked for it');
  }
});

test('the organization lets soft declines be tried again: on its day, once, and with word of it', async () => {
  const { books, customerId } = await autopayHouse();
  await books.tx((tx) =>
    tx.run(sql`update organizations set failed_charge_retries = 1, failed_charge_retry_days = 3
      where id = ${books.organizationId}`),
  );
  await given.invoice(books, customerId, 10_000n);
  await workAutopayAt(books, march(2));
  const [first] = await chargesOf(books);
  for (const _twice of [1, 2])
    await answer(books, first?.id ?? '', { now: march(2), outcomes: [news('declined')] });
  const [mail, ...others] = await mailsOf(books);
  assert.equal(others.length, 0, 'told once');
  assert.match(mail?.text ?? '', /We try .* again on Mar(ch)? 5/);
  assert.match(mail?.html ?? '', /\/i\/inv_/);
  await workAutopayAt(books, march(4));
  assert.equal((await chargesOf(books)).length, 1);
  await workAutopayAt(books, march(9));
  await workAutopayAt(books, march(9));
  const [, second, ...more] = await chargesOf(books);
  assert.equal(more.length, 0);
  await answer(books, second?.id ?? '', { now: march(9), outcomes: [news('declined')] });
  await workAutopayAt(books, march(28));
  assert.equal((await chargesOf(books)).length, 2, 'no third try');
});

test('what was there before autopay waits, until it is revised', async () => {
  const { books, customerId, methodId } = await autopayHouse();
  await books.tx((tx) => tx.run(sql`delete from autopays where organization_id = ${books.organizationId}`));
  const old = await given.invoice(books, customerId, 10_000n);
  await switchOn(books, { customerId, methodId, now: march(3) });
  await workAutopayAt(books, march(4));
  assert.deepEqual(await chargesOf(books), []);
  await reviseTo({ ...books, now: march(5) }, old, { amount: 12_000n });
  await workAutopayAt(books, march(5));
  assert.deepEqual(
    (await chargesOf(books)).map(({ amount }) => amount),
    [12_000n],
  );
});

test('above the agreed maximum: not charged but asked about, and charged once the payer agrees to more', async () => {
  const { books, customerId, methodId } = await autopayHouse({ maximum: 50_000n });
  const small = [
    await given.invoice(books, customerId, 30_000n),
    await given.invoice(books, customerId, 30_000n),
  ];
  const large = await given.invoice(books, customerId, 60_000n);
  await workAutopayAt(books, march(2));
  await workAutopayAt(books, march(3));
  assert.deepEqual(
    (await chargesOf(books)).map(({ invoices }) => invoices[0]).sort(),
    [...small].sort(),
    'two charges, since both at once would be above it',
  );
  assert.deepEqual(await kindsOf(books), ['autopay_over_maximum'], 'asked once');
  await switchOn(books, { customerId, methodId, terms: { maximum: 60_000n }, now: march(4) });
  await workAutopayAt(books, march(4));
  assert.deepEqual((await chargesOf(books)).at(-1)?.invoices, [large]);
});

test('a notice goes so many days before the charge; another amount is told anew', async () => {
  const { books, customerId } = await autopayHouse({ chargeWhen: 'due_date', noticeDays: 5 });
  const invoiceId = await given.invoice(books, customerId, 10_000n, { dueDate: '2026-03-20' });
  await workAutopayAt(books, march(14));
  assert.deepEqual(await mailsOf(books), []);
  await workAutopayAt(books, march(15));
  const [notice] = await mailsOf(books);
  assert.match(notice?.text ?? '', /\$100\.00/);
  assert.match(notice?.text ?? '', /Mar(ch)? 20/);
  assert.match(notice?.text ?? '', /stop it/);
  await reviseTo({ ...books, now: march(18) }, invoiceId, { amount: 15_000n });
  await workAutopayAt(books, march(20));
  assert.deepEqual(await chargesOf(books), [], 'the new amount was not told in time');
  assert.equal((await mailsOf(books)).length, 2);
  await workAutopayAt(books, march(25));
  assert.deepEqual(
    (await chargesOf(books)).map(({ amount }) => amount),
    [15_000n],
  );
});

test('a bank account without an agreed maximum is debited ten days after its payer was told', async () => {
  const { books, customerId } = await autopayHouse({}, bankAccount);
  await given.invoice(books, customerId, 10_000n);
  await workAutopayAt(books, march(2));
  assert.deepEqual(await kindsOf(books), ['autopay_notice']);
  await workAutopayAt(books, march(11));
  assert.deepEqual(await chargesOf(books), []);
  await workAutopayAt(books, march(12));
  assert.equal((await chargesOf(books)).length, 1);
});

test('a parent pays what its children bill with it: one charge each, by the parent’s method', async () => {
  const { books, customerId: parentId, methodId } = await autopayHouse();
  const children = [await given.customer(books), await given.customer(books)];
  for (const id of children)
    await setCustomer(books, id, sql`parent_id = ${parentId}, bill_with_parent = true`);
  for (const id of [parentId, ...children]) await given.invoice(books, id, 10_000n);
  await workAutopayAt(books, march(2));
  const charges = await chargesOf(books);
  assert.deepEqual(charges.map((each) => each.customerId).sort(), [parentId, ...children].sort());
  assert.deepEqual(new Set(charges.map((each) => each.paymentMethodId)), new Set([methodId]));
});

test('disputed, promised, planned, paid in another way: autopay keeps away', async () => {
  const { books, customerId } = await autopayHouse();
  const ids = await Promise.all([1n, 2n, 3n].map((n) => given.invoice(books, customerId, 10_000n * n)));
  const plan = (
    id: string | undefined,
  ) => sql`update invoices set payment_plan_id = 'pln_0000000000000000000001'
    where organization_id = ${books.organizationId} and id = ${id}`;
  await books.tx((tx) => tx.run(plan(ids[0])));
  const pay = { customerId, amount: 20_000n, applications: [{ invoiceId: ids[1] ?? '', amount: 20_000n }] };
  await given.charge(books, pay);
  await books.tx((tx) =>
    tx.run(sql`insert into promises_to_pay (organization_id, id, customer_id, invoice_id, promised_on, amount, state, created_at)
      select organization_id, 'ptp_0000000000000000000001', customer_id, id, '2026-03-20', balance_due, 'open', issued_at
      from invoices where organization_id = ${books.organizationId} and id = ${ids[2]}`),
  );
  await workAutopayAt(books, march(2));
  assert.deepEqual(await chargesOf(books), []);
});

test('nothing is charged while the organization holds its messages', async () => {
  const { books, customerId } = await autopayHouse();
  await given.invoice(books, customerId, 10_000n);
  const hold = (since: string | null) =>
    books.tx((tx) =>
      tx.run(
        sql`update organizations set automatic_messages_since = ${since} where id = ${books.organizationId}`,
      ),
    );
  await hold(null);
  await workAutopayAt(books, march(2));
  assert.deepEqual(await chargesOf(books), []);
  await hold('2026-03-01');
  await workAutopayAt(books, march(3));
  assert.equal((await chargesOf(books)).length, 1);
});

test('a method that autopay charges cannot be removed, and the refusal says why', async () => {
  const { books, customerId, methodId } = await autopayHouse();
  const remove = () =>
    books.tx((tx) =>
      removeMethod(tx, books.actor, { organizationId: books.organizationId, customerId, methodId }, march(2)),
    );
  await assert.rejects(
    remove(),
    /Autopay charges this method\. Give autopay another method or switch it off/,
  );
});

test('the day’s work, twice, and the news of the invoices, all at once, charge each invoice once', async () => {
  const { books, customerId } = await autopayHouse();
  const ids: string[] = [];
  for (let at = 0; at < 6; at += 1) ids.push(await given.invoice(books, customerId, 10_000n));
  const now = (subjectId: string) =>
    chargeInvoiceNow({ ...makings, db: books.db }, { organizationId: books.organizationId, subjectId });
  await Promise.all([
    workAutopayAt(books, march(2)),
    workAutopayAt(books, march(2)),
    ...ids.map(now),
    ...ids.map(now),
  ]);
  const charged = (await chargesOf(books)).flatMap(({ invoices }) => invoices);
  assert.deepEqual(charged.sort(), [...ids].sort());
});
