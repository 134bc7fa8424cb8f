import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '#lib/ids.ts';
import { colleague, password } from '../../../test/support/colleague.ts';
import { OidcBrowser } from '../../../test/support/oidc-browser.ts';
import { testDemo, testServer } from '../../../test/support/server.ts';

async function enter(email: string): Promise<OidcBrowser> {
  const browser = new OidcBrowser();
  const { status } = await browser.ask('POST', '/v1/session', { email, password });
  assert.equal(status, 200);
  return browser;
}
/** An organization, and an owner of it who is signed in. */
async function office() {
  const { organizationId } = await testDemo();
  const owner = await colleague(organizationId, { roles: ['superuser'] });
  return { organizationId, owner, desk: await enter(owner.email) };
}
const names = { first_name: 'Grace', last_name: 'Hopper' };
const anyone = () => `${newId('user')}@example.com`;
const ids = (body: { data: { id: string }[] }) => body.data.map(({ id }) => id);

test('the list of people pages by cursor and shows those of the own organization alone', async () => {
  const { desk, organizationId, owner } = await office();
  const made = [];
  for (let at = 0; at < 3; at += 1)
    made.push((await colleague(organizationId, { roles: ['dashboard'] })).userId);
  const other = await office();
  const seen: string[] = [];
  let after = '';
  for (let page = 0; page < 20; page += 1) {
    const { body } = await desk.ask('GET', `/v1/users?limit=2${after}`);
    seen.push(...ids(body));
    if (!body.has_more) break;
    after = `&starting_after=${body.data.at(-1).id}`;
  }
  assert.equal(new Set(seen).size, seen.length);
  for (const id of [...made, owner.userId]) assert.ok(seen.includes(id), id);
  assert.ok(!seen.includes(other.owner.userId));
  assert.equal((await desk.ask('PATCH', `/v1/users/${other.owner.userId}`, { disabled: true })).status, 404);
  assert.equal((await desk.ask('GET', '/v1/users?limit=1000')).status, 422);
});

test('a colleague’s roles are changed as asked, and what is malformed names its field', async () => {
  const { desk, organizationId } = await office();
  const clerk = await colleague(organizationId, { roles: ['dashboard'] });
  const url = `/v1/users/${clerk.userId}`;
  const changed = await desk.ask('PATCH', url, { ...names, roles: ['payments', 'collections', 'payments'] });
  assert.deepEqual(
    [changed.status, changed.body.first_name, changed.body.roles],
    [200, 'Grace', ['payments', 'collections']],
  );
  for (const [body, param] of [
    [{ roles: [] }, 'roles'],
    [{ roles: ['king'] }, 'roles.0'],
    [{ roles: [newId('role')] }, 'roles'],
    [{ first_name: '' }, 'first_name'],
    [{ email: 'a@b.example' }, 'email'],
  ] as const) {
    const refused = await desk.ask('PATCH', url, body);
    assert.deepEqual([refused.status, refused.body.error.param], [422, param], JSON.stringify(body));
  }
  const entry = (await desk.ask('GET', '/v1/audit?kind=user.changed')).body.data[0];
  assert.equal(entry.says, 'User changed · now Payments, Collections');
});

test('a name belongs to the person who works elsewhere as well', async () => {
  const [here, there] = [await office(), await office()];
  const { email, userId } = await colleague(here.organizationId, { roles: ['dashboard'] });
  await colleague(there.organizationId, { roles: ['dashboard'], email });
  const refused = await here.desk.ask('PATCH', `/v1/users/${userId}`, { first_name: 'Other' });
  assert.deepEqual([refused.status, refused.body.error.param], [409, 'first_name']);
  assert.equal((await here.desk.ask('PATCH', `/v1/users/${userId}`, { disabled: true })).status, 200);
  const still = await enter(email);
  assert.equal((await still.whoami())?.organization, there.organizationId, 'and works on there');
});

test('the last owner stays: neither the role nor the access can be taken', async () => {
  const { organizationId, owner, desk } = await office();
  const { db } = (await testServer()).parts;
  await db.pool.query(
    'update organization_users set disabled_at = now() where organization_id = $1 and user_id <> $2',
    [organizationId, owner.userId],
  );
  const refused = await desk.ask('PATCH', `/v1/users/${owner.userId}`, { roles: ['dashboard'] });
  assert.equal(refused.status, 409);
  assert.match(refused.body.error.message, /One owner must remain/);
  assert.equal((await desk.ask('GET', '/v1/users')).status, 200, 'and is one still');
});

test('own roles: made, changed for all who hold them, refused twice by name, removed when nobody holds them', async () => {
  const { desk, organizationId } = await office();
  const made = await desk.ask('POST', '/v1/roles', { name: 'Office', scopes: ['customers:read'] });
  assert.deepEqual([made.status, made.body.built_in, made.body.people], [201, false, 0]);
  const url = `/v1/roles/${made.body.id}`;
  assert.equal(
    (await desk.ask('POST', '/v1/roles', { name: 'office', scopes: ['customers:read'] })).status,
    409,
  );
  for (const [body, param] of [
    [{ name: 'None', scopes: [] }, 'scopes'],
    [{ name: 'None', scopes: ['everything'] }, 'scopes.0'],
    [{ name: ' ', scopes: ['customers:read'] }, 'name'],
  ] as const) {
    const refused = await desk.ask('POST', '/v1/roles', body);
    assert.deepEqual([refused.status, refused.body.error.param], [422, param]);
  }
  const clerk = await colleague(organizationId, { roles: ['dashboard'] });
  await desk.ask('PATCH', `/v1/users/${clerk.userId}`, { roles: [made.body.id] });
  const own = await enter(clerk.email);
  assert.equal((await own.ask('GET', '/v1/customers')).status, 200);
  assert.equal((await desk.ask('PATCH', url, { name: 'Office', scopes: ['invoices:read'] })).body.people, 1);
  assert.equal((await own.ask('GET', '/v1/customers')).status, 403, 'at once');
  assert.equal((await own.ask('GET', '/v1/invoices')).status, 200);
  assert.equal((await desk.ask('DELETE', url)).status, 409);
  await desk.ask('PATCH', `/v1/users/${clerk.userId}`, { roles: ['dashboard'] });
  assert.equal((await desk.ask('DELETE', url)).status, 200);
  assert.equal((await desk.ask('DELETE', url)).status, 404);
  assert.equal(
    (await desk.ask('PATCH', '/v1/roles/superuser', { name: 'King', scopes: ['users:write'] })).status,
    422,
  );
});

test('an invitation that is too old, answered or taken back opens nothing and cannot be sent again', async () => {
  const { desk, organizationId } = await office();
  const { db } = (await testServer()).parts;
  const invite = async (email = anyone()) =>
    (await desk.ask('POST', '/v1/invitations', { email, ...names, roles: ['dashboard'] })).body;
  const linkOf = async (email: string) => {
    const { rows } = await db.pool.query(
      'select text from messages where $1 = any(to_emails) order by id desc limit 1',
      [email],
    );
    return /token=([\w-]+)/.exec(rows[0]?.text ?? '')?.[1] ?? assert.fail('no link');
  };
  const accept = (token: string) =>
    new OidcBrowser().ask('POST', '/v1/invitation', { token, ...names, password: 'eight violet umbrellas' });
  const old = await invite();
  await db.pool.query(`update link_tokens set expires_at = now() - interval '1 second' where email = $1`, [
    old.email,
  ]);
  assert.equal((await accept(await linkOf(old.email))).status, 410);
  const gone = await invite();
  assert.equal((await desk.ask('DELETE', `/v1/invitations/${gone.id}`)).body.state, 'revoked');
  assert.equal((await accept(await linkOf(gone.email))).status, 410);
  assert.equal((await desk.ask('POST', `/v1/invitations/${gone.id}/send`)).status, 409);
  const taken = await invite();
  assert.equal((await accept(await linkOf(taken.email))).status, 200);
  assert.equal((await desk.ask('POST', `/v1/invitations/${taken.id}/send`)).status, 409);
  assert.equal((await desk.ask('DELETE', `/v1/invitations/${taken.id}`)).status, 409);
  const again = await desk.ask('POST', '/v1/invitations', {
    email: taken.email,
    ...names,
    roles: ['dashboard'],
  });
  assert.deepEqual([again.status, again.body.error.param], [409, 'email']);
  assert.deepEqual(ids((await desk.ask('GET', '/v1/invitations')).body), [old.id]);
  assert.equal((await desk.ask('POST', `/v1/invitations/${newId('invitation')}/send`)).status, 404);
  const { rows } = await db.pool.query(
    'select roles from organization_users ou join users u on u.id = ou.user_id where u.email = $1 and organization_id = $2',
    [taken.email, organizationId],
  );
  assert.deepEqual(rows, [{ roles: ['dashboard'] }]);
});

test('mails of invitations and new passwords are few, and a reset ends older links', async () => {
  const { desk, organizationId } = await office();
  const { db } = (await testServer()).parts;
  const { id } = (
    await desk.ask('POST', '/v1/invitations', { email: anyone(), ...names, roles: ['dashboard'] })
  ).body;
  const sends = [];
  for (let at = 0; at < 4; at += 1) sends.push((await desk.ask('POST', `/v1/invitations/${id}/send`)).status);
  assert.deepEqual(sends, [200, 200, 429, 429]);
  const { email } = await colleague(organizationId, { roles: ['dashboard'] });
  for (let at = 0; at < 5; at += 1)
    await new OidcBrowser().ask('POST', '/v1/password-reset/request', { email });
  const { rows } = await db.pool.query(
    `select text from messages where $1 = any(to_emails) and kind = 'password_reset' order by id`,
    [email],
  );
  assert.equal(rows.length, 3);
  const [first, , last] = rows.map(({ text }) => /token=([\w-]+)/.exec(text)?.[1]);
  const reset = (token: string | undefined) =>
    new OidcBrowser().ask('POST', '/v1/password-reset', { token, password: 'nine silver kettles' });
  assert.equal((await reset(first)).status, 410);
  assert.equal((await reset(last)).status, 200);
});

test('who works nowhere any more is told so and gets no session; an invitation elsewhere is named', async () => {
  const { desk, organizationId } = await office();
  const clerk = await colleague(organizationId, { roles: ['receivables'] });
  await desk.ask('PATCH', `/v1/users/${clerk.userId}`, { disabled: true });
  const knock = async () => {
    const browser = new OidcBrowser();
    const { status, body } = await browser.ask('POST', '/v1/session', { email: clerk.email, password });
    assert.equal(status, 401);
    assert.equal(browser.cookies.has('owed_staff'), false);
    return body.error.message as string;
  };
  for (let tries = 0; tries < 7; tries += 1)
    assert.match(
      await knock(),
      /^Your access to .+ was disabled\. Ask an owner there/,
      'and the door does not lock',
    );
  const other = await office();
  await other.desk.ask('POST', '/v1/invitations', { email: clerk.email, ...names, roles: ['dashboard'] });
  assert.match(await knock(), /has invited you: open the link in that mail first/);
  const wrong = await new OidcBrowser().ask('POST', '/v1/session', {
    email: clerk.email,
    password: 'not it',
  });
  assert.match(wrong.body.error.message, /do not go together/);
});
