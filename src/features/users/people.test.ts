import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { type Actor, systemActor } from '#db/db.ts';
import { changeUser } from '#features/users/change-user.ts';
import { createUser } from '#features/users/create-user.ts';
import { hashPassword } from '#features/users/passwords.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { type BuiltInRole, builtInRoles, scopesOfRole } from '#lib/roles.ts';
import { testDemo, testServer } from '../../../test/support/server.ts';

const password = 'seven green bottles';
let hash: Promise<string> | undefined;

// Each comes from another address: how often one may knock is tried elsewhere.
let knocks = 0;
const elsewhere = (): string => {
  knocks += 1;
  return `10.0.${knocks >> 8}.${knocks & 255}`;
};

async function ask(
  cookie: string,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
) {
  const { app } = await testServer();
  const reply = await app.fastify.inject({
    method,
    url,
    headers: { cookie },
    remoteAddress: elsewhere(),
    ...(payload ? { payload } : {}),
  });
  return { status: reply.statusCode, body: reply.json() };
}

async function signIn(email: string, secret = password): Promise<{ status: number; cookie: string }> {
  const { app } = await testServer();
  const payload = { email, password: secret };
  const reply = await app.fastify.inject({
    method: 'POST',
    url: '/v1/session',
    payload,
    remoteAddress: elsewhere(),
  });
  const cookie = reply.cookies.find(({ name }) => name === 'owed_staff')?.value;
  return { status: reply.statusCode, cookie: `owed_staff=${cookie}` };
}

/** A colleague with these roles, signed in. */
async function colleague(organizationId: string, ...roles: string[]) {
  const { db } = (await testServer()).parts;
  const email = `${newId('user')}@example.com`;
  hash ??= hashPassword(password);
  const passwordHash = await hash;
  const person = { organizationId, email, firstName: 'Ada', lastName: 'Lee', passwordHash, roles };
  const actor = systemActor('test');
  const { userId } = await db.transaction(actor, (tx) => createUser(tx, actor, person, new Date()));
  return { userId, email, ...(await signIn(email)) };
}

/** The link of the newest mail to somebody. */
async function linkTo(email: string): Promise<string> {
  const { db } = (await testServer()).parts;
  const { rows } = await db.pool.query(
    'select text from messages where $1 = any(to_emails) order by id desc limit 1',
    [email],
  );
  const token = /token=([\w-]+)/.exec(rows[0]?.text ?? '')?.[1];
  return token ?? assert.fail(`no link was mailed to ${email}`);
}

test('every endpoint refuses every role that lacks its permission, and no other', async () => {
  const { organizationId } = await testDemo();
  const { app } = await testServer();
  const guarded = app.endpoints.filter(({ scope }) => scope !== 'public');
  assert.ok(guarded.length > 100, `only ${guarded.length} endpoints`);
  const walk = async (role: BuiltInRole): Promise<void> => {
    const { cookie } = await colleague(organizationId, role);
    for (const { method, path, scope, orScope } of guarded) {
      const url = path.replace(/\{\w+\}/g, 'nobody');
      // A file is not made here: what is asked for must fail at the id or the body, after the permission.
      const may =
        scope === 'signed_in' || [scope, orScope].some((each) => scopesOfRole[role].includes(each as never));
      if (may && !path.includes('{')) continue;
      const { statusCode } = await app.fastify.inject({ method, url, headers: { cookie } });
      assert.equal(statusCode === 403, !may, `${role}: ${method} ${path} (${scope}) answered ${statusCode}`);
    }
  };
  await Promise.all(builtInRoles.map(walk));
});

test('nobody gives what he lacks: not to himself, not to others, not by changing a role', async () => {
  const { organizationId } = await testDemo();
  const owner = await colleague(organizationId, 'superuser');
  const scopes = ['users:write', 'customers:read'];
  const role = (await ask(owner.cookie, 'POST', '/v1/roles', { name: 'Office', scopes })).body;
  const clerk = await colleague(organizationId, 'dashboard');
  const given = await ask(owner.cookie, 'PATCH', `/v1/users/${clerk.userId}`, { roles: [role.id] });
  assert.deepEqual([given.status, given.body.roles], [200, [role.id]]);
  const tries = [
    ['PATCH', `/v1/users/${clerk.userId}`, { roles: ['superuser'] }],
    ['PATCH', `/v1/users/${owner.userId}`, { disabled: true }],
    ['PATCH', `/v1/roles/${role.id}`, { name: 'Office', scopes: [...scopes, 'payments:write'] }],
    ['POST', '/v1/roles', { name: 'More', scopes: ['settings:write'] }],
    [
      'POST',
      '/v1/invitations',
      { email: 'a@b.example', first_name: 'A', last_name: 'B', roles: ['payments'] },
    ],
  ] as const;
  for (const [method, url, body] of tries)
    assert.equal((await ask(clerk.cookie, method, url, body)).status, 403, url);
  assert.equal((await ask(clerk.cookie, 'GET', '/v1/customers')).status, 200);
  assert.equal((await ask(clerk.cookie, 'GET', '/v1/invoices')).status, 403);
  assert.equal((await ask(owner.cookie, 'DELETE', `/v1/roles/${role.id}`)).status, 409, 'it is held');
});

test('two owners who remove each other at the same moment leave one', async () => {
  const { db } = (await testServer()).parts;
  for (const change of [{ disabled: true }, { roles: ['dashboard'] }]) {
    const { organizationId } = await testDemo({ customers: 1, invoices: 1 });
    const [a, b] = [
      await colleague(organizationId, 'superuser'),
      await colleague(organizationId, 'superuser'),
    ];
    await db.pool.query(
      'update organization_users set disabled_at = now() where organization_id = $1 and user_id <> all($2)',
      [organizationId, [a.userId, b.userId]],
    );
    const remove = (by: string, whom: string) => {
      const actor: Actor = { kind: 'user', organizationId, userId: by, roles: ['superuser'] };
      return db.transaction(systemActor('test'), (tx) =>
        changeUser(tx, actor, { organizationId, userId: whom, ...change }, new Date()),
      );
    };
    const done = await Promise.allSettled([remove(a.userId, b.userId), remove(b.userId, a.userId)]);
    const refused = done.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    assert.equal(refused.length, 1);
    assert.ok(refused[0] instanceof Refusal && refused[0].code === 'state_refused', String(refused[0]));
    const left = await db.transaction(systemActor('test'), (tx) =>
      tx.rows(sql`select 1 from organization_users where organization_id = ${organizationId}
        and 'superuser' = any(roles) and disabled_at is null`),
    );
    assert.equal(left.length, 1);
  }
});

test('who is disabled is out at once and comes back when enabled', async () => {
  const { organizationId } = await testDemo();
  const [owner, clerk] = [
    await colleague(organizationId, 'superuser'),
    await colleague(organizationId, 'receivables'),
  ];
  assert.equal((await ask(clerk.cookie, 'GET', '/v1/customers')).status, 200);
  const change = (disabled: boolean) => ask(owner.cookie, 'PATCH', `/v1/users/${clerk.userId}`, { disabled });
  assert.equal((await change(true)).body.state, 'disabled');
  assert.equal((await ask(clerk.cookie, 'GET', '/v1/customers')).status, 401);
  const again = await signIn(clerk.email);
  assert.equal((await ask(again.cookie, 'GET', '/v1/customers')).status, 401);
  const { db } = (await testServer()).parts;
  const provided = () =>
    db.pool.query(`update sessions set second_factor = 'provider' where user_id = $1`, [clerk.userId]);
  await provided();
  assert.equal((await change(false)).body.state, 'active');
  assert.equal(
    (await ask(again.cookie, 'GET', '/v1/session')).status,
    401,
    'by a provider: not carried over',
  );
  assert.equal((await ask((await signIn(clerk.email)).cookie, 'GET', '/v1/customers')).status, 200);
  const self = await ask(owner.cookie, 'PATCH', `/v1/users/${owner.userId}`, { disabled: true });
  assert.equal(self.status, 409);
});

test('an invitation’s link verifies the address and opens the door once; the link before it opens nothing', async () => {
  const { organizationId } = await testDemo();
  const owner = await colleague(organizationId, 'superuser');
  const email = `${newId('user')}@example.com`;
  const names = { first_name: 'Grace', last_name: 'Hopper' };
  const invite = { email, ...names, roles: ['payments', 'collections'] };
  const made = await ask(owner.cookie, 'POST', '/v1/invitations', invite);
  assert.deepEqual([made.status, made.body.state], [201, 'open']);
  assert.equal((await ask(owner.cookie, 'POST', '/v1/invitations', invite)).status, 409);
  const first = await linkTo(email);
  assert.equal((await ask(owner.cookie, 'POST', `/v1/invitations/${made.body.id}/send`)).status, 200);
  const accept = (token: string, more: object) =>
    ask('', 'POST', '/v1/invitation', { token, ...names, ...more });
  assert.equal((await accept(first, { password })).status, 410);
  const second = await linkTo(email);
  assert.equal((await accept(second, { password: 'password1234' })).status, 422);
  const joined = await Promise.all([accept(second, { password }), accept(second, { password })]);
  assert.deepEqual(joined.map(({ status }) => status).sort(), [200, 410]);
  const grace = await signIn(email);
  const me = (await ask(grace.cookie, 'GET', '/v1/session')).body;
  assert.equal(me.organization.id, organizationId);
  assert.ok(me.scopes.includes('payments:write') && !me.scopes.includes('invoices:write'));
});

test('who has a sign-in keeps it and gains the organization; a revoked invitation opens nothing', async () => {
  const [here, there] = [await testDemo(), await testDemo()];
  const owner = await colleague(here.organizationId, 'superuser');
  const other = await colleague(there.organizationId, 'dashboard');
  const names = { first_name: 'Ada', last_name: 'Lee' };
  const invite = { email: other.email, ...names, roles: ['report_viewer'] };
  const made = (await ask(owner.cookie, 'POST', '/v1/invitations', invite)).body;
  assert.equal((await ask(owner.cookie, 'DELETE', `/v1/invitations/${made.id}`)).body.state, 'revoked');
  const stale = await linkTo(other.email);
  assert.equal((await ask('', 'POST', '/v1/invitation', { token: stale, ...names })).status, 410);
  await ask(owner.cookie, 'POST', '/v1/invitations', invite);
  const token = await linkTo(other.email);
  const provided = await signIn(other.email);
  const { db } = (await testServer()).parts;
  await db.pool.query(
    `update sessions set second_factor = 'provider' where id = (select max(id) from sessions where user_id = $1)`,
    [other.userId],
  );
  const joined = await ask('', 'POST', '/v1/invitation', {
    token,
    ...names,
    password: 'another long password',
  });
  assert.equal((await ask(provided.cookie, 'GET', '/v1/session')).status, 401);
  assert.deepEqual([joined.status, joined.body.signed_in], [200, false], 'the link alone signs nobody in');
  assert.equal((await signIn(other.email)).status, 200, 'the password stays');
  const moved = await ask(other.cookie, 'POST', '/v1/session/organization', {
    organization_id: here.organizationId,
  });
  assert.ok(moved.body.scopes.includes('customers:read') && !moved.body.scopes.includes('customers:write'));
});

test('who is known from practice alone is a newcomer to a live organization: nothing from before opens it', async () => {
  const [here, there] = [await testDemo(), await testDemo()];
  const { db } = (await testServer()).parts;
  const owner = await colleague(here.organizationId, 'superuser');
  const planted = await colleague(there.organizationId, 'superuser');
  const names = { first_name: 'Grace', last_name: 'Hopper' };
  await ask(owner.cookie, 'POST', '/v1/invitations', {
    email: planted.email,
    ...names,
    roles: ['dashboard'],
  });
  const token = await linkTo(planted.email);
  await db.pool.query(`update organizations set mode = 'live' where id = $1`, [here.organizationId]);
  const shown = await ask('', 'GET', `/v1/invitation?token=${token}`);
  assert.equal(shown.body.has_sign_in, false);
  assert.equal(
    (await ask('', 'POST', '/v1/invitation', { token, ...names })).status,
    422,
    'a password first',
  );
  const chosen = 'six purple lanterns';
  const joined = await ask('', 'POST', '/v1/invitation', { token, ...names, password: chosen });
  assert.deepEqual([joined.status, joined.body.signed_in], [200, true]);
  assert.equal((await ask(planted.cookie, 'GET', '/v1/session')).status, 401);
  assert.equal((await signIn(planted.email)).status, 401, 'the password from before');
});

test('a forgotten password: the mailed link works once and signs every device out', async () => {
  const { organizationId } = await testDemo();
  const clerk = await colleague(organizationId, 'dashboard');
  const request = (email: string) => ask('', 'POST', '/v1/password-reset/request', { email });
  const [known, unknown] = [await request(clerk.email), await request('nobody@nowhere.example')];
  assert.deepEqual(known, unknown);
  const token = await linkTo(clerk.email);
  const reset = (to: string) => ask('', 'POST', '/v1/password-reset', { token, password: to });
  assert.equal((await reset('aaaaaaaaaaaaaa')).status, 422);
  assert.equal((await reset('six purple lanterns')).status, 200);
  assert.equal((await reset('five purple lanterns')).status, 410);
  assert.equal((await ask(clerk.cookie, 'GET', '/v1/session')).status, 401);
  assert.equal((await signIn(clerk.email)).status, 401);
  assert.equal((await signIn(clerk.email, 'six purple lanterns')).status, 200);
});

test('a session rests no longer than the organization allows; what is done keeps it awake, what is asked does not', async () => {
  const { organizationId } = await testDemo();
  const { db } = (await testServer()).parts;
  const rest = (userId: string, minutes: number) =>
    db.pool.query(`update sessions set last_seen_at = now() - $2 * interval '1 minute' where user_id = $1`, [
      userId,
      minutes,
    ]);
  const clerk = await colleague(organizationId, 'receivables');
  await rest(clerk.userId, 14);
  assert.equal((await ask(clerk.cookie, 'GET', '/v1/customers')).status, 200);
  assert.equal((await ask(clerk.cookie, 'POST', '/v1/session/awake')).status, 200);
  await rest(clerk.userId, 14);
  await ask(clerk.cookie, 'GET', '/v1/customers');
  await rest(clerk.userId, 16);
  assert.equal((await ask(clerk.cookie, 'GET', '/v1/customers')).status, 401);
  assert.equal((await ask(clerk.cookie, 'POST', '/v1/session/awake')).status, 401);
});
