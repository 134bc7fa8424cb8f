import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDemo, testServer } from '../../../../test/support/server.ts';
import {
  asStaff,
  codeOf,
  mailTo,
  staffPassword as password,
  setUpApp,
  signInAs,
  staffSignedIn,
  tokenTo,
} from '../../../../test/support/staff.ts';

const messageOf = (reply: { body: { error?: { message?: string } } }): string =>
  reply.body.error?.message ?? '';

/** Past the password: what opens the second step. */
async function atSecondStep(
  email: string,
  secret = password,
): Promise<(code: string) => ReturnType<typeof asStaff>> {
  const first = await signInAs(email, secret);
  assert.deepEqual([first.status, first.body.object], [200, 'second_step']);
  assert.equal(first.cookie, 'owed_staff=undefined', 'the password alone opens nothing');
  const { token } = first.body;
  return (code) => asStaff('', 'POST', '/v1/session/second-step', { token, code });
}

/** Time goes on: the step before the last may be used again, as if the code of now were a new one. */
async function stepsPass(userId: string, steps: number): Promise<void> {
  const { db } = (await testServer()).parts;
  await db.pool.query('update authenticator_apps set last_step = last_step - $2 where user_id = $1', [
    userId,
    steps,
  ]);
}

test('an app is set up with the password and a right code, and is asked for from then on', async () => {
  const { organizationId } = await testDemo();
  const { db } = (await testServer()).parts;
  const clerk = await staffSignedIn(organizationId, 'dashboard');
  const begin = (given: string) =>
    asStaff(clerk.cookie, 'POST', '/v1/profile/authenticator', { password: given });
  const wrong = await begin('not the password');
  assert.deepEqual([wrong.status, wrong.body.error.param], [422, 'password']);
  const confirm = (code: string) =>
    asStaff(clerk.cookie, 'POST', '/v1/profile/authenticator/confirm', { code });
  assert.equal((await confirm('123456')).status, 409, 'nothing waits for a code yet');
  const { secret } = (await begin(password)).body as { secret: string };
  const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
  const refused = await confirm(other(codeOf(secret)));
  assert.deepEqual([refused.status, refused.body.error.param], [422, 'code']);
  assert.equal((await signInAs(clerk.email)).body.object, 'session', 'not asked for before it works');
  const done = await confirm(codeOf(secret));
  assert.equal(done.status, 200);
  assert.equal(new Set(done.body.codes).size, 10);
  for (const code of done.body.codes) assert.match(code, /^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
  const { rows } = await db.pool.query(
    `select encode(secret, 'escape') || (select string_agg(code_hash, ' ') from recovery_codes r
      where r.user_id = a.user_id) as kept from authenticator_apps a where user_id = $1`,
    [clerk.userId],
  );
  for (const plain of [secret, done.body.codes[0], done.body.codes[0].replace('-', '')])
    assert.ok(!rows[0].kept.includes(plain), 'secrets are sealed where they rest');
  await stepsPass(clerk.userId, 1);
  const step = await atSecondStep(clerk.email);
  const inside = await step(codeOf(secret));
  assert.deepEqual([inside.status, inside.body.user.id], [200, clerk.userId]);
  assert.equal((await asStaff(inside.cookie, 'GET', '/v1/organization')).status, 200);
  assert.equal((await mailTo(clerk.email)).subject, 'Your sign-in asks for a code now');
});

test('a code opens once: not again, not an older one, not at two doors at the same moment', async () => {
  const { organizationId } = await testDemo();
  const clerk = await staffSignedIn(organizationId, 'dashboard');
  const { secret, code } = await setUpApp(clerk.cookie);
  const again = await (await atSecondStep(clerk.email))(code);
  assert.equal(again.status, 401);
  assert.match(messageOf(again), /was used a moment ago/);
  await stepsPass(clerk.userId, 1);
  const doors = await Promise.all([atSecondStep(clerk.email), atSecondStep(clerk.email)]);
  const both = await Promise.all(doors.map((step) => step(code)));
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 401]);
  const older = await (await atSecondStep(clerk.email))(codeOf(secret, -1));
  assert.equal(older.status, 401);
});

test('the second step is passed once, and not without the first', async () => {
  const { organizationId } = await testDemo();
  const clerk = await staffSignedIn(organizationId, 'dashboard');
  const { secret, codes } = await setUpApp(clerk.cookie);
  await stepsPass(clerk.userId, 1);
  const step = await atSecondStep(clerk.email);
  assert.equal((await step(codeOf(secret))).status, 200);
  const spent = await step(codes[0] ?? '');
  assert.deepEqual([spent.status, spent.body.error.code], [410, 'link_expired']);
  const made = await asStaff('', 'POST', '/v1/session/second-step', { token: 'made up', code: codes[0] });
  assert.equal(made.status, 410);
  const { db } = (await testServer()).parts;
  const late = await atSecondStep(clerk.email);
  await db.pool.query(
    "update sign_in_challenges set expires_at = now() - interval '1 second' where user_id = $1",
    [clerk.userId],
  );
  assert.equal((await late(codes[0] ?? '')).status, 410);
});

test('five wrong codes lock the second step, at whatever door, and say for how long', async () => {
  const { organizationId } = await testDemo();
  const clerk = await staffSignedIn(organizationId, 'dashboard');
  const { codes } = await setUpApp(clerk.cookie);
  const step = await atSecondStep(clerk.email);
  const answers = await Promise.all(Array.from({ length: 8 }, (_, at) => step(`ZZZZZ-ZZZZ${at}`)));
  const wrong = answers.map(({ status }) => status);
  assert.equal(wrong.filter((status) => status === 401).length, 5, wrong.join());
  assert.equal(wrong.filter((status) => status === 429).length, 3, wrong.join());
  const right = await (await atSecondStep(clerk.email))(codes[0] ?? '');
  assert.equal(right.status, 429);
  assert.match(messageOf(right), /Too many wrong codes\. Try again in 1\d minutes/);
});

test('a recovery code opens once, in whatever order; the mail tells it; new ones void the old', async () => {
  const { organizationId } = await testDemo();
  const clerk = await staffSignedIn(organizationId, 'dashboard');
  const { codes } = await setUpApp(clerk.cookie);
  const [first = '', second = '', third = ''] = [codes[7], codes[2], codes[0]];
  const opened = await (await atSecondStep(clerk.email))(first.toLowerCase());
  assert.equal(opened.status, 200);
  assert.match((await mailTo(clerk.email)).text, /9 of 10 are left/);
  assert.equal((await (await atSecondStep(clerk.email))(first)).status, 401, 'it is used up');
  const twice = await Promise.all([atSecondStep(clerk.email), atSecondStep(clerk.email)]);
  const both = await Promise.all(twice.map((step) => step(second)));
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 401]);
  const profile = await asStaff(opened.cookie, 'GET', '/v1/profile');
  assert.equal(profile.body.authenticator.recovery_codes_left, 8);
  const renew = (given: string) =>
    asStaff(opened.cookie, 'POST', '/v1/profile/recovery-codes', { password: given });
  assert.equal((await renew('not the password')).status, 422);
  const renewed = await renew(password);
  assert.equal(renewed.body.codes.length, 10);
  assert.equal((await (await atSecondStep(clerk.email))(third)).status, 401);
  assert.equal((await (await atSecondStep(clerk.email))(renewed.body.codes[0])).status, 200);
});

test('one’s recovery code opens nobody else’s door', async () => {
  const { organizationId } = await testDemo();
  const [ada, eve] = [
    await staffSignedIn(organizationId, 'dashboard'),
    await staffSignedIn(organizationId, 'dashboard'),
  ];
  await setUpApp(ada.cookie);
  const { codes } = await setUpApp(eve.cookie);
  assert.equal((await (await atSecondStep(ada.email))(codes[0] ?? '')).status, 401);
});

test('a forgotten password opens no way around the code', async () => {
  const { organizationId } = await testDemo();
  const clerk = await staffSignedIn(organizationId, 'dashboard');
  const { secret, codes } = await setUpApp(clerk.cookie);
  await asStaff('', 'POST', '/v1/password-reset/request', { email: clerk.email });
  const token = await tokenTo(clerk.email);
  const begun = await atSecondStep(clerk.email);
  const reset = await asStaff('', 'POST', '/v1/password-reset', { token, password: 'six purple lanterns' });
  assert.deepEqual([reset.status, reset.cookie], [200, 'owed_staff=undefined']);
  assert.equal((await begun(codes[0] ?? '')).status, 410, 'begun with the old password');
  const { db } = (await testServer()).parts;
  const { rows } = await db.pool.query(
    `select 1 from events where organization_id = $1 and subject_id = $2 and type = 'user.password_changed'`,
    [organizationId, clerk.userId],
  );
  assert.equal(rows.length, 1);
  await stepsPass(clerk.userId, 1);
  const step = await atSecondStep(clerk.email, 'six purple lanterns');
  assert.equal((await step(codeOf(secret))).status, 200);
});

test('another phone takes the place of the one before, and not until its code is right', async () => {
  const { organizationId } = await testDemo();
  const clerk = await staffSignedIn(organizationId, 'dashboard');
  const old = await setUpApp(clerk.cookie);
  await asStaff(clerk.cookie, 'POST', '/v1/profile/authenticator', { password });
  await stepsPass(clerk.userId, 1);
  assert.equal((await (await atSecondStep(clerk.email))(codeOf(old.secret))).status, 200);
  const moved = await setUpApp(clerk.cookie);
  await stepsPass(clerk.userId, 1);
  assert.equal((await (await atSecondStep(clerk.email))(codeOf(old.secret))).status, 401);
  assert.equal((await (await atSecondStep(clerk.email))(old.codes[1] ?? '')).status, 401);
  assert.equal((await (await atSecondStep(clerk.email))(codeOf(moved.secret))).status, 200);
});

test('the app is turned off with the password, and its recovery codes go with it', async () => {
  const { organizationId } = await testDemo();
  const clerk = await staffSignedIn(organizationId, 'dashboard');
  await setUpApp(clerk.cookie);
  const off = (given: string) =>
    asStaff(clerk.cookie, 'POST', '/v1/profile/authenticator/turn-off', { password: given });
  assert.equal((await off('not the password')).status, 422);
  assert.equal((await off(password)).status, 200);
  assert.equal((await signInAs(clerk.email)).body.object, 'session');
  assert.equal((await mailTo(clerk.email)).subject, 'Your sign-in no longer asks for a code');
  const codes = await asStaff(clerk.cookie, 'POST', '/v1/profile/recovery-codes', { password });
  assert.equal(codes.status, 409, 'there is no app to have codes for');
});
