import assert from 'node:assert/strict';
import { TOTP } from 'otpauth';
import { systemActor } from '#db/db.ts';
import { createUser } from '#features/users/create-user.ts';
import { hashPassword } from '#features/users/passwords.ts';
import { newId } from '#lib/ids.ts';
import { testServer } from './server.ts';

export const staffPassword = 'seven green bottles';
let hash: Promise<string> | undefined;

// Each comes from another address: how often one may knock is tried elsewhere.
let knocks = 0;
export const elsewhere = (): string => {
  knocks += 1;
  return `10.1.${knocks >> 8}.${knocks & 255}`;
};

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** Ask as a browser does; `cookie` is the session that the answer opened, if it did. */
export async function asStaff(cookie: string, method: Method, url: string, payload?: object, more = {}) {
  const { app } = await testServer();
  const reply = await app.fastify.inject({
    method,
    url,
    headers: { cookie, ...more },
    remoteAddress: elsewhere(),
    ...(payload ? { payload } : {}),
  });
  const token = reply.cookies.find(({ name }) => name === 'owed_staff')?.value;
  return { status: reply.statusCode, body: reply.json(), cookie: `owed_staff=${token}` };
}

export const signInAs = (email: string, password = staffPassword) =>
  asStaff('', 'POST', '/v1/session', { email, password });

/** Somebody who works for the organization, not signed in yet. */
export async function staffOf(organizationId: string, ...roles: string[]) {
  const { db } = (await testServer()).parts;
  const email = `${newId('user')}@example.com`;
  hash ??= hashPassword(staffPassword);
  const passwordHash = await hash;
  const person = { organizationId, email, firstName: 'Ada', lastName: 'Lee', passwordHash, roles };
  const actor = systemActor('test');
  const { userId } = await db.transaction(actor, (tx) => createUser(tx, actor, person, new Date()));
  return { userId, email };
}

export async function staffSignedIn(organizationId: string, ...roles: string[]) {
  const person = await staffOf(organizationId, ...roles);
  return { ...person, cookie: (await signInAs(person.email)).cookie };
}

/** The newest mail to somebody. */
export async function mailTo(email: string): Promise<{ subject: string; text: string; kind: string }> {
  const { db } = (await testServer()).parts;
  const { rows } = await db.pool.query(
    'select subject, text, kind from messages where $1 = any(to_emails) order by id desc limit 1',
    [email],
  );
  return rows[0] ?? assert.fail(`nothing was mailed to ${email}`);
}

export async function tokenTo(email: string): Promise<string> {
  const { text } = await mailTo(email);
  return /token=([\w-]+)/.exec(text)?.[1] ?? assert.fail(`no link was mailed to ${email}`);
}

/** What an authenticator app shows, so many steps of 30 seconds from now. */
export const codeOf = (secret: string, steps = 0): string =>
  TOTP.generate({ secret: secretOf(secret), timestamp: Date.now() + steps * 30_000 });

const secretOf = (secret: string) => new TOTP({ secret }).secret;

/** An app is set up; answers its secret and the recovery codes. The code of this step is used up. */
export async function setUpApp(cookie: string, password = staffPassword) {
  const begun = await asStaff(cookie, 'POST', '/v1/profile/authenticator', { password });
  assert.equal(begun.status, 200, JSON.stringify(begun.body));
  const secret = begun.body.secret as string;
  const code = codeOf(secret);
  const confirmed = await asStaff(cookie, 'POST', '/v1/profile/authenticator/confirm', { code });
  assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body));
  return { secret, code, codes: confirmed.body.codes as string[] };
}
