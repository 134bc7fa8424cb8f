import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { type Tell, tellCustomers } from '#features/messenger/tell-customers.ts';
import { agreesToTexts } from '../../../test/support/channels.ts';
import { type Books, given, read } from '../../../test/support/given.ts';
import { invoiceOfAna, mailsOf, makings, setOrganization } from '../../../test/support/mails.ts';

const tell = (books: Books, tells: readonly Tell[]) =>
  books.tx((tx) =>
    tellCustomers(tx, books.actor, { ...makings, organizationId: books.organizationId, tells }, books.now),
  );
const setCustomer = (books: Books, id: string, assignment: ReturnType<typeof sql>) =>
  books.tx((tx) =>
    tx.run(
      sql`update customers set ${assignment} where organization_id = ${books.organizationId} and id = ${id}`,
    ),
  );
const about = (type: Tell['type'], customerId: string, ...invoiceIds: string[]): Tell => ({
  type,
  customerId,
  invoiceIds,
  key: `${type}:${invoiceIds[0]}`,
});
const home = { line1: '1 Elm Street', city: 'Portland', region: 'ME', postal_code: '04101', country: 'US' };
const problem = (books: Books, email: string) =>
  books.tx((tx) =>
    tx.run(sql`insert into email_problems (organization_id, email, kind, reason, since)
      values (${books.organizationId}, ${email}, 'hard_bounce', '550 no such user', ${books.now})`),
  );

describe('telling a customer about an invoice', () => {
  test('one message goes in each channel that is on, each says the amount and leads to the invoice', async () => {
    const { books, customerId, invoiceId } = await invoiceOfAna();
    await setCustomer(
      books,
      customerId,
      sql`message_cells = array['payment_due.email', 'payment_due.sms', 'payment_due.paper'],
        phone = '(207) 555-0134', billing_address = ${JSON.stringify(home)}, address_state = 'confirmed'`,
    );
    await agreesToTexts(books, customerId, '+12075550134');
    const [told] = await tell(books, [about('payment_due', customerId, invoiceId)]);
    assert.deepEqual(
      told?.messages.map(({ channel, isNew, state, to }) => [channel, isNew, state, to]),
      [
        ['email', true, 'sent', ['ana@example.com']],
        // Till its hours: nobody's state is known here.
        ['sms', true, 'queued', ['+12075550134']],
        ['paper', true, 'queued', ['Ana & <b>Sons</b>']],
      ],
    );
    const mails = await mailsOf(books);
    for (const { text } of mails) assert.match(text, /\$120\.50/);
    for (const { text } of mails.slice(0, 2)) assert.match(text, /https:\/\/owed\.test\/i\/inv_/);
    assert.match(mails[0]?.html ?? '', /Pay this invoice/);
    assert.equal(mails[0]?.subject, 'Invoice A-7 is due today');
    assert.equal((await read.events(books, invoiceId)).filter((type) => type === 'invoice.sent').length, 3);
  });

  test('the same key makes no second message, also when two tell at once', async () => {
    const { books, customerId, invoiceId } = await invoiceOfAna();
    const same = about('payment_due', customerId, invoiceId);
    const told = await Promise.all([1, 2, 3, 4].map(() => tell(books, [same])));
    assert.equal(told.flat().flatMap(({ messages }) => messages.filter(({ isNew }) => isNew)).length, 1);
    assert.equal(
      new Set(told.flat().flatMap(({ messages }) => messages.map((each) => each.messageId))).size,
      1,
    );
    assert.equal((await mailsOf(books)).length, 1);
    assert.equal((await read.events(books, invoiceId)).filter((type) => type === 'invoice.sent').length, 1);
  });

  test('who bills with a parent is told by the parent’s settings at the parent’s addresses', async () => {
    const { books, customerId, invoiceId } = await invoiceOfAna();
    const top = await given.customer(books, {
      displayName: 'Head',
      email: 'head@example.com',
      firstName: 'Hal',
    });
    const middle = await given.customer(books, {
      displayName: 'Region',
      email: 'r@example.com',
      parentId: top,
    });
    await setCustomer(books, middle, sql`bill_with_parent = true`);
    await setCustomer(
      books,
      customerId,
      sql`parent_id = ${middle}, bill_with_parent = true, message_cells = '{}'`,
    );
    await tell(books, [about('payment_due', customerId, invoiceId)]);
    const [mail] = await mailsOf(books);
    assert.deepEqual([mail?.toEmails, mail?.ccEmails], [['head@example.com'], []]);
    assert.match(mail?.text ?? '', /Hello Hal,/);
    assert.match(mail?.text ?? '', /Ana & <b>Sons<\/b>/);
    await setCustomer(books, top, sql`message_cells = '{}'`);
    const [told] = await tell(books, [{ ...about('payment_due', customerId, invoiceId), key: 'again' }]);
    assert.deepEqual(told, { key: 'again', messages: [], none: 'no_channel' });
  });

  test('addresses with a problem are passed over; with nobody left the message is kept as held back', async () => {
    const { books, customerId, invoiceId } = await invoiceOfAna();
    await problem(books, 'ana@example.com');
    await tell(books, [about('payment_due', customerId, invoiceId)]);
    await problem(books, 'books@example.com');
    const [told] = await tell(books, [about('upcoming_payment', customerId, invoiceId)]);
    assert.equal(told?.messages[0]?.state, 'suppressed');
    const [first, second] = await mailsOf(books);
    assert.deepEqual([first?.toEmails, first?.state], [['books@example.com'], 'sent']);
    assert.deepEqual(
      [second?.toEmails, second?.state],
      [['ana@example.com', 'books@example.com'], 'suppressed'],
    );
    assert.equal((await read.events(books, invoiceId)).filter((type) => type === 'invoice.sent').length, 1);
  });

  test('without any address nothing goes, and the answer says so', async () => {
    const { books, customerId, invoiceId } = await invoiceOfAna();
    await setCustomer(books, customerId, sql`email = null, cc_emails = '{}'`);
    const [told] = await tell(books, [about('payment_due', customerId, invoiceId)]);
    assert.equal(told?.none, 'no_address');
    assert.equal((await mailsOf(books)).length, 0);
  });
});

describe('telling a customer about several invoices', () => {
  test('is one mail with each of them, the sum, what is past due, and one link to pay all', async () => {
    const { books, customerId, invoiceId } = await invoiceOfAna();
    const late = await given.invoice(books, customerId, 7_950n, {
      invoiceDate: '2026-01-01',
      dueDate: '2026-01-31',
      number: 'A-3',
    });
    await tell(books, [about('payment_past_due', customerId, invoiceId, late)]);
    const [mail] = await mailsOf(books);
    assert.equal(mail?.subject, '2 invoices are open, $200.00 in all');
    for (const fact of ['$200.00', 'A-3', 'A-7', '$79.50', 'Jan 31, 2026', 'Of this $79.50 is past due.'])
      assert.ok(mail?.html.includes(fact), fact);
    assert.match(mail?.text ?? '', /https:\/\/owed\.test\/s\/cus_/);
    assert.equal(mail?.invoiceId, null);
  });

  test('eighty invoices fit into a mail, which names the first fifty and sums all', async () => {
    const { books, customerId, invoiceId } = await invoiceOfAna(100n);
    const more = await Promise.all(
      Array.from({ length: 79 }, (_, at) => given.invoice(books, customerId, 100n, { number: `B-${at}` })),
    );
    await tell(books, [about('statement', customerId, invoiceId, ...more)]);
    const [mail] = await mailsOf(books);
    assert.ok(Buffer.byteLength(mail?.html ?? '') < 100_000);
    assert.match(mail?.text ?? '', /And 30 more invoices\./);
    assert.match(mail?.text ?? '', /\$80\.00/);
  });

  test('a statement does not count as the first sending of an invoice; other words and values are taken', async () => {
    const { books, customerId, invoiceId } = await invoiceOfAna();
    await setOrganization(books, sql`attach_invoice_pdf = true`);
    await tell(books, [
      {
        ...about('statement', customerId, invoiceId),
        words: {
          email: { subject: 'Fee {{late_fee.amount}}', body: '{{statement.count}} of {{statement.total}}' },
        },
        values: { 'late_fee.amount': '$5.00' },
      },
    ]);
    const [mail] = await mailsOf(books);
    assert.equal(mail?.subject, 'Fee $5.00');
    assert.match(mail?.text ?? '', /1 of \$120\.50/);
    assert.equal(mail?.state, 'sent', 'it waits for no PDF');
    const row = await books.tx((tx) =>
      tx.row<{ firstSentAt: Date | null }>(sql`select first_sent_at from invoices where id = ${invoiceId}`),
    );
    assert.equal(row?.firstSentAt, null);
  });
});
