import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Endpoint } from '#lib/endpoint.ts';
import { newId } from '#lib/ids.ts';
import { callApi, testDemo, testServer } from './support/server.ts';

type Owned = {
  key: string;
  organizationId: string;
  idsByPrefix: Map<string, string>;
  email: string;
  password: string;
};

/** One id of each kind that an organization owns, found by walking its tables. */
async function owned(): Promise<Owned> {
  const demo = await testDemo();
  const { parts } = await testServer();
  await parts.db.pool.query(
    `insert into import_batches (organization_id, id, kind, file_name, state, created_at, updated_at)
    values ($1, $2, 'customers', 'a.csv', 'checked', now(), now())`,
    [demo.organizationId, newId('importBatch')],
  );
  await parts.db.pool.query(
    `insert into messages (organization_id, id, kind, state, route, from_name, from_email, to_emails, subject,
    html, text, message_id, created_at) values ($1, $2::text, 'invoice', 'failed', 'mailbox', 'A', 'a@a.test', '{b@b.test}', 's', 'h', 't', $2::text, now())`,
    [demo.organizationId, newId('message')],
  );
  await parts.db.pool.query(
    `insert into webhooks_in (organization_id, id, gateway_account_id, event_key, payment_ids, raw, state, received_at)
    select organization_id, $2, id, 'evt_1', '{}', '{}', 'received', now() from gateway_accounts where organization_id = $1`,
    [demo.organizationId, newId('webhook')],
  );
  await parts.db.pool.query(
    `insert into roles (organization_id, id, name, scopes, created_at, updated_at)
    values ($1, $2, 'Office', '{customers:read}', now(), now())`,
    [demo.organizationId, newId('role')],
  );
  await parts.db.pool.query(
    `insert into user_invitations (organization_id, id, email, first_name, last_name, roles, created_at, sent_at, expires_at)
    values ($1, $2, 'a@b.test', 'A', 'B', '{dashboard}', now(), now(), now() + interval '7 days')`,
    [demo.organizationId, newId('invitation')],
  );
  await parts.db.pool.query(
    `with p as (insert into oidc_providers (organization_id, id, label, issuer, client_id, links_by_email, creates_users,
      created_at, updated_at) values ($1, $2, 'Idp', 'https://idp.test', 'c', false, false, now(), now()) returning id)
    insert into user_identities (organization_id, id, provider_id, user_id, subject, created_at)
    select $1, $3, p.id, ou.user_id, 's', now() from p, organization_users ou where ou.organization_id = $1 limit 1`,
    [demo.organizationId, newId('oidcProvider'), newId('userIdentity')],
  );
  await parts.db.pool.query(
    `insert into channel_accounts (organization_id, id, channel, vendor, credentials, shown, created_at)
    values ($1, $2, 'sms', 'twilio', '', '+15005550006', now())`,
    [demo.organizationId, newId('channelAccount')],
  );
  await parts.db.pool.query(
    `insert into deposits (organization_id, id, kind, state, amount, gross, fees, returned, currency, made_on, arrives_on,
      hash, created_at, updated_at) values ($1, $2, 'hand', 'paid', 0, 0, 0, 0, 'USD', '2026-01-01', '2026-01-01', '', now(), now())`,
    [demo.organizationId, newId('deposit')],
  );
  await parts.db.pool.query(
    `insert into payment_methods (organization_id, id, customer_id, gateway_account_id, kind, brand, last4,
      stored_token, added_by, created_at)
    select c.organization_id, $2, c.id, g.id, 'bank_account', 'checking', '6789', 's', 'user', now()
    from customers c join gateway_accounts g on g.organization_id = c.organization_id
    where c.organization_id = $1 limit 1`,
    [demo.organizationId, newId('paymentMethod')],
  );
  await parts.db.pool.query(
    `insert into chargebacks (organization_id, id, gateway_account_id, gateway_reference, payment_id, customer_id, state,
      amount, currency, code, reason, opened_at, created_at)
    select organization_id, $2, gateway_account_id, 'dp_1', id, customer_id, 'opened', 100, 'USD', '', '', now(), now()
    from payments where organization_id = $1 and gateway_account_id is not null limit 1`,
    [demo.organizationId, newId('chargeback')],
  );
  await parts.db.pool.query(
    `insert into refunds (organization_id, id, payment_id, customer_id, request_key, request_hash, state, amount,
      fee_handling, currency, account, requested_at)
    select organization_id, $2, id, customer_id, 'once', '', 'pending', 1, 'inclusive', currency, 'bank', now()
    from payments where organization_id = $1 limit 1`,
    [demo.organizationId, newId('refund')],
  );
  await parts.db.pool.query(
    `insert into credit_memos (organization_id, id, customer_id, number, currency, memo_date, subtotal, total, issued_at, created_at)
    select organization_id, $2, id, 'CM-1', 'USD', '2026-01-01', 100, 100, now(), now() from customers
    where organization_id = $1 limit 1`,
    [demo.organizationId, newId('creditMemo')],
  );
  await parts.db.pool.query(
    `insert into estimates (organization_id, id, customer_id, number, currency, estimate_date, expires_on, subtotal, tax,
      total, created_at, updated_at)
    select organization_id, $2, id, 'EST-0', 'USD', '2026-01-01', '2030-01-01', 100, 0, 100, now(), now() from customers
    where organization_id = $1 limit 1`,
    [demo.organizationId, newId('estimate')],
  );
  await parts.db.pool.query(
    `insert into payment_links (organization_id, id, customer_id, description, amount, is_fixed, currency,
      created_at, expires_at)
    select organization_id, $2, id, 'Deposit', 100, true, 'USD', now(), now() + interval '1 day' from customers
    where organization_id = $1 limit 1`,
    [demo.organizationId, newId('paymentLink')],
  );
  await parts.db.pool.query(
    `insert into reminder_documents (organization_id, id, customer_id, number, level, made_on, amount, file, created_at)
    select organization_id, $2, id, 1, 1, '2026-01-01', 100, '', now() from customers
    where organization_id = $1 limit 1`,
    [demo.organizationId, newId('reminderDocument')],
  );
  await parts.db.pool.query(
    `insert into late_fee_policies (organization_id, version, is_active, amount_type, currency, flat_amount, percent,
      compounds, grace_days, minimum_balance, terms_text, terms_in_memo, terms_in_reminders, effective_from, made_on, created_at)
    values ($1, 1, false, 'flat', 'USD', 100, '0', false, 30, 0, '', false, false, '2026-01-01', '2026-01-01', now())`,
    [demo.organizationId],
  );
  await parts.db.pool.query(
    `insert into late_fees (organization_id, id, customer_id, invoice_id, sequence, policy_version, state, fell_due_on,
      amount, currency, created_at)
    select organization_id, $2, customer_id, id, 1, 1, 'waived', '2026-01-01', 100, 'USD', now() from invoices
    where organization_id = $1 limit 1`,
    [demo.organizationId, newId('lateFee')],
  );
  await parts.db.pool.query(
    `insert into late_fee_own_ceilings (organization_id, id, jurisdiction, basis, title, says, severity, source,
      verified_on, created_at) values ($1, $2, 'US', 'agreement', 'x', 'x', 'inform', 'x', '2026-01-01', now())`,
    [demo.organizationId, newId('lateFeeCeiling')],
  );
  await parts.db.pool.query(
    `with i as (select * from invoices where organization_id = $1 and issued_at is not null limit 1),
    p as (insert into promises_to_pay (organization_id, id, customer_id, invoice_id, amount, promised_on, state, created_at)
      select organization_id, $2, customer_id, id, 1, '2030-01-01', 'open', now() from i),
    d as (insert into disputes (organization_id, id, customer_id, invoice_id, reason, state, created_at)
      select organization_id, $3, customer_id, id, 'x', 'open', now() from i),
    n as (insert into customer_notes (organization_id, id, customer_id, outcome, text, created_at)
      select organization_id, $4, customer_id, 'reached', '', now() from i),
    s as (insert into setting_changes (organization_id, id, settings, state, total, created_at)
      select organization_id, $5, '{}', 'done', 0, now() from i)
    insert into tasks (organization_id, id, customer_id, kind, title, due_on, created_at)
    select organization_id, $6, customer_id, 'hand', 'Call', '2030-01-01', now() from i`,
    [
      demo.organizationId,
      ...(['promiseToPay', 'dispute', 'note', 'settingChange', 'task'] as const).map(newId),
    ],
  );
  await parts.db.pool.query(
    `insert into schedules (organization_id, id, customer_id, kind, state, description, currency, amount, unit, every,
      starts_on, next_on, document, due_days, issues, created_at, updated_at)
    select organization_id, $2, id, 'invoice', 'running', 'Rent', 'USD', 100, 'month', 1, '2030-01-01', '2030-01-01',
      '{"lines": []}', 30, true, now(), now() from customers where organization_id = $1 limit 1`,
    [demo.organizationId, newId('schedule')],
  );
  await parts.db.pool.query(
    `insert into replies (organization_id, id, message_id, from_name, from_email, subject, text, quoted, mail_key, received_at)
    select organization_id, $2, id, '', 'b@b.test', 's', 't', '', '<1@b.test>', now() from messages
    where organization_id = $1 limit 1`,
    [demo.organizationId, newId('reply')],
  );
  await parts.db.pool.query(
    `insert into payment_plans (organization_id, id, customer_id, by_staff, state, currency, total, down_payment, cadence,
      installments, first_on, most_amount, move_days, missed_limit, created_at)
    select organization_id, $2, id, true, 'offered', 'USD', 200, 100, 'monthly', 1, '2030-01-01', 100, 14, 2, now()
    from customers where organization_id = $1 limit 1`,
    [demo.organizationId, newId('paymentPlan')],
  );
  await parts.db.pool.query(
    `insert into customer_merges (organization_id, id, loser_id, winner_id, before, moved, currency, merged_at)
    select organization_id, $2, min(id), max(id), '{}', '{}', 'USD', now() from customers
    where organization_id = $1 group by 1`,
    [demo.organizationId, newId('customerMerge')],
  );
  await parts.db.pool.query(
    `insert into report_mails (organization_id, id, report, format, every, recipients, starts_on, created_at)
    values ($1, $2, 'aging', 'csv', 'day', '{a@example.com}', now(), now())`,
    [demo.organizationId, newId('reportMail')],
  );
  await parts.db.pool.query(
    `insert into files (organization_id, id, customer_id, file_name, content_type, size_bytes, hash, customer_sees, created_at)
    select organization_id, $2, id, 'a.pdf', 'application/pdf', 1, '', false, now() from customers
    where organization_id = $1 limit 1`,
    [demo.organizationId, newId('file')],
  );
  await parts.db.pool.query(
    `with r as (insert into tax_rates (organization_id, id, name, percent, created_at) values ($1, $2, 'x', '5', now())),
    t as (insert into invoice_terms (organization_id, id, name, days, created_at) values ($1, $3, 'x', 1, now()))
    insert into items (organization_id, id, name, created_at) values ($1, $4, 'A stranger’s', now())`,
    [demo.organizationId, ...(['taxRate', 'invoiceTerms', 'item'] as const).map(newId)],
  );
  await parts.db.pool.query(
    `insert into sessions (id, token_hash, user_id, organization_id, csrf_secret, created_at, last_seen_at, expires_at)
    select $2::text, $2::text, user_id, organization_id, '', now(), now(), now() + interval '1 day'
    from organization_users where organization_id = $1 limit 1`,
    [demo.organizationId, newId('session')],
  );
  await parts.db.pool.query(
    `with d as (insert into downloads (organization_id, id, file_name, scopes, made_at, touched_at, ready_at, expires_at)
      values ($1, $2, 'a.zip', '{}', now(), now(), now(), now() + interval '7 days')),
    b as (insert into bulk_actions (organization_id, id, subject, action, settings, chosen, state, total, asked_on, created_at)
      values ($1, $3, 'invoices', 'send', '{}', '{}', 'running', 1, '2026-01-01', now())),
    l as (insert into list_files (organization_id, id, list, format, search, scope, held, state, created_at)
      values ($1, $6, 'invoices', 'csv', '{}', 'invoices:read', '{}', 'running', now())),
    x as (insert into data_exports (organization_id, id, state, with_files, with_pdfs, created_at)
      values ($1, $4, 'running', false, false, now()))
    insert into saved_views (organization_id, id, list, user_id, shared, name, search, created_at, updated_at)
    select $1, $5, 'invoices', user_id, true, 'A stranger’s', '{}', now(), now() from organization_users
    where organization_id = $1 limit 1`,
    [
      demo.organizationId,
      ...(['download', 'bulkAction', 'dataExport', 'savedView', 'listFile'] as const).map(newId),
    ],
  );
  await parts.db.pool.query(
    `with t as (insert into tickets (organization_id, id, desk, state, category, priority, subject, asker_name, asker_email,
        created_at, updated_at) values ($1, $2, 'organization', 'new', 'other', 'normal', 's', 'A', 'a@b.test', now(), now())),
      p as (insert into ticket_posts (organization_id, id, ticket_id, desk, kind, side, way, author_name, words, created_at)
        values ($1, $3, $2, 'organization', 'words', 'asker', 'link', 'A', 'w', now()))
    insert into ticket_files (organization_id, id, ticket_id, post_id, file_name, content_type, size_bytes, hash, bytes, created_at)
    values ($1, $4, $2, $3, 'a.txt', 'text/plain', 1, 'h', 'x', now())`,
    [demo.organizationId, newId('ticket'), newId('ticketPost'), newId('ticketFile')],
  );
  await parts.db.pool.query(
    `insert into billing_plans (organization_id, id, name, every, price, trial_days, meters, created_at)
    values ($1, $2, 'x', 'month', 1, 0, '[]', now())`,
    [demo.organizationId, newId('billingPlan')],
  );
  const tables = await parts.db.pool.query<{ name: string }>(`select c.relname as name from pg_class c
    join pg_attribute o on o.attrelid = c.oid and o.attname = 'organization_id'
    join pg_attribute i on i.attrelid = c.oid and i.attname = 'id'
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`);
  const idsByPrefix = new Map<string, string>([['org', demo.organizationId]]);
  for (const { name } of tables.rows) {
    const row = await parts.db.pool.query<{ id: string }>(
      `select id from ${name} where organization_id = $1 limit 1`,
      [demo.organizationId],
    );
    if (row.rows[0]) idsByPrefix.set(row.rows[0].id.slice(0, 3), row.rows[0].id);
  }
  const passkey = newId('passkey');
  idsByPrefix.set('psk', passkey);
  await parts.db.pool.query(
    `insert into passkeys (id, user_id, credential_id, public_key, counter, transports, name, is_backed_up, created_at)
    select $2::text, user_id, $2::text, '', 0, '{}', 'x', false, now() from organization_users where organization_id = $1 limit 1`,
    [demo.organizationId, passkey],
  );
  // A user is of no organization: found by where he works.
  const staff = await parts.db.pool.query<{ id: string }>(
    'select user_id as id from organization_users where organization_id = $1 limit 1',
    [demo.organizationId],
  );
  idsByPrefix.set('usr', staff.rows[0]?.id ?? '');
  return {
    key: demo.apiKey,
    organizationId: demo.organizationId,
    idsByPrefix,
    email: demo.email,
    password: demo.password,
  };
}

const prefixOf = (schema: z.ZodType): string | undefined =>
  /\^([a-z]{3})_/.exec(JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })))?.[1];

/** What stands in a path without being an id. */
const words: Record<string, string> = {
  file_name: 'a.pdf',
  kind: 'customers',
  slug: 'no-such-article',
  key: 'no-such-report',
  version: '1',
};

/** The endpoint's address with the victim's ids in its path, or undefined where the path names none. */
function pathWith(endpoint: Endpoint, victim: Owned): string | undefined {
  let named = false;
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    named = true;
    const prefix = prefixOf(endpoint.params.shape[name] as z.ZodType);
    if (!prefix) return words[name] ?? assert.fail(`what is {${name}} of ${endpoint.path}?`);
    const id = victim.idsByPrefix.get(prefix);
    if (!id) assert.fail(`the victim has nothing for ${endpoint.path}: give it one`);
    return id;
  });
  return named ? path : undefined;
}

const signIn = async (owner: Owned): Promise<string> => {
  const { app } = await testServer();
  const reply = await app.fastify.inject({
    method: 'POST',
    url: '/v1/session',
    payload: { email: owner.email, password: owner.password },
  });
  assert.equal(reply.statusCode, 200, reply.body);
  return `owed_staff=${reply.cookies.find((cookie) => cookie.name === 'owed_staff')?.value}`;
};

test('no endpoint answers a stranger’s key or session with a row of another organization', async () => {
  const [victim, stranger] = [await owned(), await owned()];
  const { app } = await testServer();
  const cookie = await signIn(stranger);
  let walked = 0;
  for (const endpoint of app.endpoints) {
    const path = pathWith(endpoint, victim);
    if (!path) continue;
    walked += 1;
    for (const headers of [{ authorization: `Bearer ${stranger.key}` }, { cookie }]) {
      const reply = await app.fastify.inject({
        method: endpoint.method,
        url: path,
        headers,
        ...(endpoint.method === 'GET' ? {} : { payload: minimalBody(endpoint) }),
      });
      assert.ok(
        [404, 422].includes(reply.statusCode),
        `${endpoint.method} ${path}: ${reply.statusCode} ${reply.body.slice(0, 200)}`,
      );
      assert.ok(
        reply.statusCode === 404 || endpoint.method !== 'GET',
        `${endpoint.method} ${path} was not 404`,
      );
    }
  }
  assert.ok(walked >= 12, `walked only ${walked} endpoints with ids in their path`);
});

/** A body that passes validation, as far as a schema can tell us one; the path's id is what must be refused. */
function minimalBody(endpoint: Endpoint): Record<string, unknown> {
  const bodies: Record<string, Record<string, unknown>> = {
    '/v1/invoices/{id}/void': { reason: 'a stranger' },
    '/v1/roles/{id}': { name: 'Office', scopes: ['customers:read'] },
    '/v1/profile/passkeys/{id}': { name: 'x' },
    '/v1/invoices/{id}/late-fees/waive': { sequence: 1, reason: 'a stranger' },
    '/v1/late-fees/{id}/remove': { reason: 'a stranger' },
    '/v1/customers/{id}/waive-next-late-fee': { waive: true },
    '/v1/customers/{id}/autopay': {
      payment_method_id: newId('paymentMethod'),
      charge_when: 'created',
      threshold: null,
      maximum_amount: null,
      notice_days: 0,
      held: true,
    },
  };
  return bodies[endpoint.path] ?? {};
}

test('lists, searches and timelines show a stranger nothing, whatever id is asked for', async () => {
  const [victim, stranger] = [await owned(), await owned()];
  const { app } = await testServer();
  for (const endpoint of app.endpoints.filter(
    (one) => one.method === 'GET' && !one.path.includes('{') && one.scope !== 'public',
  )) {
    const asked = new URLSearchParams();
    for (const [name, schema] of Object.entries(endpoint.query.shape)) {
      const id = victim.idsByPrefix.get(prefixOf(schema as z.ZodType) ?? '');
      if (id) asked.set(name, id);
      else if (name === 'subject_id' || name === 'q') asked.set(name, victim.idsByPrefix.get('inv') ?? '');
    }
    const reply = await callApi(stranger.key, 'GET', `${endpoint.path}?${asked}`);
    const text = JSON.stringify(reply.body);
    for (const id of victim.idsByPrefix.values()) {
      const echoed = reply.status >= 400;
      assert.ok(echoed || !text.includes(id), `${endpoint.path} shows ${id} of another organization`);
    }
  }
});

test('ids of another organization in a body are refused', async () => {
  const [victim, stranger] = [await owned(), await owned()];
  const own = await callApi(stranger.key, 'GET', '/v1/customers?limit=1');
  const invoice = victim.idsByPrefix.get('inv');
  const customer = victim.idsByPrefix.get('cus');
  const tries: [string, unknown][] = [
    ['/v1/invoices', { customer_id: customer, lines: [{ unit_price: '1' }] }],
    ['/v1/payments', { customer_id: customer, kind: 'cash', amount: 100, applications: [] }],
    [
      '/v1/payments',
      {
        customer_id: own.body.data[0].id,
        kind: 'cash',
        amount: 100,
        applications: [{ invoice_id: invoice, amount: 100 }],
      },
    ],
    ['/v1/refunds', { payment_id: victim.idsByPrefix.get('pay') }],
    ['/v1/charges', { customer_id: customer, token: 'tok_x', amount: 100, applications: [] }],
    [
      '/v1/charges',
      {
        customer_id: own.body.data[0].id,
        token: 'tok_x',
        amount: 100,
        applications: [{ invoice_id: invoice, amount: 100 }],
      },
    ],
    ['/v1/customers', { display_name: 'A child', parent_id: customer }],
    [`/v1/customers/${own.body.data[0].id}/notes`, { outcome: 'reached', invoice_id: invoice }],
    [`/v1/customers/${own.body.data[0].id}/tasks`, { title: 'x', due_on: '2030-01-01', invoice_id: invoice }],
    ['/v1/payment-links', { customer_id: customer, description: 'x', amount: 100, mail: false }],
  ];
  for (const [url, body] of tries) {
    const reply = await callApi(stranger.key, 'POST', url, body);
    assert.ok(
      [404, 422, 409].includes(reply.status),
      `${url}: ${reply.status} ${JSON.stringify(reply.body).slice(0, 200)}`,
    );
  }
});

test('without a sign-in, or with a key that lacks the scope, nothing opens', async () => {
  const owner = await owned();
  const { app } = await testServer();
  const narrow = await callApi(owner.key, 'POST', '/v1/api-keys', {
    name: 'narrow',
    scopes: ['events:read'],
  });
  for (const endpoint of app.endpoints.filter((one) => one.scope !== 'public')) {
    const path = pathWith(endpoint, owner) ?? endpoint.path;
    const payload = endpoint.method === 'GET' ? {} : { payload: {} };
    const nobody = await app.fastify.inject({ method: endpoint.method, url: path, ...payload });
    assert.equal(nobody.statusCode, 401, `${endpoint.method} ${path} without a sign-in`);
    if (endpoint.scope === 'signed_in' || endpoint.scope === 'events:read') continue;
    const lacking = await app.fastify.inject({
      method: endpoint.method,
      url: path,
      headers: { authorization: `Bearer ${narrow.body.token}` },
      ...payload,
    });
    assert.equal(lacking.statusCode, 403, `${endpoint.method} ${path} without its scope`);
  }
});

test('row-level security hides every organization’s rows from another, table by table', async () => {
  const [victim, stranger] = [await owned(), await owned()];
  const { parts } = await testServer();
  const tables = await parts.db.pool.query<{
    name: string;
    secured: boolean;
  }>(`select c.relname as name, c.relrowsecurity as secured
    from pg_class c join pg_attribute o on o.attrelid = c.oid and o.attname = 'organization_id'
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
      and c.relname not in ('sessions', 'link_tokens')`);
  assert.ok(tables.rows.length > 15);
  const actor = { kind: 'job', organizationId: stranger.organizationId, name: 'test' } as const;
  for (const { name, secured } of tables.rows) {
    assert.ok(secured, `${name} has no row-level security`);
    const seen = await parts.db.transaction(actor, (tx) =>
      tx.row<{ count: bigint }>(sql`
      select count(*) from ${sql.table(name)} where organization_id = ${victim.organizationId}`),
    );
    assert.equal(seen?.count, 0n, `${name} shows rows of another organization`);
  }
});
