import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callApi, testDemo, testServer } from '../../../../test/support/server.ts';
import {
  asStaff,
  mailTo,
  staffPassword as password,
  signInAs,
  staffOf,
  staffSignedIn,
  tokenTo,
} from '../../../../test/support/staff.ts';

test('a profile is one’s own: its name is changed, an API key has none, a stranger’s page changes nothing', async () => {
  const { organizationId, apiKey } = await testDemo();
  const clerk = await staffSignedIn(organizationId, 'dashboard');
  const named = await asStaff(clerk.cookie, 'PATCH', '/v1/profile', {
    first_name: 'Grace',
    last_name: 'Hopper',
  });
  assert.deepEqual([named.status, named.body.first_name, named.body.email], [200, 'Grace', clerk.email]);
  const me = await asStaff(clerk.cookie, 'GET', '/v1/session');
  assert.equal(me.body.user.name, 'Grace Hopper');
  const empty = await asStaff(clerk.cookie, 'PATCH', '/v1/profile', { first_name: ' ', last_name: 'Hopper' });
  assert.deepEqual([empty.status, empty.body.error.param], [422, 'first_name']);
  assert.equal((await callApi(apiKey, 'GET', '/v1/profile')).status, 404);
  assert.equal((await asStaff('', 'GET', '/v1/profile')).status, 401);
  const names = { first_name: 'Eve', last_name: 'Hopper' };
  const foreign = { origin: 'http://elsewhere.test', 'sec-fetch-site': 'cross-site' };
  assert.equal((await asStaff(clerk.cookie, 'PATCH', '/v1/profile', names, foreign)).status, 403);
});

test('the password is changed by who knows it: other devices are out, an open link opens nothing', async () => {
  const { organizationId } = await testDemo();
  const clerk = await staffSignedIn(organizationId, 'dashboard');
  const other = (await signInAs(clerk.email)).cookie;
  await asStaff('', 'POST', '/v1/password-reset/request', { email: clerk.email });
  const link = await tokenTo(clerk.email);
  const change = (given: string, to: string) =>
    asStaff(clerk.cookie, 'POST', '/v1/profile/password', { password: given, new_password: to });
  const wrong = await change('not the password', 'six purple lanterns');
  assert.deepEqual([wrong.status, wrong.body.error.param], [422, 'password']);
  const weak = await change(password, 'password1234');
  assert.deepEqual([weak.status, weak.body.error.param], [422, 'new_password']);
  assert.equal((await asStaff(other, 'GET', '/v1/session')).status, 200, 'nothing has changed yet');
  assert.equal((await change(password, 'six purple lanterns')).status, 200);
  assert.equal((await asStaff(other, 'GET', '/v1/session')).status, 401);
  assert.equal((await asStaff(clerk.cookie, 'GET', '/v1/session')).status, 200, 'this device stays');
  const late = await asStaff('', 'POST', '/v1/password-reset', {
    token: link,
    password: 'five purple lanterns',
  });
  assert.equal(late.status, 410);
  assert.equal((await signInAs(clerk.email)).status, 401);
  assert.equal((await signInAs(clerk.email, 'six purple lanterns')).status, 200);
  assert.equal((await mailTo(clerk.email)).subject, 'Your password was changed');
});

test('five wrong passwords in an open page lock it as they lock the sign-in', async () => {
  const { organizationId } = await testDemo();
  const clerk = await staffSignedIn(organizationId, 'dashboard');
  const change = (given: string) =>
    asStaff(clerk.cookie, 'POST', '/v1/profile/password', {
      password: given,
      new_password: 'six purple lanterns',
    });
  for (let tries = 0; tries < 5; tries += 1)
    assert.equal((await change(`not the password ${tries}`)).status, 422);
  const right = await change(password);
  assert.deepEqual([right.status, right.body.error.code], [429, 'locked']);
});

test('one sees where one is signed in, and ends one session, or all others, and nobody else’s', async () => {
  const { organizationId } = await testDemo();
  const { db } = (await testServer()).parts;
  const clerk = await staffSignedIn(organizationId, 'dashboard');
  const stranger = await staffSignedIn(organizationId, 'superuser');
  const phone = (await signInAs(clerk.email)).cookie;
  const tablet = (await signInAs(clerk.email)).cookie;
  const rested = (await signInAs(clerk.email)).cookie;
  await db.pool.query(
    `update sessions set last_seen_at = now() - interval '16 minutes' where id =
      (select id from sessions where user_id = $1 order by id desc limit 1)`,
    [clerk.userId],
  );
  assert.equal((await asStaff(rested, 'GET', '/v1/session')).status, 401);
  const list = async (cookie: string) =>
    (await asStaff(cookie, 'GET', '/v1/profile/sessions')).body.data as {
      id: string;
      ip: string;
      device: string;
      is_current: boolean;
      organization_name: string;
    }[];
  const seen = await list(clerk.cookie);
  assert.deepEqual(
    seen.map(({ is_current: current }) => current),
    [true, false, false],
    'this one first; what has rested too long opens nothing and is not told',
  );
  assert.match(seen[0]?.ip ?? '', /^10\.1\./);
  const theirs = (await list(stranger.cookie))[0]?.id;
  const end = (id: string | undefined) => asStaff(clerk.cookie, 'DELETE', `/v1/profile/sessions/${id}`);
  assert.equal((await end(theirs)).status, 404);
  assert.equal((await asStaff(stranger.cookie, 'GET', '/v1/session')).status, 200);
  assert.equal((await end(seen[1]?.id)).status, 200);
  const alive = async () =>
    Promise.all([phone, tablet].map(async (one) => (await asStaff(one, 'GET', '/v1/session')).status));
  assert.deepEqual((await alive()).sort(), [200, 401]);
  assert.equal((await asStaff(clerk.cookie, 'DELETE', '/v1/profile/sessions')).status, 200);
  assert.deepEqual(await alive(), [401, 401]);
  assert.equal((await asStaff(clerk.cookie, 'GET', '/v1/session')).status, 200);
});

const fresh = (): object => ({
  name: 'Second business',
  mode: 'sandbox',
  currency: 'EUR',
  time_zone: 'Europe/Berlin',
});

test('an owner adds an organization with the same sign-in and works in it at once; a clerk does not', async () => {
  const { organizationId, apiKey } = await testDemo();
  const owner = await staffSignedIn(organizationId, 'superuser');
  const clerk = await staffSignedIn(organizationId, 'settings_manager');
  assert.equal((await asStaff(clerk.cookie, 'GET', '/v1/session')).body.may_add_organizations, false);
  assert.equal((await asStaff(clerk.cookie, 'POST', '/v1/organizations', fresh())).status, 403);
  assert.equal((await callApi(apiKey, 'POST', '/v1/organizations', fresh())).status, 403);
  const bad = await asStaff(owner.cookie, 'POST', '/v1/organizations', { ...fresh(), currency: 'EURO' });
  assert.deepEqual([bad.status, bad.body.error.param], [422, 'currency']);
  const key = { 'idempotency-key': `add ${owner.userId}` };
  const added = await asStaff(owner.cookie, 'POST', '/v1/organizations', fresh(), key);
  assert.equal(added.status, 201, JSON.stringify(added.body));
  const again = await asStaff(owner.cookie, 'POST', '/v1/organizations', fresh(), key);
  assert.equal(again.body.id, added.body.id, 'a lost answer adds no second one');
  const moved = await asStaff(owner.cookie, 'POST', '/v1/session/organization', {
    organization_id: added.body.id,
  });
  assert.deepEqual([moved.status, moved.body.organization.name], [200, 'Second business']);
  assert.equal(moved.body.organizations.length, 2);
  assert.ok(moved.body.scopes.includes('users:write'));
  const { body } = await asStaff(owner.cookie, 'GET', '/v1/organization');
  assert.deepEqual([body.currency, body.mode, body.email], ['EUR', 'sandbox', owner.email]);
  assert.equal((await asStaff(owner.cookie, 'GET', '/v1/customers')).body.data.length, 0);
  const theirs = { organization_id: added.body.id };
  assert.equal((await asStaff(clerk.cookie, 'POST', '/v1/session/organization', theirs)).status, 404);
});

test('one person owns a hundred organizations at most', async () => {
  const { organizationId } = await testDemo();
  const { db } = (await testServer()).parts;
  const { userId, email } = await staffOf(organizationId, 'superuser');
  await db.pool.query(
    `with o as (insert into organizations (id, name, mode, currency, time_zone, address, created_at)
      select 'org_' || lpad(n::text, 4, '0') || right($1, 18), 'x', 'sandbox', 'USD', 'UTC', '{}', now()
      from generate_series(1, 99) n returning id)
    insert into organization_users (organization_id, user_id, roles, created_at)
    select id, $1, '{superuser}', now() from o`,
    [userId],
  );
  const { cookie } = await signInAs(email);
  await asStaff(cookie, 'POST', '/v1/session/organization', { organization_id: organizationId });
  const full = await asStaff(cookie, 'POST', '/v1/organizations', fresh());
  assert.deepEqual([full.status, full.body.error.code], [409, 'state_refused']);
});

test('who is known from practice alone makes no live organization; a live one or hosting this Owed proves', async () => {
  const { organizationId } = await testDemo();
  const { db } = (await testServer()).parts;
  const live = { ...fresh(), mode: 'live' };
  const [owner, host] = [
    await staffSignedIn(organizationId, 'superuser'),
    await staffSignedIn(organizationId, 'superuser'),
  ];
  await db.pool.query('update users set operator = true where id = $1', [host.userId]);
  const refused = await asStaff(owner.cookie, 'POST', '/v1/organizations', live);
  assert.deepEqual([refused.status, refused.body.error.param], [403, 'mode']);
  const made = await db.pool.query(
    `select 1 from organization_users ou join organizations o on o.id = ou.organization_id
      where ou.user_id = $1 and o.mode = 'live'`,
    [owner.userId],
  );
  assert.equal(made.rows.length, 0);
  const byHost = await asStaff(host.cookie, 'POST', '/v1/organizations', live);
  assert.equal(byHost.status, 201, JSON.stringify(byHost.body));
  await db.pool.query(
    `insert into organization_users (organization_id, user_id, roles, created_at) values ($1, $2, '{dashboard}', now())`,
    [byHost.body.id, owner.userId],
  );
  assert.equal((await asStaff(owner.cookie, 'POST', '/v1/organizations', live)).status, 201);
});
