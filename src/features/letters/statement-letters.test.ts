import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { extractText, getDocumentProxy } from 'unpdf';
import { confirmAddress } from '#features/letters/confirm-address.ts';
import { renderLetter } from '#features/letters/render-letter.ts';
import { tellCustomers } from '#features/messenger/tell-customers.ts';
import { makeStatementLink } from '#features/statements/make-statement-link.ts';
import { systemNow } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import { austin, type ChannelHouse, channelHouse, outbox } from '../../../test/support/channels.ts';
import { given } from '../../../test/support/given.ts';
import { Browser } from '../../../test/support/portal.ts';
import { remindDay, remindersOf, set, setCustomer, setSteps } from '../../../test/support/reminders.ts';
import { testServer } from '../../../test/support/server.ts';

let house: ChannelHouse;
before(async () => {
  house = await channelHouse({ paper: false });
});
after(() => house.close());

const now = systemNow();
const makings = async () => ({ secrets: (await testServer()).parts.secrets, outbox });

async function owing(amounts: bigint[]) {
  const { books } = house;
  const { organizationId, actor } = books;
  const customerId = await given.customer(books, { billingAddress: austin });
  await books.tx((tx) => confirmAddress(tx, actor, { organizationId, customerId }, now));
  const invoiceIds: string[] = [];
  const dates = { invoiceDate: '2026-03-01', dueDate: '2026-03-31' };
  for (const amount of amounts) invoiceIds.push(await given.invoice(books, customerId, amount, dates));
  return { customerId, invoiceIds };
}

async function letterOf(type: 'statement' | 'payment_past_due', owed: Awaited<ReturnType<typeof owing>>) {
  const { books } = house;
  const { organizationId, actor } = books;
  const input = { ...(await makings()), organizationId };
  const tells = [
    { ...owed, type, key: `statement_by_hand:${owed.customerId}`, channels: ['paper' as const] },
  ];
  const [told] = await books.tx((tx) => tellCustomers(tx, actor, { ...input, tells }, now));
  return must(told?.messages[0], 'the letter').messageId;
}

/** The words of the letter as it is printed, without the places where a line may break. */
async function printed(messageId: string): Promise<string> {
  const { db, organizationId } = house.books;
  const { secrets } = await makings();
  await renderLetter({ db, secrets, baseUrl: outbox.baseUrl }, { organizationId, messageId }, now);
  const row = await house.books.tx((tx) =>
    tx.row<{ bytes: Buffer }>(sql`select bytes from message_attachments where message_id = ${messageId}`),
  );
  const pdf = await getDocumentProxy(new Uint8Array(must(row, 'the pages').bytes));
  return (await extractText(pdf, { mergePages: true })).text.replace(/\u200b|(?<=\/\S*)\n/g, '');
}
const linkIn = (text: string): string =>
  must(/owed\.test(\/s\/cus_\w+\/[\w-]{22})/.exec(text)?.[1], 'a link');

test('a statement on paper prints the link to all that is open, which opens without a sign-in', async () => {
  const owed = await owing([12_000n, 3_400n]);
  const text = await printed(await letterOf('statement', owed));
  assert.match(text, /Pay online\s*Scan the code or go to/);
  const visitor = await new Browser().open(linkIn(text));
  assert.equal(visitor.status, 200);
  for (const amount of ['120.00', '34.00']) assert.ok(visitor.text.includes(amount), amount);
});

test('so does one letter that reminds of several invoices, and the link is withdrawn like the others', async () => {
  const { books } = house;
  const owed = await owing([5_000n, 6_000n]);
  await set(books, sql`automatic_messages_since = '2020-01-01T00:00:00Z'`);
  await setCustomer(books, owed.customerId, sql`message_cells = array['payment_past_due.paper']`);
  await setSteps(books, [{ type: 'payment_past_due', dayOffset: 7 }], { oneMessage: true });
  await remindDay(books, '2026-04-07');
  const reminders = (await remindersOf(books)).filter(({ state }) => state === 'sent');
  const letters = new Set(reminders.flatMap(({ messageIds }) => messageIds));
  assert.deepEqual([reminders.length, letters.size], [2, 1], 'one letter of two');
  const link = linkIn(await printed(must([...letters][0], 'a letter')));
  const visitor = await new Browser().open(link);
  assert.equal(visitor.status, 200);
  for (const amount of ['50.00', '60.00']) assert.ok(visitor.text.includes(amount), amount);
  const input = {
    ...(await makings()),
    ...{ organizationId: books.organizationId, customerId: owed.customerId, channels: [], replace: true },
  };
  await books.tx((tx) => makeStatementLink(tx, books.actor, input, now));
  const late = await new Browser().open(link);
  assert.notEqual(late.status, 200);
});

test('a letter about one invoice keeps the link of that invoice', async () => {
  const text = await printed(await letterOf('payment_past_due', await owing([5_000n])));
  assert.match(text, /owed\.test\/i\/inv_/);
  assert.doesNotMatch(text, /\/s\/cus_/);
});

test('where payments under way will cover everything, a letter prints no link', async () => {
  const owed = await owing([5_000n, 6_000n]);
  const id = await letterOf('statement', owed);
  await house.books.tx((tx) =>
    tx.run(sql`update invoices set reserved = balance_due where customer_id = ${owed.customerId}`),
  );
  assert.doesNotMatch(await printed(id), /Pay online/);
});
