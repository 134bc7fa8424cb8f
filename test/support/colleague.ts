import { systemActor } from '#db/db.ts';
import { createUser } from '#features/users/create-user.ts';
import { hashPassword } from '#features/users/passwords.ts';
import { newId } from '#lib/ids.ts';
import { testServer } from './server.ts';

export const password = 'seven green bottles';
let hash: Promise<string> | undefined;

/** Somebody who works for an organization, with these roles and a password. */
export async function colleague(
  organizationId: string,
  given: { roles: string[]; email?: string; operator?: boolean },
) {
  const { db } = (await testServer()).parts;
  const { roles, email = `${newId('user')}@example.com`, operator = false } = given;
  hash ??= hashPassword(password);
  const person = {
    organizationId,
    email,
    firstName: 'Ada',
    lastName: 'Lee',
    passwordHash: await hash,
    roles,
    operator,
  };
  const actor = systemActor('test');
  const { userId } = await db.transaction(actor, (tx) => createUser(tx, actor, person, new Date()));
  return { userId, email };
}
