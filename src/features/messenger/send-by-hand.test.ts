import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { agreesToTexts } from '../../../test/support/channels.ts';
import { given } from '../../../test/support/given.ts';
import { mailsOf } from '../../../test/support/mails.ts';
import { setCustomer } from '../../../test/support/messenger.ts';
import { apiKeyOf } from '../../../test/support/portal.ts';
import { callApi } from '../../../test/support/server.ts';
import { askStatement } from '../../../test/support/statements.ts';

const home = { line1: '1 Elm Street', city: 'Portland', region: 'ME', postal_code: '04101', country: 'US' };

async function anaReachable() {
  const books = await given.organization();
  const customerId = await given.customer(books, { email: 'ana@example.com', displayName: 'Ana' });
  await setCustomer(
    books,
    customerId,
    // Off for what goes by itself: by hand it goes all the same.
    sql`message_cells = '{}', phone = '207 555 0134', billing_address = ${JSON.stringify(home)}`,
  );
  await agreesToTexts(books, customerId, '+12075550134');
  const invoiceId = await given.invoice(books, customerId, 12_050n, { number: 'A-1' });
  const key = await apiKeyOf(books);
  const send = (body: unknown) => callApi(key, 'POST', `/v1/invoices/${invoiceId}/send`, body);
  return { books, customerId, invoiceId, send };
}

describe('an invoice sent by hand', () => {
  test('goes in every channel that was chosen', async () => {
    const { books, send } = await anaReachable();
    const sent = await send({ channels: ['email', 'sms', 'paper'], subject: 'For you', body: 'Dear Ana' });
    assert.equal(sent.status, 202);
    assert.deepEqual(
      sent.body.messages.map(({ channel }: { channel: string }) => channel),
      ['email', 'sms', 'paper'],
    );
    const [mail, text, letter] = await mailsOf(books);
    assert.match(mail?.text ?? '', /Dear Ana/);
    assert.match(text?.text ?? '', /invoice A-1, \$120\.50.*https?:\/\/\S+\/i\/inv_/);
    assert.deepEqual([letter?.subject, letter?.text, letter?.state], ['For you', 'Dear Ana', 'queued']);
    assert.equal((await send({ channels: ['sms'] })).status, 202, 'and again, as often as a person wants');
    assert.equal((await mailsOf(books)).length, 4);
  });

  test('goes to the parent that the customer bills with, when nobody else is named', async () => {
    const { books, customerId, send } = await anaReachable();
    const top = await given.customer(books, { email: 'head@example.com', firstName: 'Hal' });
    const middle = await given.customer(books, { email: 'region@example.com', parentId: top });
    await setCustomer(books, middle, sql`bill_with_parent = true`);
    await setCustomer(books, customerId, sql`parent_id = ${middle}, bill_with_parent = true`);
    await send({});
    await send({ to: ['copy@example.com'] });
    await setCustomer(books, middle, sql`bill_with_parent = false`);
    await send({});
    const mails = await mailsOf(books);
    assert.deepEqual(
      mails.map(({ toEmails }) => toEmails[0]),
      ['head@example.com', 'copy@example.com', 'region@example.com'],
    );
    assert.match(mails[0]?.text ?? '', /Hello Hal,/);
  });

  test('goes nowhere when one channel has no address, and the answer says what to do', async () => {
    const { books, customerId, send } = await anaReachable();
    await setCustomer(books, customerId, sql`phone = null`);
    const refused = await send({ channels: ['email', 'sms'] });
    assert.deepEqual([refused.status, refused.body.error.param], [422, 'channels']);
    assert.match(refused.body.error.message, /no phone number/);
    assert.deepEqual(await mailsOf(books), []);
    for (const wrong of [
      { channels: [] },
      { channels: ['fax'] },
      { channels: ['paper'], body: '{{no.field}}' },
    ])
      assert.equal((await send(wrong)).status, 422, JSON.stringify(wrong));
  });

  test('a draft, a void one and another’s are refused in every channel', async () => {
    const { books, customerId, invoiceId } = await anaReachable();
    const key = await apiKeyOf(books);
    const api = (path: string, body: unknown) => callApi(key, 'POST', `/v1/invoices${path}`, body);
    const lines = [{ item_name: 'Work', quantity: '1', unit_price: '5' }];
    const draft = await api('', { customer_id: customerId, lines });
    for (const channel of ['email', 'sms', 'paper']) {
      const refused = await api(`/${draft.body.id}/send`, { channels: [channel] });
      assert.equal(refused.status, 409, channel);
      assert.match(refused.body.error.message, /draft/);
    }
    await api(`/${invoiceId}/void`, { reason: 'A mistake' });
    assert.equal((await api(`/${invoiceId}/send`, { channels: ['sms'] })).status, 409);
    const stranger = await apiKeyOf(await given.organization());
    const url = `/v1/invoices/${invoiceId}/send`;
    assert.equal((await callApi(stranger, 'POST', url, { channels: ['sms'] })).status, 404);
  });
});

test('a statement by hand goes in the channels chosen, in the organization’s words', async () => {
  const { books, customerId } = await anaReachable();
  await books.tx((tx) =>
    tx.run(sql`insert into message_templates (organization_id, message_type, channel, subject, body, updated_at)
      values (${books.organizationId}, 'statement', 'email', '{{statement.count}} open', 'All: {{statement.total}}',
        ${books.now})`),
  );
  const sent = await askStatement(books, customerId, { channels: ['email', 'sms'] });
  assert.deepEqual([sent.status, sent.body.sent_to], [201, 'ana@example.com, +12075550134']);
  const [mail, text] = await mailsOf(books);
  assert.equal(mail?.subject, '1 open');
  assert.match(mail?.text ?? '', /All: \$120\.50/);
  assert.ok(text?.text.includes('/s/cus_'));
  await setCustomer(books, customerId, sql`billing_address = '{}'`);
  const refused = await askStatement(books, customerId, { channels: ['paper'] });
  assert.match(refused.body.error.message, /no billing address/);
});
