import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { recordMailNews } from '#features/correspondence/record-mail-news.ts';
import { confirmAddress, doubtAddress } from '#features/letters/confirm-address.ts';
import { listPaperConflicts } from '#features/letters/queries.ts';
import { listEmailConflicts } from '#features/reports/queries.ts';
import { resendBounced } from '#features/reports/resend-bounced.ts';
import { readTextConsents } from '#features/text-consents/read-text-consents.ts';
import {
  agreesToTexts,
  austin,
  type ChannelHouse,
  channelHouse,
  messageRow,
  phone,
  queueOne,
  queueText,
  runText,
} from '../../../test/support/channels.ts';
import { given } from '../../../test/support/given.ts';
import { makings } from '../../../test/support/mails.ts';

let house: ChannelHouse;
before(async () => {
  house = await channelHouse({ paper: false });
});
after(() => house.close());

const tx = <T>(work: Parameters<typeof house.books.tx<T>>[0]): Promise<T> => house.books.tx(work);

/** A head office that reads for an area, which bills with it, and for a branch, which bills with the area. */
let families = 0;
async function threeLevels(head: Parameters<typeof given.customer>[1] = {}) {
  const { books } = house;
  families += 1;
  const name = (of: string): string => `${of} ${families}`;
  const top = await given.customer(books, {
    displayName: name('Head office'),
    phone,
    billingAddress: austin,
    ...head,
  });
  const area = await given.customer(books, {
    displayName: name('Area'),
    parentId: top,
    billWithParent: true,
  });
  // It is in Hawaii: its morning is not the head office's.
  const branch = await given.customer(books, {
    ...{ displayName: name('Branch'), parentId: area, billWithParent: true, email: 'branch@example.com' },
    billingAddress: { ...austin, region: 'HI', postal_code: '96813' },
  });
  return { top, area, branch, invoiceId: await given.invoice(books, branch, 5_000n) };
}

describe('who bills with a parent that bills with its parent', () => {
  test('is written to on paper at the address of the topmost, which is asked about and confirmed for it', async () => {
    const { books } = house;
    const { organizationId, actor, now } = books;
    const { top, area, branch, invoiceId } = await threeLevels();
    const about = {
      channel: 'paper' as const,
      to: [],
      subject: 'Invoice',
      html: '',
      text: 'Invoice',
      invoiceId,
    };
    const letter = { ...about, customerId: branch, toAddress: { name: 'Head office', address: austin } };
    await tx((t) =>
      t.run(
        sql`update customers set message_cells = array['statement.paper'] where id = ${top} or id = ${branch}`,
      ),
    );
    const waits = await queueOne(house, { ...letter, kind: 'new_invoice' }, now);
    assert.equal((await messageRow(books, waits)).awaitsAddress, true);
    const listed = await tx((t) => listPaperConflicts(t, { organizationId, currency: 'USD' }, { limit: 10 }));
    assert.deepEqual(
      listed.data.map((row) => [row.id, row.open_balance, row.letters_waiting]),
      [[top, 5_000n, 1]],
    );
    const confirm = (customerId: string, address?: typeof austin) =>
      tx((t) => confirmAddress(t, actor, { organizationId, customerId, address }, now));
    assert.equal((await confirm(area, austin)).released, 0, 'an address that nothing goes to');
    assert.equal((await confirm(top)).released, 1);
    assert.equal((await messageRow(books, waits)).awaitsAddress, false);
    await tx((t) => doubtAddress(t, actor, { organizationId, customerId: branch, reason: 'Moved' }, now));
    const again = await queueOne(house, { ...letter, kind: 'new_invoice' }, now);
    assert.equal((await messageRow(books, again)).awaitsAddress, true, 'the topmost is in doubt');
  });

  test('gets texts with the consent of the topmost, and in its hours', async () => {
    const { books } = house;
    const { top, branch, invoiceId } = await threeLevels();
    await agreesToTexts(books, top, phone);
    const reader = { phone, customerId: branch };
    assert.deepEqual(await tx((t) => readTextConsents(t, books.organizationId, [reader])), [true]);
    // 10:00 in Austin, and 06:00 in Honolulu.
    const ten = new Date('2026-03-02T16:00:00Z');
    const id = await queueText(house, { kind: 'new_invoice', customerId: branch, invoiceId }, ten);
    assert.deepEqual((await messageRow(books, id)).nextAttemptAt, ten);
    await runText(house, id, ten);
    assert.equal((await messageRow(books, id)).state, 'sent');
  });

  test('is in the e-mail conflicts by the topmost, whose address is what is missing', async () => {
    const { organizationId } = house.books;
    const { top } = await threeLevels({ displayName: 'Without mail' });
    const list = () => tx((t) => listEmailConflicts(t, { organizationId, view: 'open', limit: 50 }));
    const row = (await list()).data.find(({ id }) => id === top);
    assert.deepEqual(
      [row?.display_name, row?.sub_customers, row?.open_balance, row?.open_invoices],
      ['Without mail', 2, 5_000n, 1],
    );
    assert.ok((await list()).data.every((each) => !each.display_name.startsWith('Branch')));
    await tx((t) => t.run(sql`update customers set email = 'top@example.com' where id = ${top}`));
    assert.ok((await list()).data.every(({ id }) => id !== top));
  });

  test('has mail that came back repaired at the topmost, which is where it goes', async () => {
    const { books } = house;
    const { organizationId, actor, now } = books;
    const { top, branch, invoiceId } = await threeLevels({ email: 'old@example.com' });
    const mail = {
      kind: 'payment_past_due',
      to: ['old@example.com'],
      subject: 'Due',
      html: 'Due',
      text: 'Due',
    };
    const messageId = await queueOne(house, { ...mail, customerId: branch, invoiceId }, now);
    const news = [{ messageId, email: 'old@example.com', kind: 'bounced' as const, reason: '550 5.1.1' }];
    await tx((t) => t.run(sql`update messages set state = 'sent', sent_at = now() where id = ${messageId}`));
    await tx((t) => recordMailNews(t, actor, { organizationId, news }, now));
    const input = { ...makings, organizationId, messageId, email: 'new@example.com' };
    await tx((t) => resendBounced(t, actor, input, now));
    const emails = await tx((t) =>
      t.rows<{ id: string; email: string }>(
        sql`select id, email from customers where id = any(${[top, branch]})`,
      ),
    );
    assert.deepEqual(Object.fromEntries(emails.map(({ id, email }) => [id, email])), {
      [top]: 'new@example.com',
      [branch]: 'branch@example.com',
    });
  });
});
