import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDemo, testServer } from '../../../../test/support/server.ts';
import { SoftAuthenticator, type Wrong } from '../../../../test/support/soft-authenticator.ts';
import {
  asStaff,
  mailTo,
  staffPassword as password,
  setUpApp,
  signInAs,
  staffSignedIn,
} from '../../../../test/support/staff.ts';

const site = 'http://owed.test';

async function begin(cookie: string, given = password) {
  return asStaff(cookie, 'POST', '/v1/profile/passkeys/challenge', { password: given });
}

/** A person with a passkey on a device of their own. */
async function withPasskey(...roles: string[]) {
  const { organizationId } = await testDemo();
  const person = await staffSignedIn(organizationId, ...roles);
  const device = new SoftAuthenticator(site);
  const options = (await begin(person.cookie)).body;
  const credential = device.create(options);
  const added = await asStaff(person.cookie, 'POST', '/v1/profile/passkeys', { name: 'Laptop', credential });
  assert.equal(added.status, 201, JSON.stringify(added.body));
  return { ...person, organizationId, device, passkey: added.body, options, credential };
}

const challenge = async () => (await asStaff('', 'POST', '/v1/session/passkey/challenge')).body;
const enter = (credential: object) => asStaff('', 'POST', '/v1/session/passkey', { credential });
const enterBy = async (device: SoftAuthenticator, wrong: Wrong = {}) =>
  enter(device.get(await challenge(), wrong));

test('a passkey signs in without a password and without a code, and satisfies who asks for two', async () => {
  const ada = await withPasskey('superuser');
  assert.equal((await mailTo(ada.email)).subject, 'A passkey was added');
  await setUpApp(ada.cookie);
  assert.equal((await signInAs(ada.email)).body.object, 'second_step');
  const inside = await enterBy(ada.device);
  assert.deepEqual([inside.status, inside.body.user.id], [200, ada.userId]);
  await asStaff(ada.cookie, 'PATCH', '/v1/sign-in-policy', { require_second_factor: true });
  const again = await enterBy(ada.device);
  assert.equal(again.body.second_factor_due, false);
  assert.equal((await asStaff(again.cookie, 'GET', '/v1/customers')).status, 200);
  const { body } = await asStaff(again.cookie, 'GET', '/v1/profile/passkeys');
  assert.ok(body.data[0].last_used_at);
});

test('with a passkey and no app the password alone does not satisfy who asks for two', async () => {
  const ada = await withPasskey('superuser');
  const on = await asStaff(ada.cookie, 'PATCH', '/v1/sign-in-policy', { require_second_factor: true });
  assert.equal(on.status, 200);
  const { cookie } = await signInAs(ada.email);
  assert.equal((await asStaff(cookie, 'GET', '/v1/customers')).status, 403);
  const { cookie: strong } = await enterBy(ada.device);
  assert.equal((await asStaff(strong, 'GET', '/v1/customers')).status, 200);
});

test('who has only a passkey and came by the password alone changes nothing of how they sign in', async () => {
  const ada = await withPasskey('dashboard');
  const { cookie } = await signInAs(ada.email);
  const credential = new SoftAuthenticator(site).create((await begin(ada.cookie)).body);
  for (const [method, url, body] of [
    ['POST', '/v1/profile/authenticator', { password }],
    ['POST', '/v1/profile/authenticator/confirm', { code: '123456' }],
    ['POST', '/v1/profile/passkeys/challenge', { password }],
    ['POST', '/v1/profile/passkeys', { name: 'Mine', credential }],
    ['DELETE', `/v1/profile/passkeys/${ada.passkey.id}`, undefined],
    ['POST', '/v1/profile/email', { email: `new.${ada.email}`, password }],
    ['POST', '/v1/profile/password', { password, new_password: 'six purple lanterns' }],
  ] as const) {
    const { status, body: said } = await asStaff(cookie, method, url, body);
    assert.deepEqual([status, said.error?.message], [403, 'Sign in with your passkey or code first.'], url);
  }
  assert.equal((await begin(ada.cookie)).status, 200, 'who came by the passkey may');
});

test('a second factor ends what the password alone had opened or begun elsewhere', async () => {
  const { organizationId } = await testDemo();
  const [ada, eve] = [
    await staffSignedIn(organizationId, 'dashboard'),
    await staffSignedIn(organizationId, 'dashboard'),
  ];
  const others = [(await signInAs(ada.email)).cookie, (await signInAs(eve.email)).cookie];
  const { codes } = await setUpApp(ada.cookie);
  const { token } = (await signInAs(ada.email)).body;
  for (const { cookie } of [ada, eve]) {
    const credential = new SoftAuthenticator(site).create((await begin(cookie)).body);
    assert.equal(
      (await asStaff(cookie, 'POST', '/v1/profile/passkeys', { name: 'Key', credential })).status,
      201,
    );
    assert.equal((await asStaff(cookie, 'GET', '/v1/session')).status, 200);
  }
  for (const cookie of others) assert.equal((await asStaff(cookie, 'GET', '/v1/session')).status, 401);
  const late = await asStaff('', 'POST', '/v1/session/second-step', { token, code: codes[0] });
  assert.equal(late.status, 410);
});

test('a sign-in is refused for another site, origin or challenge, a person not looked at, a copied key', async () => {
  const ada = await withPasskey('dashboard');
  const wrongs: Record<string, Wrong> = {
    'another origin': { origin: 'http://owed.test.example' },
    'another site': { rpId: 'example.com' },
    'a person not looked at': { isUserVerified: false },
    'a person who is somebody else': { userHandle: Buffer.from('usr_0').toString('base64url') },
  };
  for (const [what, wrong] of Object.entries(wrongs)) {
    const reply = await enterBy(ada.device, wrong);
    assert.deepEqual([reply.status, reply.cookie], [401, 'owed_staff=undefined'], what);
  }
  assert.equal((await enterBy(ada.device, { challenge: 'bWFkZSB1cA' })).status, 410);
  const other = new SoftAuthenticator(site);
  assert.equal((await enterBy(other)).status, 401, 'a key that nobody knows');
  const forged = { ...other.get(await challenge()), id: ada.credential.id, rawId: ada.credential.id };
  assert.equal((await enter(forged)).status, 401, 'signed with another key');
  assert.equal((await enterBy(ada.device, { counter: 500 })).status, 200);
  const copied = await enterBy(ada.device, { counter: 499 });
  assert.equal(copied.status, 401, 'its counter went back: there are two of it');
});

test('what was signed opens once, and not after ten minutes', async () => {
  const ada = await withPasskey('dashboard');
  const { db } = (await testServer()).parts;
  const credential = ada.device.get(await challenge());
  const both = await Promise.all([enter(credential), enter(credential)]);
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 410]);
  const late = ada.device.get(await challenge());
  await db.pool.query(
    `update sign_in_challenges set expires_at = now() - interval '1 second' where kind = 'passkey_sign_in'`,
  );
  assert.equal((await enter(late)).status, 410);
});

test('a challenge to make a passkey is no challenge to sign in, nor anybody else’s', async () => {
  const ada = await withPasskey('dashboard');
  const eve = await staffSignedIn(ada.organizationId, 'dashboard');
  const forAda = (await begin(ada.cookie)).body;
  assert.equal((await enter(ada.device.get(forAda))).status, 410);
  const device = new SoftAuthenticator(site);
  const credential = device.create((await begin(ada.cookie)).body);
  const stolen = await asStaff(eve.cookie, 'POST', '/v1/profile/passkeys', { name: 'Mine', credential });
  assert.equal(stolen.status, 410);
});

test('a passkey is added with the password, for this site, with a look at its person, and once', async () => {
  const ada = await withPasskey('dashboard');
  assert.equal((await begin(ada.cookie, 'not the password')).status, 422);
  const add = async (wrong: Wrong) => {
    const credential = new SoftAuthenticator(site).create((await begin(ada.cookie)).body, wrong);
    return asStaff(ada.cookie, 'POST', '/v1/profile/passkeys', { name: 'Phone', credential });
  };
  for (const wrong of [
    { origin: 'http://elsewhere.test' },
    { rpId: 'elsewhere.test' },
    { isUserVerified: false },
  ]) {
    const reply = await add(wrong);
    assert.deepEqual([reply.status, reply.body.error.param], [422, 'credential'], JSON.stringify(wrong));
  }
  const options = (await begin(ada.cookie)).body;
  assert.deepEqual(options.excludeCredentials, [{ id: ada.credential.id, type: 'public-key' }]);
  const same = ada.device.create(options);
  const twice = await asStaff(ada.cookie, 'POST', '/v1/profile/passkeys', {
    name: 'Again',
    credential: same,
  });
  assert.equal(twice.status, 409);
  const garbled = { ...same, response: { clientDataJSON: 'e30', attestationObject: 'e30' } };
  const nonsense = await asStaff(ada.cookie, 'POST', '/v1/profile/passkeys', {
    name: 'X',
    credential: garbled,
  });
  assert.deepEqual([nonsense.status, nonsense.body.error.param], [422, 'credential']);
});

test('a passkey is renamed and removed by its person alone; removed it opens nothing', async () => {
  const ada = await withPasskey('dashboard');
  const eve = await staffSignedIn(ada.organizationId, 'superuser');
  const at = `/v1/profile/passkeys/${ada.passkey.id}`;
  assert.equal((await asStaff(eve.cookie, 'PATCH', at, { name: 'Mine' })).status, 404);
  assert.equal((await asStaff(eve.cookie, 'DELETE', at)).status, 404);
  assert.equal((await asStaff(ada.cookie, 'PATCH', at, { name: '' })).status, 422);
  assert.equal((await asStaff(ada.cookie, 'PATCH', at, { name: 'Old laptop' })).body.name, 'Old laptop');
  assert.equal((await asStaff(ada.cookie, 'DELETE', at)).status, 200);
  assert.equal((await enterBy(ada.device)).status, 401);
  assert.equal((await mailTo(ada.email)).subject, 'A passkey was removed');
});

test('removing a passkey ends what it had opened elsewhere; this session counts as by password', async () => {
  const ada = await withPasskey('dashboard');
  const [here, there] = [(await enterBy(ada.device)).cookie, (await enterBy(ada.device)).cookie];
  assert.equal((await asStaff(here, 'DELETE', `/v1/profile/passkeys/${ada.passkey.id}`)).status, 200);
  for (const cookie of [there, ada.cookie])
    assert.equal((await asStaff(cookie, 'GET', '/v1/session')).status, 401);
  const { body } = await asStaff(here, 'GET', '/v1/profile/sessions');
  assert.deepEqual(
    body.data.map((each: { second_factor: string | null }) => each.second_factor),
    [null],
  );
});
