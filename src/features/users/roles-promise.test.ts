import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { addDays } from '#lib/dates.ts';
import { type BuiltInRole, builtInRoles } from '#lib/roles.ts';
import { callApi, testDemo } from '../../../test/support/server.ts';
import { asStaff, staffSignedIn } from '../../../test/support/staff.ts';

type Step = readonly ['GET' | 'POST' | 'PATCH', string, object?];
let organizationId: string;
let invoiceId: string;
let customerId: string;
let today: string;
before(async () => {
  const demo = await testDemo({ customers: 2, invoices: 8 });
  organizationId = demo.organizationId;
  const ask = async (url: string) => (await callApi(demo.apiKey, 'GET', url)).body;
  const { data } = await ask('/v1/invoices?status=open&limit=1');
  [invoiceId, customerId] = [data[0].id, data[0].customer_id];
  today = (await ask('/v1/organization')).today;
});

const line = { item_name: 'Work', unit_price: '100' };
const lists = ['customers', 'invoices', 'payments', 'messages', 'events', 'schedules', 'worklist'];

/** The work that each role is for, in the words that stand beside it (role-rules.ts). */
const work = (): Record<BuiltInRole, readonly Step[]> => {
  const schedule = {
    ...{ kind: 'invoice', customer_id: customerId, lines: [line] },
    ...{ unit: 'month', starts_on: addDays(today, 7) },
  };
  const reads = lists.map((list): Step => ['GET', `/v1/${list}`]);
  return {
    superuser: [...reads, ['POST', '/v1/schedules', schedule]],
    settings_manager: [
      ['GET', '/v1/organization'],
      ['PATCH', '/v1/invoice-numbering', { width: 6 }],
    ],
    receivables: [
      ...reads,
      ['POST', '/v1/customers', { display_name: 'New Ltd' }],
      ['POST', '/v1/invoices', { customer_id: customerId, lines: [line] }],
      ['POST', '/v1/schedules', schedule],
    ],
    payments: [
      ['POST', '/v1/payments', { customer_id: customerId, amount: 100, kind: 'check', applications: [] }],
    ],
    collections: [
      ...reads,
      ['POST', `/v1/customers/${customerId}/notes`, { text: 'Called' }],
      ['POST', `/v1/customers/${customerId}/tasks`, { title: 'Call again', due_on: today }],
      ['POST', `/v1/invoices/${invoiceId}/promises`, { promised_on: addDays(today, 3) }],
      ['POST', `/v1/invoices/${invoiceId}/disputes`, { reason: 'Two were broken' }],
    ],
    report_viewer: reads,
    dashboard: [['GET', '/v1/dashboard']],
  };
};

for (const role of builtInRoles)
  test(`${role} can do what its words promise`, async () => {
    const { cookie } = await staffSignedIn(organizationId, role);
    for (const [method, url, body] of work()[role]) {
      const { status, body: reply } = await asStaff(cookie, method, url, body);
      assert.ok(status < 300, `${method} ${url}: ${status} ${JSON.stringify(reply)}`);
    }
  });

test('a schedule of invoices needs the permission of invoices, one of payments that of payments', async () => {
  const [invoicing, paying] = await Promise.all([
    staffSignedIn(organizationId, 'receivables'),
    staffSignedIn(organizationId, 'payments'),
  ]);
  const rhythm = { customer_id: customerId, unit: 'month', starts_on: addDays(today, 7) };
  const invoices = { kind: 'invoice', ...rhythm, lines: [line] };
  const method = { payment_method_id: 'pmt_0000000000000000000000', agreement_held: true };
  const payments = { kind: 'payment', ...rhythm, ...method, amount: 100 };
  const make = async (cookie: string, body: object) => asStaff(cookie, 'POST', '/v1/schedules', body);
  const made = await make(invoicing.cookie, invoices);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const refused = await make(invoicing.cookie, payments);
  assert.deepEqual([refused.status, refused.body.error.code], [403, 'forbidden']);
  assert.match(refused.body.error.message, /payments:write/);
  assert.equal((await make(paying.cookie, invoices)).status, 403);
  assert.notEqual((await make(paying.cookie, payments)).status, 403);
  const path = `/v1/schedules/${made.body.id}`;
  for (const [method, url, body] of [
    ['PATCH', path, { description: 'Rent' }],
    ['POST', `${path}/pause`],
    ['POST', `${path}/resume`],
    ['POST', `${path}/skip`, { day: addDays(today, 7) }],
    ['POST', `${path}/end`],
  ] as const) {
    assert.equal((await asStaff(paying.cookie, method, url, body)).status, 403, url);
    assert.equal((await asStaff(invoicing.cookie, method, url, body)).status, 200, url);
  }
});
