import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { given } from '../../../test/support/given.ts';
import { mailsOf } from '../../../test/support/mails.ts';
import {
  owing,
  remindDay,
  reminded,
  remindersOf,
  remindThrough,
  set,
  setCustomer,
  setInvoice,
  setSteps,
  wentOf,
} from '../../../test/support/reminders.ts';

describe('the reminders of a day', () => {
  test('an invoice is reminded of on each day of its policy, and on no other', async () => {
    const { books, invoiceId } = await reminded({ dueDate: '2026-04-10' });
    await remindThrough(books, '2026-04-01', '2026-06-30');
    assert.deepEqual(await wentOf(books), [
      '2026-04-07 upcoming_payment',
      '2026-04-10 payment_due',
      '2026-04-17 payment_past_due',
      '2026-04-24 payment_past_due',
      '2026-05-10 payment_past_due',
      '2026-06-09 payment_past_due',
    ]);
    const mails = await mailsOf(books);
    assert.deepEqual(
      mails.map(({ kind, invoiceId: of }) => [kind, of === invoiceId]),
      (await wentOf(books)).map((went) => [went.slice(11), true]),
    );
    assert.match(mails[0]?.text ?? '', /\$120\.50/);
  });

  test('nothing goes before automatic messages are on; then the newest goes once', async () => {
    const { books } = await reminded({ dueDate: '2026-03-01' });
    await set(books, sql`automatic_messages_since = null`);
    await remindThrough(books, '2026-03-01', '2026-04-09');
    assert.deepEqual(await remindersOf(books), []);
    await set(books, sql`automatic_messages_since = '2026-04-10T00:00:00Z'`);
    await remindThrough(books, '2026-04-10', '2026-04-12');
    assert.deepEqual(await wentOf(books), ['2026-04-10 payment_past_due']);
  });

  test('after forty dead days one reminder goes, the newest, and an old import is not flooded', async () => {
    const { books, customerId } = await reminded({ dueDate: '2026-04-10' });
    await remindDay(books, '2026-04-07');
    const old = await owing(books, customerId, { dueDate: '2024-01-01' });
    await remindThrough(books, '2026-05-17', '2026-05-20');
    const rows = (await remindersOf(books)).filter(({ state }) => state === 'sent');
    assert.deepEqual(
      rows.map(({ dueOn, sentOn, invoiceId }) => [invoiceId === old, dueOn, sentOn]),
      [
        [false, '2026-04-07', '2026-04-07'],
        [false, '2026-05-10', '2026-05-17'],
        [true, '2026-05-20', '2026-05-20'],
        [true, '2026-04-20', '2026-05-17'],
      ].sort((a, b) => String(a[1]).localeCompare(String(b[1]))),
    );
  });

  test('a due date that nobody worked on is told of the next day, in words that are true then', async () => {
    const { books } = await reminded({ dueDate: '2026-04-10' });
    await setSteps(books, [
      { type: 'upcoming_payment', dayOffset: -3 },
      { type: 'payment_due', dayOffset: 0, subject: 'Due today!', body: 'Today.' },
    ]);
    await remindDay(books, '2026-04-11');
    assert.deepEqual(await wentOf(books), ['2026-04-11 payment_past_due']);
    assert.equal((await mailsOf(books))[0]?.subject, `Invoice INV-1001 is past due`);
  });

  test('what is upcoming is never said after the due date', async () => {
    const { books } = await reminded({ dueDate: '2026-04-10' });
    await setSteps(books, [{ type: 'upcoming_payment', dayOffset: -3 }]);
    await remindThrough(books, '2026-04-11', '2026-04-20');
    assert.deepEqual(await remindersOf(books), []);
  });

  test('two workers at once make one message', async () => {
    const { books } = await reminded({ dueDate: '2026-04-10' });
    await Promise.all(Array.from({ length: 6 }, () => remindDay(books, '2026-04-10')));
    assert.equal((await mailsOf(books)).length, 1);
    assert.deepEqual(await wentOf(books), ['2026-04-10 payment_due']);
  });

  test('a step has its own words where it has them', async () => {
    const { books } = await reminded({ dueDate: '2026-04-10' });
    await setSteps(books, [
      {
        type: 'payment_past_due',
        dayOffset: 5,
        subject: 'Once more: {{invoice.number}}',
        body: 'Dear {{customer.first_name}}',
      },
    ]);
    await remindDay(books, '2026-04-15');
    const [mail] = await mailsOf(books);
    assert.equal(mail?.subject, 'Once more: INV-1001');
    assert.match(mail?.text ?? '', /Dear Ana/);
  });
});

describe('what holds a reminder', () => {
  const held = async (hold: (at: Awaited<ReturnType<typeof reminded>>) => Promise<unknown>) => {
    const at = await reminded({ dueDate: '2026-04-10' });
    await hold(at);
    await remindThrough(at.books, '2026-04-17', '2026-04-18');
    const rows = await remindersOf(at.books);
    assert.equal((await mailsOf(at.books)).length, 0);
    assert.equal(rows.length, 1);
    assert.deepEqual([rows[0]?.state, rows[0]?.dueOn, rows[0]?.heldOn], ['held', '2026-04-17', '2026-04-17']);
    return { ...at, rule: rows[0]?.heldBy };
  };
  const dispute = (
    { books, customerId, invoiceId }: Awaited<ReturnType<typeof reminded>>,
    until: string | null,
  ) =>
    books.tx((tx) =>
      tx.run(sql`insert into disputes (organization_id, id, customer_id, invoice_id, reason, rests_until, state, created_at)
        values (${books.organizationId}, 'dsp_' || substr(md5(${invoiceId}), 1, 22), ${customerId}, ${invoiceId}, 'Wrong', ${until}, 'open', now())`),
    );
  const promise = ({ books, customerId, invoiceId }: Awaited<ReturnType<typeof reminded>>, day: string) =>
    books.tx((tx) =>
      tx.run(sql`insert into promises_to_pay (organization_id, id, customer_id, invoice_id, amount, promised_on, state, created_at)
        values (${books.organizationId}, 'ptp_' || substr(md5(${invoiceId}), 1, 22), ${customerId}, ${invoiceId}, 1, ${day}, 'open', now())`),
    );
  const cases: [string, string, (at: Awaited<ReturnType<typeof reminded>>) => Promise<unknown>][] = [
    [
      'reminders are off for the customer',
      'customer_takes_reminders',
      ({ books, customerId }) => setCustomer(books, customerId, sql`send_reminders = false`),
    ],
    [
      'the invoice is opted out',
      'invoice_not_opted_out',
      ({ books, invoiceId }) => setInvoice(books, invoiceId, sql`reminders_off = true`),
    ],
    [
      'the customer is inactive',
      'customer_active',
      ({ books, customerId }) => setCustomer(books, customerId, sql`deactivated_at = now()`),
    ],
    [
      'the type is off in every channel',
      'channel_on',
      ({ books, customerId }) =>
        setCustomer(books, customerId, sql`message_cells = array['payment_due.email']`),
    ],
    [
      'there is no address',
      'address_good',
      ({ books, customerId }) => setCustomer(books, customerId, sql`email = null`),
    ],
    [
      'the address has bounced',
      'address_good',
      ({ books }) =>
        books.tx((tx) =>
          tx.run(
            sql`insert into email_problems (organization_id, email, kind, reason, since) values (${books.organizationId}, 'ana@example.com', 'hard_bounce', '550', now())`,
          ),
        ),
    ],
    ['it is disputed', 'no_open_dispute', (at) => dispute(at, null)],
    ['a dispute rests until a later day', 'no_open_dispute', (at) => dispute(at, '2026-04-19')],
    ['payment is promised for a later day', 'no_open_promise', (at) => promise(at, '2026-04-18')],
    [
      'a payment on its way covers it',
      'balance_payable',
      ({ books, customerId, invoiceId }) =>
        given.charge(books, { customerId, amount: 12_050n, applications: [{ invoiceId, amount: 12_050n }] }),
    ],
  ];
  for (const [why, rule, hold] of cases) test(why, async () => assert.equal((await held(hold)).rule, rule));

  test('what was held goes when the hold ends, if it is still the newest, and it is known what held it', async () => {
    const at = await held((each) => promise(each, '2026-04-18'));
    await remindThrough(at.books, '2026-04-19', '2026-04-20');
    const [row] = await remindersOf(at.books);
    assert.deepEqual(
      [row?.state, row?.dueOn, row?.sentOn, row?.heldBy],
      ['sent', '2026-04-17', '2026-04-19', 'no_open_promise'],
    );
    assert.equal((await mailsOf(at.books)).length, 1);
  });

  test('what was held until a newer step came is never said', async () => {
    const at = await held((each) => dispute(each, null));
    await at.books.tx((tx) =>
      tx.run(
        sql`update disputes set state = 'resolved', ended_at = now() where organization_id = ${at.books.organizationId}`,
      ),
    );
    await remindThrough(at.books, '2026-04-24', '2026-04-26');
    assert.deepEqual(await wentOf(at.books), ['2026-04-24 payment_past_due']);
    assert.equal((await remindersOf(at.books)).filter(({ state }) => state === 'held').length, 1);
  });

  test('a payment that comes back lets reminders go on; a part that is paid does not stop them', async () => {
    const { books, customerId, invoiceId } = await reminded({ dueDate: '2026-04-10' });
    const all = await given.charge(books, {
      customerId,
      amount: 12_050n,
      applications: [{ invoiceId, amount: 12_050n }],
    });
    await remindDay(books, '2026-04-10');
    await given.outcome(books, all.paymentId, {
      outcome: 'declined',
      reference: 'r',
      code: 'insufficient_funds',
      message: 'no',
    });
    await given.payment(books, { customerId, amount: 50n, applications: [{ invoiceId, amount: 50n }] });
    await remindDay(books, '2026-04-11');
    assert.deepEqual(await wentOf(books), ['2026-04-11 payment_past_due']);
    assert.match((await mailsOf(books)).at(-1)?.text ?? '', /\$120\.00/);
  });

  test('an inactive customer is written to where the organization wants it', async () => {
    const { books, customerId } = await reminded({ dueDate: '2026-04-10' });
    await setCustomer(books, customerId, sql`deactivated_at = now()`);
    await set(books, sql`send_to_inactive = true`);
    await remindDay(books, '2026-04-10');
    assert.equal((await mailsOf(books)).length, 1);
  });
});

describe('who reads, and in how many messages', () => {
  test('a customer that bills with its parent is reminded by the parent’s policy and settings', async () => {
    const { books, customerId } = await reminded({ dueDate: '2026-04-10' });
    const parent = await given.customer(books, { displayName: 'Head', email: 'head@example.com' });
    await setCustomer(
      books,
      customerId,
      sql`parent_id = ${parent}, bill_with_parent = true, send_reminders = false, message_cells = '{}'`,
    );
    await remindDay(books, '2026-04-10');
    assert.deepEqual(
      (await mailsOf(books)).map(({ toEmails }) => toEmails),
      [['head@example.com']],
    );
    await setCustomer(books, parent, sql`send_reminders = false`);
    await remindDay(books, '2026-04-17');
    assert.deepEqual(
      (await remindersOf(books)).map(({ heldBy }) => heldBy),
      [null, 'customer_takes_reminders'],
    );
  });

  test('one message covers all that is open, is led by the gravest step, and leaves out what rests', async () => {
    const { books, customerId, invoiceId } = await reminded({ dueDate: '2026-04-10', number: 'A-1' });
    await owing(books, customerId, { dueDate: '2026-04-17', number: 'A-2' });
    await owing(books, customerId, { dueDate: '2026-05-30', number: 'A-3' });
    const out = await owing(books, customerId, { dueDate: '2026-04-01', number: 'A-4' });
    await setInvoice(books, out, sql`reminders_off = true`);
    const other = await given.customer(books, { email: 'other@example.com' });
    await owing(books, other, { dueDate: '2026-04-17', number: 'B-1' });
    await setSteps(
      books,
      [
        { type: 'payment_due', dayOffset: 0 },
        { type: 'payment_past_due', dayOffset: 7 },
      ],
      { oneMessage: true },
    );
    await Promise.all([remindDay(books, '2026-04-17'), remindDay(books, '2026-04-17')]);
    const mails = await mailsOf(books);
    assert.deepEqual(mails.map(({ kind, toEmails }) => [kind, toEmails[0]]).sort(), [
      ['payment_due', 'other@example.com'],
      ['payment_past_due', 'ana@example.com'],
    ]);
    const mail = mails.find(({ kind }) => kind === 'payment_past_due');
    for (const number of ['A-1', 'A-2', 'A-3']) assert.ok(mail?.text.includes(number), number);
    assert.ok(!mail?.text.includes('A-4'));
    const rows = (await remindersOf(books)).filter(({ messageIds }) => messageIds[0] === mail?.id);
    assert.equal(rows.length, 2);
    assert.ok(rows.some((row) => row.invoiceId === invoiceId && row.messageType === 'payment_past_due'));
  });

  test('many invoices are worked in batches, each once', async () => {
    const { books, customerId } = await reminded({ dueDate: '2026-04-10' });
    await books.tx((tx) =>
      tx.run(sql`insert into invoices (organization_id, id, customer_id, number, currency, invoice_date, due_date, subtotal,
        total, issued_at, created_at, updated_at)
        select ${books.organizationId}, 'inv_' || lpad(n::text, 22, '0'), ${customerId}, 'X-' || n, 'USD', '2026-01-01', '2026-04-10', 100, 100, now(), now(), now()
        from generate_series(1, 600) n`),
    );
    await Promise.all([remindDay(books, '2026-04-10'), remindDay(books, '2026-04-10')]);
    assert.equal((await wentOf(books)).length, 601);
    assert.equal((await mailsOf(books)).length, 601);
  });
});
