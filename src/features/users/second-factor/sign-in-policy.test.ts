import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemActor } from '#db/db.ts';
import { callApi, testDemo, testServer } from '../../../../test/support/server.ts';
import {
  asStaff,
  mailTo,
  staffPassword as password,
  setUpApp,
  signInAs,
  staffSignedIn,
} from '../../../../test/support/staff.ts';
import { createUser } from '../create-user.ts';

const policy = (cookie: string, body: object) => asStaff(cookie, 'PATCH', '/v1/sign-in-policy', body);
const reset = (cookie: string, userId: string) =>
  asStaff(cookie, 'POST', `/v1/users/${userId}/reset-second-factor`);

test('an organization asks for a second factor: who has none sets one up before anything else', async () => {
  const { organizationId, apiKey } = await testDemo();
  const [owner, clerk] = [
    await staffSignedIn(organizationId, 'superuser'),
    await staffSignedIn(organizationId, 'receivables'),
  ];
  const early = await policy(owner.cookie, { require_second_factor: true });
  assert.deepEqual([early.status, early.body.error.param], [409, 'require_second_factor']);
  await setUpApp(owner.cookie);
  const on = await policy(owner.cookie, { require_second_factor: true });
  assert.equal(on.status, 200);
  assert.equal(on.body.people - 1, on.body.without_second_factor);
  assert.equal((await asStaff(owner.cookie, 'GET', '/v1/customers')).status, 200);
  const out = await asStaff(clerk.cookie, 'GET', '/v1/customers');
  assert.equal(out.status, 403);
  assert.match(out.body.error.message, /asks for a second factor/);
  assert.equal((await asStaff(clerk.cookie, 'GET', '/v1/session')).body.second_factor_due, true);
  const again = (await signInAs(clerk.email)).cookie;
  assert.equal((await asStaff(again, 'GET', '/v1/customers')).status, 403, 'a new sign-in is no way around');
  assert.equal((await callApi(apiKey, 'GET', '/v1/customers')).status, 200, 'an API key is nobody');
  await setUpApp(clerk.cookie);
  assert.equal((await asStaff(clerk.cookie, 'GET', '/v1/customers')).status, 200);
  assert.equal(
    (await asStaff(again, 'GET', '/v1/customers')).status,
    401,
    'what the password alone had opened is ended',
  );
  const off = await asStaff(clerk.cookie, 'POST', '/v1/profile/authenticator/turn-off', { password });
  assert.equal(off.status, 409);
});

test('an owner resets a colleague’s second factor: signed out, told by mail, written down', async () => {
  const { organizationId } = await testDemo();
  const { db } = (await testServer()).parts;
  const [owner, clerk] = [
    await staffSignedIn(organizationId, 'superuser'),
    await staffSignedIn(organizationId, 'dashboard'),
  ];
  assert.equal((await reset(owner.cookie, clerk.userId)).status, 409, 'there is none to reset');
  await setUpApp(clerk.cookie);
  const done = await reset(owner.cookie, clerk.userId);
  assert.deepEqual([done.status, done.body.has_second_factor], [200, false]);
  assert.equal((await asStaff(clerk.cookie, 'GET', '/v1/session')).status, 401);
  assert.equal((await signInAs(clerk.email)).body.object, 'session');
  assert.equal((await mailTo(clerk.email)).subject, 'Your second factor was reset');
  const { rows } = await db.pool.query(
    `select actor_id from events where organization_id = $1 and type = 'user.second_factor_reset' and subject_id = $2`,
    [organizationId, clerk.userId],
  );
  assert.deepEqual(rows, [{ actor_id: owner.userId }]);
  await setUpApp(owner.cookie);
  assert.equal((await reset(owner.cookie, owner.userId)).status, 409, 'one’s own is in the profile');
});

test('nobody takes the lock off one who may do more, nor off a sign-in that opens another’s organization', async () => {
  const [here, there] = [await testDemo(), await testDemo()];
  const { db } = (await testServer()).parts;
  const actor = systemActor('test');
  const join = (email: string, organizationId: string, ...roles: string[]) => {
    const names = { firstName: '', lastName: '', passwordHash: '' };
    return db.transaction(actor, (tx) =>
      createUser(tx, actor, { ...names, email, organizationId, roles }, new Date()),
    );
  };
  const owner = await staffSignedIn(here.organizationId, 'superuser');
  const made = await asStaff(owner.cookie, 'POST', '/v1/roles', { name: 'Office', scopes: ['users:write'] });
  const office = await staffSignedIn(here.organizationId, 'dashboard');
  await asStaff(owner.cookie, 'PATCH', `/v1/users/${office.userId}`, { roles: [made.body.id] });
  await setUpApp(owner.cookie);
  assert.equal((await reset(office.cookie, owner.userId)).status, 403);
  const both = await staffSignedIn(here.organizationId, 'dashboard');
  await setUpApp(both.cookie);
  await join(both.email, there.organizationId, 'superuser');
  const foreign = await reset(owner.cookie, both.userId);
  assert.equal(foreign.status, 409);
  assert.match(foreign.body.error.message, /another organization/);
  await join(owner.email, there.organizationId, 'superuser');
  assert.equal((await reset(owner.cookie, both.userId)).status, 200, 'an owner of both may');
});

test('an owner takes no lock off who hosts this Owed; another operator may', async () => {
  const { organizationId } = await testDemo();
  const { db } = (await testServer()).parts;
  const owner = await staffSignedIn(organizationId, 'superuser');
  const host = await staffSignedIn(organizationId, 'superuser');
  await setUpApp(host.cookie);
  const operate = (id: string) => db.pool.query('update users set operator = true where id = $1', [id]);
  await operate(host.userId);
  assert.equal((await reset(owner.cookie, host.userId)).status, 403);
  assert.equal((await signInAs(host.email)).body.object, 'second_step');
  await operate(owner.userId);
  assert.equal((await reset(owner.cookie, host.userId)).status, 200);
});
