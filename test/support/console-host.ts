import { systemActor } from '#db/db.ts';
import { createUser } from '#features/users/create-user.ts';
import { theHost } from './billing.ts';
import { inDialog, press, type View } from './console-press.ts';

/** Whoever bills the organizations here and answers them: the address to sign in with, and the same password. */
export async function hostOf(colleague: string): Promise<string> {
  const { db, organizationId, actor } = await theHost();
  const email = `host+${organizationId.slice(-6)}@owed.example`;
  await db.pool.query("update organizations set name = 'Grove Hosting' where id = $1", [organizationId]);
  const person = { email, firstName: 'Hanna', lastName: 'Grove', passwordHash: '', roles: ['superuser'] };
  await db.transaction(systemActor('test'), (tx) =>
    createUser(tx, actor, { organizationId, ...person }, new Date()),
  );
  await db.pool.query(
    `update users set operator = true, password_hash = (select password_hash from users where email = $2)
    where email = $1`,
    [email, colleague],
  );
  return email;
}

/** The pages that only a host has. */
export const hostViews = ({ request }: { request: string }): View[] => [
  { name: 'host-billing', path: '/settings?section=billing' },
  { name: 'host-plan-new', ...inDialog, path: '/settings?section=billing', open: press('New plan') },
  { name: 'host-desk', path: '/help/desk' },
  { name: 'host-desk-none', path: '/help/desk?status=closed' },
  { name: 'host-ticket', path: `/help/desk/${request}` },
  { name: 'host-feedback', path: '/help/feedback' },
];
