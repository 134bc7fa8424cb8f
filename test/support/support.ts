import { systemActor } from '#db/db.ts';
import { createUser } from '#features/users/create-user.ts';
import { openSession } from '#http/session.ts';
import type { Books } from './given.ts';
import { freshEmail } from './portal.ts';
import { testServer } from './server.ts';

export type Person = {
  userId: string;
  email: string;
  call(
    method: 'GET' | 'POST' | 'PATCH',
    url: string,
    body?: object,
    headers?: Record<string, string>,
    // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
  ): Promise<{ status: number; body: any }>;
};

/** Somebody who works for an organization, signed in. */
export async function staffOf(
  { db, organizationId }: Books,
  given: { roles?: string[]; operator?: boolean; firstName?: string } = {},
): Promise<Person> {
  const { roles = ['superuser'], operator = false, firstName = 'Ana' } = given;
  const { app } = await testServer();
  const email = freshEmail('staff');
  const actor = systemActor('test');
  const person = { organizationId, email, firstName, lastName: 'Field', passwordHash: 'x', roles, operator };
  const { userId } = await db.transaction(actor, (tx) => createUser(tx, actor, person, new Date()));
  const { token } = await openSession(
    db,
    { userId, organizationId },
    { ip: '127.0.0.1', userAgent: 'a test' },
  );
  return {
    userId,
    email,
    async call(method, url, body, headers = {}) {
      const reply = await app.fastify.inject({
        method,
        url,
        headers: { cookie: `owed_staff=${token}`, 'user-agent': 'a test browser', ...headers },
        ...(body === undefined ? {} : { payload: body }),
      });
      const isJson = reply.headers['content-type']?.toString().includes('json');
      return { status: reply.statusCode, body: isJson ? reply.json() : reply.body };
    },
  };
}

/** The newest page of a question that was mailed to an address. */
export async function questionLink(email: string): Promise<string> {
  const { parts } = await testServer();
  const { rows } = await parts.db.pool.query<{ text: string }>(
    `select text from messages where $1 = any(to_emails) and text like '%/q/tkt_%' order by id desc limit 1`,
    [email],
  );
  return /\/q\/tkt_\w+\/[\w-]+/.exec(rows[0]?.text ?? '')?.[0] ?? '';
}
