import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { chasingKinds } from '#features/correspondence/hold-stale.ts';
import type { NewMessage } from '#features/correspondence/queue-messages.ts';
import { sendLetter } from '#features/correspondence/send-letter.ts';
import { confirmAddress, doubtAddress } from '#features/letters/confirm-address.ts';
import { renderLetter } from '#features/letters/render-letter.ts';
import { newId } from '#lib/ids.ts';
import {
  agreesToTexts,
  austin,
  type ChannelHouse,
  channelHouse,
  messageRow,
  monday,
  phone,
  queueOne,
  queueText,
  runText,
} from '../../../test/support/channels.ts';
import { given, secrets } from '../../../test/support/given.ts';

let house: ChannelHouse;
before(async () => {
  house = await channelHouse();
});
after(() => house.close());

type Sql = ReturnType<typeof sql>;
const run = (statement: Sql) => house.books.tx((tx) => tx.run(statement));
const org = () => house.books.organizationId;
/** Six in the morning in Austin: too early for texts; and ten, when they may go. */
const early = new Date('2026-03-02T12:00:00Z');
const ten = new Date('2026-03-02T16:00:00Z');

type At = { customerId: string; invoiceId: string };
async function debtor(): Promise<At> {
  const customerId = await given.customer(house.books, { phone, billingAddress: austin });
  const dates = { invoiceDate: '2026-02-01', dueDate: '2026-03-02' };
  const invoiceId = await given.invoice(house.books, customerId, 5_000n, dates);
  await agreesToTexts(house.books, customerId, phone);
  return { customerId, invoiceId };
}
const dispute = ({ customerId, invoiceId }: At, until: string | null = null) =>
  run(sql`insert into disputes (organization_id, id, customer_id, invoice_id, reason, rests_until, state, created_at)
    values (${org()}, ${newId('dispute')}, ${customerId}, ${invoiceId}, 'Wrong', ${until}, 'open', now())`);
const promise = ({ customerId, invoiceId }: At, day: string) =>
  run(sql`insert into promises_to_pay (organization_id, id, customer_id, invoice_id, amount, promised_on, state, created_at)
    values (${org()}, ${newId('promiseToPay')}, ${customerId}, ${invoiceId}, 1, ${day}, 'open', now())`);
const pay = ({ customerId, invoiceId }: At) =>
  given.payment(house.books, { customerId, amount: 5_000n, applications: [{ invoiceId, amount: 5_000n }] });
const setOf = (id: string, change: Sql) => run(sql`update customers set ${change} where id = ${id}`);
const deactivate = ({ customerId }: At) => setOf(customerId, sql`deactivated_at = now()`);
const leaveAlone = ({ customerId }: At) =>
  run(sql`update customers set do_not_contact = 'represented' where id = ${customerId}`);

const cases: [string, (at: At) => Promise<unknown>, string | null][] = [
  ['nothing has happened', async () => undefined, null],
  ['it was paid', pay, 'not_payable'],
  ['it is disputed', (at) => dispute(at), 'invoice_rests'],
  ['a dispute rests until a day that has come', (at) => dispute(at, '2026-03-02'), null],
  ['payment was promised', (at) => promise(at, '2026-03-05'), 'invoice_rests'],
  ['a promise was broken', (at) => promise(at, '2026-03-01'), null],
  ['the customer must be left alone', leaveAlone, 'do_not_contact'],
  ['the customer was deactivated', deactivate, 'customer_inactive'],
  [
    'the customer takes no reminders any more',
    ({ customerId }) => setOf(customerId, sql`send_reminders = false`),
    'reminders_off',
  ],
  [
    'the parent that reads for it now takes none',
    async ({ customerId }) => {
      const parent = await given.customer(house.books, {
        sendReminders: false,
        phone,
        billingAddress: austin,
      });
      await agreesToTexts(house.books, parent, phone);
      await setOf(customerId, sql`parent_id = ${parent}, bill_with_parent = true`);
    },
    'reminders_off',
  ],
  [
    'the invoice was opted out',
    ({ invoiceId }) => run(sql`update invoices set reminders_off = true where id = ${invoiceId}`),
    'opted_out',
  ],
];

describe('a text that waited for the morning', () => {
  for (const [why, happens, rule] of cases)
    test(`${rule ? 'is held back' : 'goes'}: ${why}`, async () => {
      const at = await debtor();
      const id = await queueText(house, { kind: 'payment_due', ...at }, early);
      assert.equal((await messageRow(house.books, id)).state, 'queued');
      await happens(at);
      await runText(house, id, ten);
      const row = await messageRow(house.books, id);
      assert.deepEqual([row.state, row.suppressedBy], [rule ? 'suppressed' : 'sent', rule]);
    });

  test('says no more that an invoice is due today when that day has passed, but says that it is past due', async () => {
    const at = await debtor();
    const tuesday = new Date('2026-03-03T17:00:00Z');
    const due = await queueText(house, { kind: 'payment_due', ...at }, early);
    const late = await queueText(house, { kind: 'payment_past_due', ...at }, early);
    await runText(house, due, tuesday);
    await runText(house, late, tuesday);
    assert.equal((await messageRow(house.books, due)).suppressedBy, 'day_is_over');
    assert.equal((await messageRow(house.books, late)).state, 'sent');
  });

  test('about all that is open goes while anything on it is, and a new invoice in any case', async () => {
    const at = await debtor();
    const child = await given.customer(house.books, { parentId: at.customerId, billWithParent: true });
    const { customerId } = at;
    await given.invoice(house.books, child, 100n);
    await pay(at);
    const all = await queueText(house, { kind: 'statement', customerId }, early);
    const bring = await queueText(house, { kind: 'new_invoice', ...at }, early);
    await runText(house, all, ten);
    await runText(house, bring, ten);
    assert.equal((await messageRow(house.books, all)).state, 'sent');
    assert.equal((await messageRow(house.books, bring)).state, 'sent');
    const ruleOf = async (change: Sql) => {
      await run(change);
      const id = await queueText(house, { kind: 'statement', customerId }, early);
      await runText(house, id, ten);
      return (await messageRow(house.books, id)).suppressedBy;
    };
    // A child's that is billed by itself is on it only where the parent sees it.
    const apart = sql`update customers set bill_with_parent = false where id = ${child}`;
    assert.equal(await ruleOf(apart), 'not_payable');
    const seen = sql`update customers set portal_show_children = true where id = ${customerId}`;
    assert.equal(await ruleOf(seen), null);
  });
});

describe('a letter that waited', () => {
  const about = { channel: 'paper' as const, to: [], subject: 'Invoice', html: '', text: 'Dear Ana' };
  const queue = (at: At, kind: string, more: Partial<NewMessage> = {}) => {
    const letter = {
      ...about,
      kind,
      ...at,
      toAddress: { name: 'Ana', address: austin },
      awaitsDocument: true,
    };
    return queueOne(house, { ...letter, ...more }, monday);
  };
  const confirm = ({ customerId }: At) =>
    house.books.tx((tx) =>
      confirmAddress(tx, house.books.actor, { organizationId: org(), customerId }, monday),
    );
  const render = (messageId: string, at: Date) =>
    renderLetter(
      { db: house.books.db, secrets, baseUrl: 'http://owed.test' },
      { organizationId: org(), messageId },
      at,
    );

  for (const [why, happens, rule] of cases)
    test(`for its pages ${rule ? 'is held back' : 'goes'}: ${why}`, async () => {
      const at = await debtor();
      await confirm(at);
      const id = await queue(at, 'payment_past_due');
      await happens(at);
      await render(id, monday);
      const row = await messageRow(house.books, id);
      assert.deepEqual([row.state, row.suppressedBy], [rule ? 'suppressed' : 'queued', rule]);
    });

  test('for a deactivated customer goes where messages go to the inactive', async () => {
    const at = await debtor();
    await confirm(at);
    const id = await queue(at, 'payment_past_due');
    await deactivate(at);
    await run(sql`update organizations set send_to_inactive = true where id = ${org()}`);
    await render(id, monday);
    await run(sql`update organizations set send_to_inactive = false where id = ${org()}`);
    assert.equal((await messageRow(house.books, id)).suppressedBy, null);
  });

  test('does not go to an address that has come into doubt: one that brings an invoice waits for it again', async () => {
    const at = await debtor();
    await confirm(at);
    const [asks, brings] = [await queue(at, 'payment_past_due'), await queue(at, 'new_invoice')];
    const doubt = { organizationId: org(), customerId: at.customerId, reason: 'Moved' };
    await house.books.tx((tx) => doubtAddress(tx, house.books.actor, doubt, monday));
    await render(asks, monday);
    await render(brings, monday);
    assert.equal((await messageRow(house.books, asks)).suppressedBy, 'address_unconfirmed');
    const waiting = await messageRow(house.books, brings);
    assert.deepEqual(
      [waiting.state, waiting.awaitsAddress, waiting.awaitsDocument, waiting.nextAttemptAt],
      ['queued', true, true, null],
    );
    assert.equal((await confirm(at)).released, 1);
    await render(brings, monday);
    assert.equal((await messageRow(house.books, brings)).awaitsDocument, false);
  });

  test('a statement sent by hand waits for its address, and goes there when that is confirmed', async () => {
    const at = await debtor();
    await confirm(at);
    const byHand = { dedupeKey: `statement_by_hand:${newId('request')}` };
    const id = await queue(at, 'statement', byHand);
    const doubt = { organizationId: org(), customerId: at.customerId, reason: 'Moved' };
    await house.books.tx((tx) => doubtAddress(tx, house.books.actor, doubt, monday));
    await render(id, monday);
    assert.equal((await messageRow(house.books, id)).awaitsAddress, true);
    assert.equal((await confirm(at)).released, 1);
    const row = await messageRow(house.books, id);
    assert.deepEqual([row.state, row.suppressedBy, row.awaitsAddress], ['queued', null, false]);
  });

  test('for its printer is held back when the invoice is paid by then', async () => {
    const at = await debtor();
    await confirm(at);
    const id = await queue(at, 'payment_past_due');
    await render(id, monday);
    await pay(at);
    await sendLetter(
      { db: house.books.db, carriers: house.carriers },
      { organizationId: org(), messageId: id },
      monday,
    );
    assert.equal((await messageRow(house.books, id)).suppressedBy, 'not_payable');
  });

  test('for its address does not wait where it asks for payment: it is held back, and stays so', async () => {
    const at = await debtor();
    const ids: string[] = [];
    for (const kind of chasingKinds) ids.push(await queue(at, kind));
    const states = async () =>
      Promise.all(ids.map(async (id) => (await messageRow(house.books, id)).suppressedBy));
    assert.deepEqual(
      await states(),
      chasingKinds.map(() => 'address_unconfirmed'),
    );
    assert.equal((await confirm(at)).released, 0);
  });

  test('for its address leaves when that is confirmed if it brings an invoice that is open, and no other does', async () => {
    const at = await debtor();
    const paid = { ...at, invoiceId: await given.invoice(house.books, at.customerId, 5_000n) };
    const open = await queue(at, 'new_invoice');
    const closed = await queue(paid, 'new_invoice');
    // One that asks for payment, from before these were held back.
    const weekly = await queue(at, 'new_invoice');
    await run(sql`update messages set kind = 'payment_past_due' where id = ${weekly}`);
    await pay(paid);
    assert.equal((await confirm(at)).released, 1);
    const rules = [open, closed, weekly].map(async (id) => (await messageRow(house.books, id)).suppressedBy);
    assert.deepEqual(await Promise.all(rules), [null, 'not_payable', 'address_unconfirmed']);
  });
});
