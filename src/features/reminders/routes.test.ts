import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { extractText, getDocumentProxy } from 'unpdf';
import { workDay } from '#features/days/work-day.ts';
import { addDays } from '#lib/dates.ts';
import { callApi, testDemo, testServer } from '../../../test/support/server.ts';

let demo: Awaited<ReturnType<typeof testDemo>>;
before(async () => {
  demo = await testDemo();
});
const api = (method: 'GET' | 'POST' | 'PATCH', url: string, body?: unknown) =>
  callApi(demo.apiKey, method, url, body);
const policies = async () => (await api('GET', '/v1/dunning-policies')).body.data;

/** Issue an invoice that is so many days late today, as its organization's calendar says. */
async function late(days: number): Promise<string> {
  const { body: customers } = await api('GET', '/v1/customers?limit=1');
  const { today } = (await api('GET', '/v1/organization')).body;
  const day = (ago: number) => addDays(today, -ago);
  const { body } = await api('POST', '/v1/invoices', {
    customer_id: customers.data[0].id,
    invoice_date: day(days + 30),
    due_date: day(days),
    lines: [{ item_name: 'Work', amount: 12_000 }],
    issue: true,
  });
  return body.id;
}

const goLive = async (since: string | null): Promise<void> => {
  const { parts } = await testServer();
  await parts.db.pool.query('update organizations set automatic_messages_since = $2 where id = $1', [
    demo.organizationId,
    since,
  ]);
};

async function workToday(): Promise<void> {
  const { parts } = await testServer();
  const reminders = parts.dayParts.filter(({ name }) => name === 'reminders');
  await parts.db.pool.query('delete from organization_days where organization_id = $1', [
    demo.organizationId,
  ]);
  await workDay(parts.db, reminders, demo.organizationId, new Date());
}

describe('dunning policies over HTTP', () => {
  test('each organization begins with a policy that suits most', async () => {
    const [first, ...rest] = await policies();
    assert.deepEqual(
      [first.name, first.default, first.steps.map((step: { words: string }) => step.words), rest],
      [
        'Standard',
        true,
        [
          '3 days before it is due',
          'On the due date',
          '7 days past due',
          '14 days past due',
          '30 days past due, then every 30 days',
        ],
        [],
      ],
    );
  });

  test('what is wrong with a step is said at the step, all at once', async () => {
    const { status, body } = await api('POST', '/v1/dunning-policies', {
      name: 'Wrong',
      steps: [
        { type: 'payment_due', day_offset: 3 },
        { type: 'payment_past_due', day_offset: 7, subject: 'Pay {{invoice.nubmer}}' },
        { type: 'payment_past_due', day_offset: 7 },
      ],
    });
    assert.equal(status, 422);
    assert.deepEqual(Object.keys(body.error.fields).sort(), [
      'steps.0.day_offset',
      'steps.1.subject',
      'steps.2.day_offset',
    ]);
    assert.match(body.error.fields['steps.1.subject'], /Did you mean \{\{invoice\.number\}\}/);
  });

  test('a policy is made, changed step by step, made the default and archived; its history stays', async () => {
    const made = await api('POST', '/v1/dunning-policies', {
      name: 'Retail',
      customer_type: 'Retail',
      one_message: true,
      steps: [{ type: 'payment_past_due', day_offset: 5, formal: true }],
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const [step] = made.body.steps;
    const taken = await api('POST', '/v1/dunning-policies', { name: 'Again', customer_type: 'retail' });
    assert.deepEqual([taken.status, taken.body.error.param], [409, 'customer_type']);
    const at = `/v1/dunning-policies/${made.body.id}`;
    const changed = await api('PATCH', at, {
      steps: [
        { id: step.id, type: 'payment_past_due', day_offset: 6, every_days: 10 },
        { type: 'payment_due', day_offset: 0 },
      ],
    });
    assert.deepEqual(
      changed.body.steps.map((each: { id: string; words: string }) => [each.id === step.id, each.words]),
      [
        [false, 'On the due date'],
        [true, '6 days past due, then every 10 days'],
      ],
    );
    const foreign = await api('PATCH', at, {
      steps: [{ id: (await policies())[0].steps[0].id, type: 'payment_due', day_offset: 0 }],
    });
    assert.deepEqual([foreign.status, foreign.body.error.param], [422, 'steps.0.id']);
    assert.deepEqual((await api('PATCH', at, { default: true })).body.default, true);
    const kept = (await policies()).find((each: { name: string }) => each.name === 'Standard');
    assert.equal(kept.default, false);
    assert.equal((await api('POST', `${at}/archive`)).status, 409);
    await api('PATCH', `/v1/dunning-policies/${kept.id}`, { default: true });
    assert.equal((await api('POST', `${at}/archive`)).status, 200);
    assert.equal((await api('PATCH', at, { name: 'Gone' })).status, 404);
    const { body: events } = await api('GET', `/v1/events?subject_id=${made.body.id}&limit=50`);
    assert.deepEqual(
      events.data.map((event: { type: string }) => event.type),
      [
        'dunning_policy.archived',
        'dunning_policy.updated',
        'dunning_policy.updated',
        'dunning_policy.created',
      ],
    );
    const steps = events.data.at(2).data.before.steps;
    assert.deepEqual([steps.length, steps[0].day_offset, steps[0].formal], [1, 5, true]);
  });

  test('a customer is given a policy of its own, and has that of its type or the default again', async () => {
    const { body: customers } = await api('GET', '/v1/customers?limit=1');
    const at = `/v1/customers/${customers.data[0].id}/dunning-policy`;
    const { body: own } = await api('POST', '/v1/dunning-policies', { name: 'Gentle' });
    const given = await api('POST', at, { dunning_policy_id: own.id });
    assert.deepEqual([given.body.own_policy_id, given.body.policy.name], [own.id, 'Gentle']);
    await api('POST', `/v1/dunning-policies/${own.id}/archive`);
    assert.equal((await api('POST', at, { dunning_policy_id: own.id })).status, 404);
    assert.equal((await api('POST', at, { dunning_policy_id: null })).body.policy.name, 'Standard');
  });

  test('a step is shown as the mail that it makes, and nothing is sent', async () => {
    await late(3);
    const before = (await api('GET', '/v1/messages?limit=100')).body.data.length;
    const { status, body } = await api('POST', '/v1/dunning-policies/preview', {
      type: 'payment_past_due',
      subject: 'Please: {{invoice.number}}',
    });
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(body.subject, `Please: ${body.invoice_number}`);
    assert.match(body.html, /past due|was due/);
    const wrong = await api('POST', '/v1/dunning-policies/preview', {
      type: 'payment_due',
      body: '{{nothing}}',
    });
    assert.deepEqual([wrong.status, wrong.body.error.param], [422, 'body']);
    assert.equal((await api('GET', '/v1/messages?limit=100')).body.data.length, before);
  });
});

describe('why a reminder went or not', () => {
  test('before automatic messages are on it says so; then what goes; then what went and what is next', async () => {
    const id = await late(8);
    await goLive(null);
    const dark = (await api('GET', `/v1/invoices/${id}/reminders`)).body;
    assert.deepEqual([dark.standing, dark.held.rule], ['held', 'automatic_messages_live']);
    assert.ok(dark.held.remedy.to.startsWith('/settings'));
    await goLive('2020-01-01');
    const bright = (await api('GET', `/v1/invoices/${id}/reminders`)).body;
    assert.deepEqual([bright.standing, bright.next.type, bright.held], ['goes', 'payment_past_due', null]);
    await workToday();
    await workToday();
    const after = (await api('GET', `/v1/invoices/${id}/reminders`)).body;
    assert.deepEqual([after.standing, after.next.step], ['waits', '14 days past due']);
    assert.equal(after.reminders.length, 1);
    assert.equal(after.reminders[0].state, 'sent');
    const { body: message } = await api('GET', `/v1/messages/${after.reminders[0].message_ids[0]}`);
    assert.deepEqual([message.kind, message.invoice_id], ['payment_past_due', id]);
  });

  test('a paid invoice has nothing to come', async () => {
    const { body } = await api('GET', '/v1/invoices?status=closed&limit=1');
    const { body: outlook } = await api('GET', `/v1/invoices/${body.data[0].id}/reminders`);
    assert.deepEqual([outlook.standing, outlook.next], ['ended', null]);
  });

  test('what the days to come would send is counted by policy and day', async () => {
    await goLive('2020-01-01');
    await late(6);
    const { body } = await api('GET', '/v1/reminders/forecast?days=30');
    assert.equal(body.live, true);
    assert.ok(
      body.tomorrow.some((row: { step: string }) => row.step === '7 days past due'),
      JSON.stringify(body),
    );
    assert.ok(body.days.length > 1 && body.days.every((day: { messages: number }) => day.messages > 0));
    assert.equal((await api('GET', '/v1/reminders/forecast?days=400')).status, 422);
  });
});

test('a formal reminder is a numbered letter without a gap, one level above the last, and kept', async () => {
  demo = await testDemo();
  await goLive('2020-01-01');
  const [policy] = await policies();
  const patch = (day: number) =>
    api('PATCH', `/v1/dunning-policies/${policy.id}`, {
      steps: [{ type: 'payment_past_due', day_offset: day, formal: true }],
    });
  await patch(1);
  const [one, two] = [await late(20), await late(21)];
  await workToday();
  const outlook = async (id: string) => (await api('GET', `/v1/invoices/${id}/reminders`)).body;
  const letters = [(await outlook(one)).reminders[0].document, (await outlook(two)).reminders[0].document];
  assert.deepEqual(
    letters.map(({ level }) => level),
    [1, 1],
  );
  const { parts } = await testServer();
  const { rows } = await parts.db.pool.query<{ number: string }>(
    'select number from reminder_documents where organization_id = $1 order by number',
    [demo.organizationId],
  );
  assert.deepEqual(
    rows.map(({ number }) => Number(number)),
    rows.map((_, at) => at + 1),
  );
  assert.ok(letters.every(({ number }) => number >= 1 && number <= rows.length));
  const pdf = await api('GET', `/v1/reminder-documents/${letters[0].id}/pdf`);
  assert.deepEqual([pdf.status, pdf.headers['content-type']], [200, 'application/pdf']);
  const { body: message } = await api(
    'GET',
    `/v1/messages/${(await outlook(one)).reminders[0].message_ids[0]}`,
  );
  assert.equal(message.attachments[0].file_name, `Reminder ${letters[0].number}.pdf`);
  // The next step is a new one: its letter is the second for the same invoice.
  await parts.db.pool.query(
    `update invoices set last_reminded_on = last_reminded_on - 15, due_date = due_date where id = $1`,
    [one],
  );
  await patch(19);
  await workToday();
  assert.equal((await outlook(one)).reminders[0].document.level, 2);
});

test('the letter says what is past due, to whom, and how late', async () => {
  const { parts } = await testServer();
  const { rows } = await parts.db.pool.query<{ file: Buffer; number: string }>(
    'select file, number from reminder_documents where organization_id = $1 order by number limit 1',
    [demo.organizationId],
  );
  const file = rows[0]?.file ?? Buffer.alloc(0);
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(file)), { mergePages: true });
  assert.match(text.replaceAll(/\s+/g, ' '), /Level 1.*According to our books.*Days late.*Balance due/);
});
