import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '#lib/ids.ts';
import { testDemo, testServer } from '../../../../test/support/server.ts';
import {
  asStaff,
  mailTo,
  staffPassword as password,
  setUpApp,
  signInAs,
  staffSignedIn,
  tokenTo,
} from '../../../../test/support/staff.ts';

const newAddress = (): string => `${newId('user')}@new.example`;
const ask = (cookie: string, email: string, given = password) =>
  asStaff(cookie, 'POST', '/v1/profile/email', { email, password: given });
const confirm = (cookie: string, token: string) =>
  asStaff(cookie, 'POST', '/v1/profile/email/confirm', { token });
const undo = (token: string) => asStaff('', 'POST', '/v1/email-change/undo', { token });

test('the address moves when the link at the new one is opened by its person, once', async () => {
  const { organizationId } = await testDemo();
  const clerk = await staffSignedIn(organizationId, 'dashboard');
  const eve = await staffSignedIn(organizationId, 'superuser');
  const other = (await signInAs(clerk.email)).cookie;
  const email = newAddress();
  assert.equal((await ask(clerk.cookie, email, 'not the password')).status, 422);
  const same = await ask(clerk.cookie, clerk.email.toUpperCase());
  assert.deepEqual([same.status, same.body.error.param], [422, 'email']);
  assert.equal((await ask(clerk.cookie, email)).status, 200);
  assert.equal((await asStaff(clerk.cookie, 'GET', '/v1/profile')).body.new_email, email);
  assert.equal((await signInAs(email)).status, 401, 'nothing has changed yet');
  const token = await tokenTo(email);
  assert.equal((await confirm('', token)).status, 401);
  assert.equal((await confirm(eve.cookie, token)).status, 410, 'the link is nobody else’s');
  const both = await Promise.all([confirm(clerk.cookie, token), confirm(clerk.cookie, token)]);
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 410]);
  assert.equal((await asStaff(clerk.cookie, 'GET', '/v1/profile')).body.email, email);
  assert.equal((await asStaff(other, 'GET', '/v1/session')).status, 401, 'other devices are out');
  assert.equal((await signInAs(clerk.email)).status, 401);
  assert.equal((await signInAs(email)).status, 200);
  const notice = await mailTo(clerk.email);
  assert.deepEqual([notice.kind, notice.subject], ['login_notice', 'You sign in with another address now']);
});

test('only the newest wish counts, and none after a day', async () => {
  const { organizationId } = await testDemo();
  const { db } = (await testServer()).parts;
  const clerk = await staffSignedIn(organizationId, 'dashboard');
  const [first, second] = [newAddress(), newAddress()];
  await ask(clerk.cookie, first);
  await ask(clerk.cookie, second);
  assert.equal((await confirm(clerk.cookie, await tokenTo(first))).status, 410);
  await db.pool.query(
    "update email_changes set expires_at = now() - interval '1 second' where user_id = $1",
    [clerk.userId],
  );
  assert.equal((await confirm(clerk.cookie, await tokenTo(second))).status, 410);
  assert.equal((await asStaff(clerk.cookie, 'GET', '/v1/profile')).body.new_email, null);
});

test('an address that has a sign-in is answered like any other, told so itself, and never taken over', async () => {
  const { organizationId } = await testDemo();
  const [clerk, other] = [
    await staffSignedIn(organizationId, 'dashboard'),
    await staffSignedIn(organizationId, 'dashboard'),
  ];
  const free = await ask(clerk.cookie, newAddress());
  const taken = await ask(clerk.cookie, other.email);
  assert.deepEqual([taken.status, taken.body], [free.status, free.body]);
  assert.equal((await asStaff(clerk.cookie, 'GET', '/v1/profile')).body.new_email, other.email);
  assert.equal((await mailTo(other.email)).subject, 'This address has a sign-in already');
  const email = newAddress();
  await ask(clerk.cookie, email);
  const token = await tokenTo(email);
  await ask(other.cookie, email);
  assert.equal((await confirm(other.cookie, await tokenTo(email))).status, 200);
  const late = await confirm(clerk.cookie, token);
  assert.deepEqual([late.status, late.body.error.code], [409, 'conflict']);
});

test('an address is asked three times an hour, then told when again', async () => {
  const { organizationId } = await testDemo();
  const clerk = await staffSignedIn(organizationId, 'dashboard');
  for (let times = 0; times < 3; times += 1)
    assert.equal((await ask(clerk.cookie, newAddress())).status, 200);
  const often = await ask(clerk.cookie, newAddress());
  assert.deepEqual([often.status, often.body.error.code], [429, 'rate_limited']);
});

test('the old address takes the change back: who made it is out, with all that was added since', async () => {
  const { organizationId } = await testDemo();
  const { db } = (await testServer()).parts;
  const clerk = await staffSignedIn(organizationId, 'dashboard');
  const move = async (to: string) => {
    await ask(clerk.cookie, to);
    assert.equal((await confirm(clerk.cookie, await tokenTo(to))).status, 200);
  };
  const [taken, further] = [newAddress(), newAddress()];
  await move(taken);
  const way = await tokenTo(clerk.email);
  await setUpApp(clerk.cookie);
  await move(further);
  const thiefsWay = await tokenTo(taken);
  await db.pool.query(
    `insert into passkeys (id, user_id, credential_id, public_key, counter, transports, name, is_backed_up, created_at)
     values ($1, $2, $3, 'key', 0, '{}', 'Earlier', false, now() - interval '1 day')`,
    [newId('passkey'), clerk.userId, newId('passkey')],
  );
  const provider = newId('oidcProvider');
  await db.pool.query(
    `insert into oidc_providers (organization_id, id, label, issuer, client_id, links_by_email, creates_users,
       created_at, updated_at) values ($1, $2, 'Pass', 'https://pass.example', 'owed', false, false, now(), now())`,
    [organizationId, provider],
  );
  await db.pool.query(
    `insert into user_identities (organization_id, id, provider_id, user_id, subject, created_at)
     values ($1, $2, $3, $4, 'somebody', now() - interval '1 day')`,
    [organizationId, newId('userIdentity'), provider, clerk.userId],
  );
  const back = await undo(way);
  assert.deepEqual([back.status, back.body.email], [200, clerk.email]);
  assert.equal((await asStaff(clerk.cookie, 'GET', '/v1/session')).status, 401);
  const kept = await db.pool.query(
    `select (select count(*) from passkeys where user_id = $1) + (select count(*) from recovery_codes where user_id = $1)
       + (select count(*) from user_identities where user_id = $1) as keys`,
    [clerk.userId],
  );
  assert.equal(Number(kept.rows[0].keys), 0, 'keys that were added before are forgotten too');
  assert.equal((await undo(way)).status, 410);
  assert.equal((await undo(thiefsWay)).status, 410, 'the thief’s own way back is closed');
  assert.equal((await signInAs(further)).status, 401);
  const chosen = await asStaff('', 'POST', '/v1/password-reset', {
    token: back.body.password_token,
    password: 'six purple lanterns',
  });
  assert.equal(chosen.status, 200);
  assert.equal((await signInAs(clerk.email)).status, 401, 'the old password is known to the thief');
  const inside = await signInAs(clerk.email, 'six purple lanterns');
  assert.deepEqual([inside.status, inside.body.object], [200, 'session'], 'the thief’s app is forgotten');
  const { rows } = await db.pool.query(
    `select type from events where organization_id = $1 and subject_id = $2 and type like 'user.email%' order by id`,
    [organizationId, clerk.userId],
  );
  assert.deepEqual(
    rows.map(({ type }) => type),
    ['user.email_changed', 'user.email_changed', 'user.email_restored'],
  );
});

test('the way back is open for a week', async () => {
  const { organizationId } = await testDemo();
  const { db } = (await testServer()).parts;
  const clerk = await staffSignedIn(organizationId, 'dashboard');
  const email = newAddress();
  await ask(clerk.cookie, email);
  await confirm(clerk.cookie, await tokenTo(email));
  const { rows } = await db.pool.query(
    'select extract(epoch from undo_until - changed_at) as life from email_changes where user_id = $1',
    [clerk.userId],
  );
  assert.equal(Number(rows[0].life), 7 * 86_400);
  await db.pool.query(
    "update email_changes set undo_until = now() - interval '1 second' where user_id = $1",
    [clerk.userId],
  );
  assert.equal((await undo(await tokenTo(clerk.email))).status, 410);
});
