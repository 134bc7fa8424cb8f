import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { sql } from 'kysely';
import { setAutopay } from '#features/autopay/set-autopay.ts';
import { refreshWorklist } from '#features/collections/refresh-worklist.ts';
import {
  type AttentionKey,
  attentionItems,
  figurePlaces,
  type Place,
} from '#features/dashboard/ui/staff/figure-places.ts';
import { addDays } from '#lib/dates.ts';
import { newId } from '#lib/ids.ts';
import {
  chargebacksSearch,
  depositsSearch,
  invoicesSearch,
  messagesSearch,
  reportsSearch,
  schedulesSearch,
} from '#web/staff/lists-search.ts';
import { paymentsSearch } from '#web/staff/payments-search.ts';
import { asking } from '../../../test/support/asking.ts';
import { plainTerms } from '../../../test/support/autopay.ts';
import { type Books, given, news } from '../../../test/support/given.ts';
import { apiKeyOf } from '../../../test/support/portal.ts';
import { testDemo, testServer } from '../../../test/support/server.ts';

type Row = { amount?: number; balance_due?: number; check_problem?: string | null; state?: string };
let books: Books;
let staff: ReturnType<typeof asking>;
let today: string;

/** The demo company, and of each thing that needs somebody one that counts beside one that does not. */
before(async () => {
  const { organizationId } = await testDemo({ customers: 6, invoices: 60 });
  const { parts } = await testServer();
  const actor: Books['actor'] = { kind: 'job', organizationId, name: 'test' };
  const tx: Books['tx'] = (work) => parts.db.transaction(actor, work);
  const [account] = await tx((t) =>
    t.rows<{ id: string; now: Date }>(sql`select id, now() as now from gateway_accounts
      where organization_id = ${organizationId}`),
  );
  assert.ok(account);
  books = {
    db: parts.db,
    organizationId,
    gatewayAccountId: account.id,
    currency: 'USD',
    actor,
    tx,
    now: account.now,
  };
  staff = asking(await apiKeyOf(books));
  today = (await staff.get('/v1/dashboard')).body.today;
  await plant();
});

const run = (statement: ReturnType<typeof sql>) => books.tx((tx) => tx.run(statement));

async function plant(): Promise<void> {
  const { organizationId: id } = books;
  const { customerId, invoiceId } = await given.debtor(books, 700n);
  const dueOn = (dueDate: string, amount: bigint, more: object = {}) =>
    given.invoice(books, customerId, amount, { invoiceDate: addDays(today, -40), dueDate, ...more });
  await dueOn(addDays(today, -20), 300n);
  await dueOn(addDays(today, 3), 400n);
  // Past its day, and wholly under way; one charge is asked about by itself, one no more.
  const covered = await dueOn(addDays(today, -30), 900n);
  for (const [amount, applications] of [
    [900n, [{ invoiceId: covered, amount: 900n }]],
    [11n, []],
  ] as const) {
    const { paymentId } = await given.charge(books, { customerId, amount, applications, receivedOn: today });
    await given.outcome(books, paymentId, news('unknown'));
    if (amount === 11n) await run(sql`update payments set next_lookup_at = null where id = ${paymentId}`);
  }
  await plantDebits(customerId, invoiceId);
  for (const [channel, state] of [
    ['email', 'failed'],
    ['sms', 'failed'],
    ['sms', 'sent'],
  ]) {
    const messageId = newId('message');
    await run(sql`insert into messages (organization_id, id, kind, state, route, channel, from_name, from_email, to_emails,
        to_phone, subject, html, text, message_id, created_at)
      values (${id}, ${messageId}, 'invoice', ${state}, 'mailbox', ${channel}, 'A', 'a@a.test',
        case when ${channel} = 'email' then array['b@b.test'] else '{}' end,
        case when ${channel} = 'sms' then '+15005550006' end, 's', 'h', 't', ${messageId}, now())`);
  }
  const blank = JSON.stringify({ lines: [], terms: null, poNumber: null, memo: null });
  for (const why of ['by_hand', 'customer_inactive'])
    await run(sql`insert into schedules (organization_id, id, customer_id, kind, state, pause_reason, description, currency,
        amount, unit, every, starts_on, due_days, issues, document, created_at, updated_at)
      values (${id}, ${newId('schedule')}, ${customerId}, 'invoice', 'paused', ${why}, '', 'USD', 5, 'month', 1,
        ${today}, 0, true, ${blank}::jsonb, now(), now())`);
  await run(sql`insert into disputes (organization_id, id, customer_id, invoice_id, reason, state, created_at)
    values (${id}, ${newId('dispute')}, ${customerId}, ${invoiceId}, 'Wrong', 'open', now())`);
  await books.tx((tx) =>
    refreshWorklist(tx, { organizationId: id, customerIds: [customerId], today }, books.now),
  );
}

/** Autopay of a customer that owes soon; and of its tries one that is final, one that comes again. */
async function plantDebits(customerId: string, invoiceId: string): Promise<void> {
  const { organizationId: id, actor, now } = books;
  const payer = await given.customer(books, { email: 'payer@example.com' });
  const paymentMethodId = await given.storedMethod(books, payer);
  const terms = { ...plainTerms, chargeWhen: 'due_date' as const };
  const agreed = { by: 'payer' as const, name: 'Ana', origin: { ip: '127.0.0.1', userAgent: 'test' } };
  await run(
    sql`update organizations set automatic_messages_since = now() - interval '1 day' where id = ${id}`,
  );
  await books.tx((tx) =>
    setAutopay(tx, actor, { organizationId: id, customerId: payer, paymentMethodId, terms, agreed }, now),
  );
  for (const days of [0, 6, 7])
    await given.invoice(books, payer, 50n, { invoiceDate: today, dueDate: addDays(today, days) });
  for (const [tryNo, next] of [
    [1, addDays(today, 2)],
    [2, null],
  ]) {
    const runId = newId('autopayRun');
    await run(sql`insert into autopay_runs (organization_id, id, customer_id, payer_id, payment_method_id, authorization_id,
        run_on, amount, currency, failed_at, failed_why, next_try_on, created_at)
      select ${id}, ${runId}, ${customerId}, customer_id, payment_method_id, authorization_id, ${today}, 700, 'USD', now(),
        'insufficient_funds', ${next}::date, now() from autopays where organization_id = ${id} and customer_id = ${payer}`);
    await run(sql`insert into autopay_tries (organization_id, invoice_id, try_no, run_id, customer_id)
      values (${id}, ${invoiceId}, ${tryNo}, ${runId}, ${customerId})`);
  }
}

const tabs: Record<string, string> = {
  'email-conflicts': '/v1/reports/email-conflicts?',
  bounced: '/v1/reports/bounced-emails?',
  paper: '/v1/paper-mail-conflicts?',
  plans: '/v1/payment-plans?pending=true&',
  'autopay-charges': '/v1/autopay-charges?',
  'autopay-declines': '/v1/autopay-declines?',
};
type Reader = (search: Record<string, unknown>) => Record<string, unknown>;
const lists: Record<string, [endpoint: string, reads: Reader]> = {
  '/invoices': ['/v1/invoices?', invoicesSearch],
  '/payments': ['/v1/payments?', paymentsSearch],
  '/deposits': ['/v1/deposits?', depositsSearch],
  '/chargebacks': ['/v1/chargebacks?', chargebacksSearch],
  '/schedules': ['/v1/schedules?', schedulesSearch],
  '/messages': ['/v1/messages?', messagesSearch],
  '/collections': ['/v1/worklist?', (search) => search],
  '/tickets': ['/v1/tickets?status=to_do&', (search) => search],
};

async function every(url: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let after = ''; ; ) {
    const { status, body } = await staff.get(`${url}limit=100${after}`);
    assert.equal(status, 200, `${url} ${JSON.stringify(body)}`);
    rows.push(...body.data);
    if (!body.has_more) return rows;
    after = `&starting_after=${body.data.at(-1).id}`;
  }
}

/** What the link of a figure opens: its search as the address would be read, asked of the list's endpoint. */
async function opened({ to, search }: Place): Promise<Row[]> {
  if (to === '/settings') {
    const accounts = await every('/v1/gateway-accounts?');
    const hooks = await every('/v1/webhooks-in?state=unworked&');
    return [
      ...accounts.filter((one) => one.check_problem),
      ...hooks.filter(({ state }) => state === 'failed'),
    ];
  }
  const [endpoint, reads] =
    to === '/reports' ? [tabs[search.tab ?? ''] ?? '', reportsSearch] : (lists[to] ?? ['', undefined]);
  assert.ok(endpoint && reads, `${to} ${search.tab} is a list`);
  assert.deepEqual(reads(search), search, `${to} keeps its search`);
  const { tab: _, ...asked } = search;
  return every(`${endpoint}${new URLSearchParams(asked)}${Object.keys(asked).length > 0 ? '&' : ''}`);
}

const summed = (rows: Row[]) => ({
  count: rows.length,
  amount: rows.reduce((sum, { amount, balance_due: due }) => sum + (due ?? amount ?? 0), 0),
});

test('every figure of money is the count and the sum of the list that it opens', async () => {
  const { currencies, from, to } = (await staff.get('/v1/dashboard')).body;
  const [usd] = currencies;
  const span = { from, to };
  for (const currency of [undefined, 'USD']) {
    const places = figurePlaces({ today, currency });
    const same = async (figure: object, place: Place, name: string) =>
      assert.deepEqual(summed(await opened(place)), figure, name);
    await same(usd.open, places.open, 'open');
    await same(usd.past_due, places.past_due, 'past due');
    await same(usd.expected, places.all_expected, 'expected');
    await same(usd.pending, places.pending, 'pending');
    await same(usd.collected, places.collected(span), 'collected');
    await same(usd.autopay, places.autopay(span), 'autopay');
    for (const { bucket, amount, invoices } of usd.aging)
      await same({ count: invoices, amount }, places.aging(bucket), bucket);
  }
  const places = figurePlaces({ today });
  for (const bar of usd.expected_bars.filter((one: Row) => one.amount))
    assert.equal(summed(await opened(places.expected(bar))).amount, bar.amount, bar.from);
  for (const bar of usd.collected_bars.filter((one: Row) => one.amount))
    assert.equal(summed(await opened(places.collected(bar))).amount, bar.amount, bar.from);
  assert.deepEqual(summed(await opened(figurePlaces({ today, currency: 'EUR' }).open)), {
    count: 0,
    amount: 0,
  });
});

test('what autopay charges in the next seven days is the list that its figure opens', async () => {
  const { count, amount, is_complete } = (await staff.get('/v1/autopay-charges?limit=1')).body;
  assert.deepEqual([count, amount, is_complete], [2, 100, true]);
  const rows = await opened(figurePlaces({ today }).coming_charges);
  assert.deepEqual(summed(rows), { count, amount });
  assert.equal((await every('/v1/autopay-charges?days=8&')).length, 3);
});

test('every count of what needs somebody is the length of the list that it opens', async () => {
  const { object: _, ...counts } = (await staff.get('/v1/dashboard/attention')).body;
  const found: Record<string, number> = {};
  for (const key of Object.keys(counts) as AttentionKey[])
    found[key] = (await opened(attentionItems[key])).length;
  assert.deepEqual(found, counts);
  const { payments_unanswered, autopay_failed, messages_failed, schedules_stopped, disputes } = counts;
  const planted = [payments_unanswered, autopay_failed, messages_failed, schedules_stopped, disputes];
  assert.deepEqual(planted, [1, 1, 1, 1, 1]);
});
