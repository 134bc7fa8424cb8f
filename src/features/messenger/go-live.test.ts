import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { type Books, given } from '../../../test/support/given.ts';
import { mailInvoice, mailsOf } from '../../../test/support/mails.ts';
import { setCustomer, setRule } from '../../../test/support/messenger.ts';
import { apiKeyOf } from '../../../test/support/portal.ts';
import { callApi, testServer } from '../../../test/support/server.ts';

const at = '/v1/invoice-messenger';

/** Not live yet, with three invoices: one was sent by hand, one is of a customer that wants none. */
async function before() {
  const books = await given.organization();
  const key = await apiKeyOf(books);
  const ana = await given.customer(books, { email: 'ana@example.com', displayName: 'Ana' });
  const none = await given.customer(books, { email: 'none@example.com' });
  await setCustomer(books, none, sql`message_cells = '{}'`);
  const waiting = await given.invoice(books, ana, 12_050n, { number: 'W-1' });
  const byHand = await given.invoice(books, ana, 300n, { number: 'H-1' });
  await mailInvoice(books, byHand);
  await given.invoice(books, none, 700n);
  const ask = async (method: 'GET' | 'POST' | 'PATCH', path = '', body?: unknown) =>
    callApi(key, method, `${at}${path}`, body);
  return { books, ask, ana, waiting };
}
/** What the queue would do of the messenger's job, if one was asked for. */
async function workAsked({ organizationId, db }: Books): Promise<void> {
  const { rows } = await db.pool.query(
    `delete from graphile_worker._private_jobs where key = 'messenger:' || $1 returning key`,
    [organizationId],
  );
  const { jobs } = await testServer();
  for (const _job of rows) await jobs['work-messenger']?.({ organizationId } as never);
}
const automatic = async (books: Books) =>
  (await mailsOf(books))
    .filter(({ kind }) => kind === 'new_invoice')
    .map(({ subject }) => subject.slice(0, 11));

describe('going live', () => {
  test('shows what would go out today, and until then nothing does', async () => {
    const { books, ask } = await before();
    const shown = await ask('POST', '/preview', { go_live: true });
    assert.equal(shown.status, 200);
    const { count, total, data } = shown.body.new_invoices;
    assert.deepEqual([count, total], [1, 12_050]);
    assert.deepEqual(
      [data[0].customer_name, data[0].number, data[0].amount, data[0].channels],
      ['Ana', 'W-1', 12_050, ['email']],
    );
    assert.equal((await ask('POST', '/preview', {})).body.new_invoices.count, 0);
    const { jobs } = await testServer();
    await jobs['work-messenger']?.({ organizationId: books.organizationId } as never);
    assert.deepEqual(await automatic(books), []);
  });

  test('leaves what was issued before, unless a person wants it sent', async () => {
    const { books, ask, ana } = await before();
    const live = await ask('POST', '/go-live', {});
    assert.equal(live.status, 200);
    assert.ok(live.body.automatic_messages_since && live.body.new_invoices_since);
    await workAsked(books);
    const { jobs } = await testServer();
    await jobs['work-messenger']?.({ organizationId: books.organizationId } as never);
    assert.deepEqual(await automatic(books), []);
    const next = await given.invoice({ ...books, now: new Date(Date.now() + 1000) }, ana, 100n, {
      number: 'N-1',
    });
    await jobs['send-new-invoice']?.({
      organizationId: books.organizationId,
      eventId: '',
      subjectId: next,
    } as never);
    assert.deepEqual(await automatic(books), ['Invoice N-1']);

    const other = await before();
    await other.ask('POST', '/go-live', { earlier: 'send' });
    await workAsked(other.books);
    assert.deepEqual(await automatic(other.books), ['Invoice W-1']);
  });

  test('can be taken back, and what was left before stays left when it goes live again', async () => {
    const { books, ask, ana } = await before();
    await ask('POST', '/go-live', {});
    assert.equal((await ask('POST', '/go-live', {})).status, 409);
    const held = await ask('POST', '/hold');
    assert.deepEqual([held.status, held.body.automatic_messages_since], [200, null]);
    assert.equal((await ask('POST', '/hold')).status, 409);
    await given.invoice({ ...books, now: new Date(Date.now() + 1000) }, ana, 100n, { number: 'M-1' });
    const { jobs } = await testServer();
    await jobs['work-messenger']?.({ organizationId: books.organizationId } as never);
    assert.deepEqual(await automatic(books), []);
    await ask('POST', '/go-live', { earlier: 'send' });
    await workAsked(books);
    assert.deepEqual(await automatic(books), ['Invoice M-1']);
  });
});

describe('a change of the rule', () => {
  async function live() {
    const given = await before();
    await setRule(given.books, sql`automatic_messages_since = '2020-01-01', new_invoice_when = 'never'`);
    return given;
  }

  test('that would send something is refused until it is said what becomes of it, and sends nothing before', async () => {
    const { books, ask } = await live();
    const refused = await ask('PATCH', '', { new_invoice_when: 'created' });
    assert.equal(refused.status, 422);
    assert.equal(refused.body.error.param, 'waiting');
    assert.match(refused.body.error.message, /1 invoice over \$120\.50 would go out at once/);
    assert.equal((await ask('GET')).body.new_invoice_when, 'never');
    const shown = await ask('POST', '/preview', { new_invoice_when: 'created' });
    assert.equal(shown.body.new_invoices.count, 1);
    await workAsked(books);
    assert.deepEqual(await automatic(books), []);

    const sent = await ask('PATCH', '', { new_invoice_when: 'created', waiting: 'send' });
    assert.equal(sent.status, 200);
    await workAsked(books);
    assert.deepEqual(await automatic(books), ['Invoice W-1']);
  });

  test('may leave what waits and begin with what is issued from now on', async () => {
    const { books, ask, ana } = await live();
    assert.equal((await ask('PATCH', '', { new_invoice_when: 'created', waiting: 'leave' })).status, 200);
    await workAsked(books);
    const { jobs } = await testServer();
    await jobs['work-messenger']?.({ organizationId: books.organizationId } as never);
    assert.deepEqual(await automatic(books), []);
    await given.invoice({ ...books, now: new Date(Date.now() + 1000) }, ana, 100n, { number: 'N-1' });
    await jobs['work-messenger']?.({ organizationId: books.organizationId } as never);
    assert.deepEqual(await automatic(books), ['Invoice N-1']);
  });

  test('that sends nothing needs no answer; a statement on this very day does', async () => {
    const { ask } = await live();
    assert.equal((await ask('PATCH', '', { new_invoice_delay_days: 5 })).status, 200);
    const { today } = (await ask('POST', '/preview', {})).body;
    const day = Number(today.slice(8));
    const other = day === 1 ? 2 : day - 1;
    assert.equal((await ask('PATCH', '', { statement_day: other })).status, 200);
    const refused = await ask('PATCH', '', { statement_day: day });
    assert.match(refused.body.error.message, /1 statement over \$123\.50 would go out/);
    assert.equal((await ask('PATCH', '', { statement_day: day, waiting: 'leave' })).status, 200);
    assert.equal((await ask('POST', '/preview', {})).body.statements.count, 0);
    for (const wrong of [{ statement_day: 32 }, { new_invoice_when: 'soon' }, { new_invoice_delay_days: -1 }])
      assert.equal((await ask('PATCH', '', wrong)).status, 422, JSON.stringify(wrong));
  });
});
