import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import { record } from '#db/events.ts';
import { newId } from '#lib/ids.ts';
import { colleague, password } from '../../../test/support/colleague.ts';
import { given } from '../../../test/support/given.ts';
import { OidcBrowser } from '../../../test/support/oidc-browser.ts';
import { testDemo, testServer } from '../../../test/support/server.ts';

async function desk(roles: string[] = ['superuser']) {
  const { organizationId, apiKey } = await testDemo();
  const person = await colleague(organizationId, { roles });
  const browser = new OidcBrowser();
  await browser.ask('POST', '/v1/session', { email: person.email, password });
  return { organizationId, apiKey, person, browser };
}
type Entry = {
  id: string;
  kind: string;
  says: string;
  occurred_at: string;
  subject_id: string;
  subject_name: string;
  actor: { id: string; name: string; acting_as: string | null };
  from: { says: string | null; ip: string | null; device: string | null };
  customer: { id: string; name: string } | null;
  details: { field: string; before?: string; after: string }[];
};
const log = async (browser: OidcBrowser, query = ''): Promise<Entry[]> => {
  const { status, body } = await browser.ask('GET', `/v1/audit?limit=100${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  return body.data;
};

test('an act says who did it, and what it changed from what to what', async () => {
  const { browser, person } = await desk();
  await browser.ask('PATCH', '/v1/organization', { idle_minutes: 30, invoice_footer: 'Thank you' });
  // The sample company may have an event of its own that is newer: its day has an afternoon.
  const [entry] = await log(browser, `&actor_id=${person.userId}`);
  assert.deepEqual(
    [entry?.says, entry?.actor.name, entry?.actor.id],
    ['Settings changed · invoice footer, idle minutes', 'Ada Lee', person.userId],
  );
  assert.deepEqual(
    entry?.details.find(({ field }) => field === 'Idle minutes'),
    { field: 'Idle minutes', before: '15', after: '30' },
  );
  assert.equal((await browser.ask('GET', '/v1/organization')).body.idle_minutes, 30);
  for (const minutes of [4, 481, 7.5]) {
    const { status, body } = await browser.ask('PATCH', '/v1/organization', { idle_minutes: minutes });
    assert.deepEqual([status, body.error.param], [422, 'idle_minutes']);
  }
});

test('filters hold alone and together: what, kind, who, record, customer', async () => {
  const { browser, person, organizationId } = await desk();
  const other = await colleague(organizationId, { roles: ['superuser'] });
  const customer = (await browser.ask('GET', '/v1/customers?limit=1')).body.data[0];
  const renamed = await browser.ask('PATCH', `/v1/customers/${customer.id}`, { notes: 'Pays by check' });
  assert.equal(renamed.status, 200, JSON.stringify(renamed.body));
  await browser.ask('PATCH', `/v1/users/${other.userId}`, { disabled: true });
  const kinds = (rows: Entry[]) => [...new Set(rows.map(({ kind }) => kind))].sort();
  assert.deepEqual(kinds(await log(browser, `&actor_id=${person.userId}`)), [
    'customer.updated',
    'user.disabled',
  ]);
  assert.deepEqual(kinds(await log(browser, `&actor_id=${person.userId}&area=people`)), ['user.disabled']);
  assert.deepEqual(kinds(await log(browser, `&kind=customer.updated&actor_id=${other.userId}`)), []);
  const about = await log(browser, `&customer_id=${customer.id}&kind=customer.updated`);
  assert.deepEqual(
    about.map((entry) => [entry.customer?.name, entry.details[0]?.after]),
    [[customer.display_name, 'Pays by check']],
  );
  assert.ok(
    (await log(browser, `&subject_id=${customer.id}`)).every(({ subject_id: id }) => id === customer.id),
  );
  const area = await log(browser, '&area=invoices');
  assert.ok(area.length > 0 && area.every(({ kind }) => kind.startsWith('invoice.')));
});

test('letters find a record by its id or number, and customers by name', async () => {
  const { browser } = await desk();
  const invoice = (await browser.ask('GET', '/v1/invoices?limit=1')).body.data[0];
  const byNumber = await log(browser, `&q=${invoice.number}`);
  assert.ok(byNumber.length > 0 && byNumber.every(({ subject_id: id }) => id === invoice.id));
  assert.ok(byNumber.some(({ subject_name: name }) => name === invoice.number));
  assert.deepEqual(
    (await log(browser, `&q=${invoice.id}`)).map(({ id }) => id),
    byNumber.map(({ id }) => id),
  );
  const customer = (await browser.ask('GET', '/v1/customers?limit=1')).body.data[0];
  const byName = await log(browser, `&q=${encodeURIComponent(customer.display_name)}`);
  assert.ok(byName.length > 0 && byName.every((entry) => entry.customer?.id === customer.id));
  assert.deepEqual(await log(browser, '&q=no-such-thing'), []);
});

test('days are of the organization’s zone, both included; pages go on where the last one ended', async () => {
  const { browser, organizationId } = await desk();
  const { db } = (await testServer()).parts;
  const { rows } = await db.pool.query('select time_zone from organizations where id = $1', [organizationId]);
  const zone = rows[0].time_zone;
  const at = (local: string) =>
    db.pool
      .query('select ($1::timestamp at time zone $2) as at', [local, zone])
      .then((answer) => answer.rows[0].at as Date);
  const actor = systemActor('test');
  const noted = async (local: string, name: string) => {
    const now = await at(local);
    await db.transaction(actor, (tx) =>
      record(tx, { actor, organizationId, now }, [
        { type: 'item.added', subjectId: newId('item'), data: { name } },
      ]),
    );
  };
  await noted('2020-02-01 23:59:59', 'eve');
  await noted('2020-02-02 00:00:00', 'first');
  await noted('2020-02-03 23:59:59', 'last');
  await noted('2020-02-04 00:00:00', 'after');
  const says = (await log(browser, '&from=2020-02-02&to=2020-02-03')).map((entry) => entry.says);
  assert.deepEqual(says, ['Item added · last', 'Item added · first']);
  const seen: string[] = [];
  let after = '';
  for (let page = 0; page < 400; page += 1) {
    const { body } = await browser.ask('GET', `/v1/audit?limit=7${after}`);
    seen.push(...body.data.map(({ id }: Entry) => id));
    if (!body.has_more) break;
    after = `&starting_after=${body.data.at(-1).id}`;
  }
  const all = await db.pool.query(
    'select id from events where organization_id = $1 order by occurred_at desc, id desc',
    [organizationId],
  );
  assert.deepEqual(
    seen,
    all.rows.map(({ id }) => id),
  );
});

test('the file has every row of the filter, in words, and nothing that a spreadsheet would run', async () => {
  const { browser, organizationId, apiKey } = await desk();
  const { db, app } = { ...(await testServer()).parts, app: (await testServer()).app };
  const actor = systemActor('test');
  const now = new Date('2020-01-05T12:00:00Z');
  const [customer] = (await browser.ask('GET', '/v1/customers?limit=1')).body.data;
  await browser.ask('PATCH', `/v1/customers/${customer.id}`, { display_name: '=1+1' });
  await db.transaction(actor, (tx) =>
    record(
      tx,
      { actor, organizationId, now },
      Array.from({ length: 1100 }, (_, at) => ({
        type: 'item.added',
        subjectId: newId('item'),
        customerId: customer.id,
        data: { name: `Thing ${at}` },
      })),
    ),
  );
  const reply = await app.fastify.inject({
    method: 'GET',
    url: '/v1/audit/export?kind=item.added&to=2020-01-31',
    headers: { authorization: `Bearer ${apiKey}` },
  });
  assert.match(String(reply.headers['content-disposition']), /audit-log-.*\.csv/);
  const lines = reply.body.trim().split('\r\n');
  assert.equal(lines.length, 1101);
  assert.match(lines[0] ?? '', /^\ufeff?Time \(UTC\),Who,What happened/);
  assert.match(lines[1] ?? '', /^2020-01-05T12:00:00\.000Z,Owed,Item added · Thing \d+,Settings,item/);
  assert.match(lines[1] ?? '', /,'=1\+1,/, 'no formula');
  assert.ok((await browser.ask('GET', '/v1/audit/actors')).body.data.length > 1);
});

test('who may not read the log is told which permission is missing; another organization sees none of it', async () => {
  const { browser } = await desk(['dashboard']);
  const refused = await browser.ask('GET', '/v1/audit');
  assert.equal(refused.status, 403);
  assert.match(refused.body.error.message, /events:read/);
  const here = await desk();
  const there = await desk();
  const [mine] = await log(here.browser);
  const theirs = await there.browser.ask('GET', `/v1/audit?starting_after=${mine?.id}`);
  assert.equal(theirs.status, 404);
  assert.deepEqual(await log(there.browser, `&actor_id=${here.person.userId}`), []);
});

test('each filter of a large log is answered by an index', async () => {
  const { organizationId } = await desk();
  const { db } = (await testServer()).parts;
  const { readAuditRows } = await import('#features/audit-log/read-audit-log.ts');
  const asking = { id: organizationId, currency: 'USD', locale: 'en-US', timeZone: 'UTC' };
  const plans: string[] = [];
  await db.transaction({ kind: 'job', organizationId, name: 'test' }, async (tx) => {
    await tx.run(sql`set local enable_seqscan = off`);
    await tx.run(sql`set local enable_sort = off`);
    const explaining = {
      ...tx,
      list: async <Row>(statement: Parameters<typeof tx.list<Row>>[0]): Promise<Row[]> => {
        const rows = await tx.list<{ queryPlan: string; 'QUERY PLAN': string }>(sql`explain ${statement}`);
        plans.push(JSON.stringify(rows));
        return [];
      },
    } as typeof tx;
    const actorId = newId('user');
    for (const filter of [{}, { kind: 'user.changed' }, { actorId }, { actorId, area: 'people' as const }])
      await readAuditRows(explaining, asking, { ...filter, limit: 26 });
  });
  const indices = ['events_time', 'events_kind', 'events_actor', 'events_actor'];
  indices.forEach((index, at) => {
    assert.match(plans[at] ?? '', new RegExp(index), plans[at]);
  });
});

test('an act says from where: the address and the browser of a person, an API key by its name, in the file too', async () => {
  const { apiKey, person, organizationId } = await desk();
  const { app, parts } = await testServer();
  const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0';
  const knock = (url: string, payload: object, cookie?: string) =>
    app.fastify.inject({
      ...{ method: cookie ? 'PATCH' : 'POST', url, payload, remoteAddress: '203.0.113.77' },
      headers: { 'user-agent': firefox, ...(cookie ? { cookie } : {}) },
    });
  const door = await knock('/v1/session', { email: person.email, password });
  const cookie = door.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  assert.equal((await knock('/v1/organization', { invoice_footer: 'From afar' }, cookie)).statusCode, 200);
  const get = (url: string) =>
    app.fastify.inject({ method: 'GET', url, headers: { authorization: `Bearer ${apiKey}` } });
  const [act] = (await get(`/v1/audit?actor_id=${person.userId}&kind=organization.updated`)).json().data;
  assert.deepEqual(act.from, {
    says: '203.0.113.77 · Firefox on Windows',
    ip: '203.0.113.77',
    device: 'Firefox on Windows',
  });

  await app.fastify.inject({
    ...{ method: 'POST', url: '/v1/tax-rates', payload: { name: 'City', percent: '1' } },
    ...{
      remoteAddress: '203.0.113.78',
      headers: { authorization: `Bearer ${apiKey}`, 'user-agent': 'curl/8' },
    },
  });
  const [byKey] = (await get('/v1/audit?kind=tax_rate.added')).json().data;
  assert.deepEqual([byKey.actor.name, byKey.from.says], ['API key Demo', '203.0.113.78 · curl']);

  const file = (await get(`/v1/audit/export?actor_id=${person.userId}&kind=organization.updated`)).body;
  const [heading = '', row = ''] = file.split('\r\n');
  assert.match(heading, /,Acting as,From where,IP address,Device,/);
  assert.ok(row.includes(',,203.0.113.77 · Firefox on Windows,203.0.113.77,Firefox on Windows,'), row);

  // Whoever is of another organization sees no row of it.
  const other = await given.organization();
  const own = (who: string) =>
    parts.db.transaction({ kind: 'job', organizationId: who, name: 'test' }, (tx) =>
      tx.rows(sql`select 1 from event_origins where ip = '203.0.113.77'`),
    );
  assert.deepEqual([(await own(organizationId)).length, (await own(other.organizationId)).length], [1, 0]);
});

test('what stands in the logs of several organizations says from where in that of the asker alone', async () => {
  const [here, there] = [await given.organization(), await given.organization()];
  const origin = { ip: '203.0.113.79', userAgent: 'curl/8' };
  const actor = { ...here.actor, origin };
  const ids = await here.db.transaction(systemActor('test'), async (tx) => {
    const made: string[] = [];
    for (const { organizationId, now } of [here, there])
      made.push(
        ...(await record(tx, { actor, organizationId, now }, [
          { type: 'user.email_changed', subjectId: newId('user') },
        ])),
      );
    return made;
  });
  const kept = await here.db.transaction(systemActor('test'), (tx) =>
    tx.rows<{ eventId: string }>(
      sql`select event_id from event_origins where event_id = any(${ids}::text[])`,
    ),
  );
  assert.deepEqual(kept, [{ eventId: ids[0] }]);
});
