import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { callApi, testDemo, testServer } from '../../../test/support/server.ts';

type Demo = Awaited<ReturnType<typeof testDemo>>;
let demo: Demo;
let invoiceId = '';
before(async () => {
  demo = await testDemo();
  const { body } = await callApi(demo.apiKey, 'GET', '/v1/invoices?status=open&limit=1');
  invoiceId = body.data[0].id;
});
const api = (method: 'GET' | 'POST', url: string, body?: unknown, headers: Record<string, string> = {}) =>
  callApi(demo.apiKey, method, url, body, headers);

describe('correspondence over HTTP', () => {
  test('an invoice sent with its PDF: the message, the file, and each only for its own organization', async () => {
    const sent = await api('POST', `/v1/invoices/${invoiceId}/send`, {
      to: ['ana@example.com'],
      attach_pdf: true,
    });
    assert.equal(sent.status, 202);
    const { jobs } = await testServer();
    await jobs['attach-document']?.({
      organizationId: demo.organizationId,
      messageId: sent.body.message_id,
    } as never);
    const { status, body } = await api('GET', `/v1/messages/${sent.body.message_id}`);
    assert.equal(status, 200);
    assert.deepEqual(
      [body.state, body.route, body.to, body.invoice_id],
      ['sent', 'mailbox', ['ana@example.com'], invoiceId],
    );
    assert.match(body.html, /Pay this invoice/);
    const [file] = body.attachments;
    assert.ok(file.bytes > 1000);
    const got = await api('GET', file.url);
    assert.deepEqual([got.status, got.headers['content-type']], [200, 'application/pdf']);
    assert.match(String(got.headers['content-disposition']), /^inline; filename="Invoice /);
    const stranger = await testDemo();
    for (const url of [file.url, `/v1/messages/${sent.body.message_id}`, `/v1/invoices/${invoiceId}/pdf`]) {
      assert.equal((await callApi(stranger.apiKey, 'GET', url)).status, 404, url);
    }
  });

  test('a click repeated with its key sends one mail', async () => {
    const click = () =>
      api(
        'POST',
        `/v1/invoices/${invoiceId}/send`,
        { to: ['twice@example.com'] },
        { 'idempotency-key': 'click-1' },
      );
    const [first, second] = [await click(), await click()];
    assert.equal(first.body.message_id, second.body.message_id);
    assert.equal((await api('GET', '/v1/messages?to=twice@example.com')).body.data.length, 1);
  });

  test('an unknown field is refused by its name', async () => {
    const refused = await api('POST', `/v1/invoices/${invoiceId}/send`, { body: '{{customer.shoe_size}}' });
    assert.equal(refused.status, 422);
    assert.deepEqual(
      [refused.body.error.param, /customer\.shoe_size/.test(refused.body.error.message)],
      ['body', true],
    );
  });

  test('an unknown field is refused when the organization saves its words', async () => {
    const save = (body: object) => callApi(demo.apiKey, 'PATCH', '/v1/organization', body);
    const refused = await save({ invoice_message_body: 'Dear {{customer.frist_name}}' });
    assert.equal(refused.status, 422);
    assert.match(refused.body.error.fields.invoice_message_body, /Did you mean \{\{customer\.first_name\}\}/);
    assert.equal((await save({ invoice_message_body: 'Dear {{customer.first_name}}' })).status, 200);
  });

  test('many at once answer with a report', async () => {
    const list = (await api('GET', '/v1/invoices?status=open')).body.data as { id: string }[];
    const ids = list.map((each) => each.id);
    const report = await api('POST', '/v1/invoices/send', { invoice_ids: ids });
    assert.equal(report.status, 202);
    assert.equal(report.body.queued + report.body.skipped.length, ids.length);
    const again = await api('POST', '/v1/invoices/send', { invoice_ids: ids });
    assert.equal(again.body.queued, 0);
  });

  test('the PDF of an invoice is kept by the browser until the invoice changes', async () => {
    const first = await api('GET', `/v1/invoices/${invoiceId}/pdf`);
    assert.deepEqual(
      [first.status, first.headers['content-type'], first.headers['cache-control']],
      [200, 'application/pdf', 'private, no-cache'],
    );
    const etag = String(first.headers.etag);
    assert.equal(
      (await api('GET', `/v1/invoices/${invoiceId}/pdf`, undefined, { 'if-none-match': etag })).status,
      304,
    );
    assert.equal((await api('GET', '/v1/invoices/inv_0000000000000000000000/pdf')).status, 404);
  });

  test('the receipt of a payment is a PDF, and every message answers to its schema', async () => {
    const payments = (await api('GET', '/v1/payments?status=succeeded&limit=1')).body.data as {
      id: string;
    }[];
    const receipt = await api('GET', `/v1/payments/${payments[0]?.id}/receipt`);
    assert.deepEqual([receipt.status, receipt.headers['content-type']], [200, 'application/pdf']);
    const messages = await api('GET', '/v1/messages?limit=100');
    assert.equal(messages.status, 200);
    assert.equal((await api('POST', `/v1/messages/${messages.body.data[0].id}/retry`)).status, 409);
  });
});
