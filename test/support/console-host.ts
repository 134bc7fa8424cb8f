import { systemActor } from '#db/db.ts';
import { createUser } from '#features/users/create-user.ts';
import { theHost } from './billing.ts';
import { inDialog, press, type View } from './console-press.ts';

export const hostName = 'Grove Hosting';

/** Whoever bills the organizations of the installation and answers them, with the same person among its staff. */
export async function hostOf(email: string): Promise<void> {
  const { db, organizationId, actor } = await theHost();
  await db.pool.query('update organizations set name = $2 where id = $1', [organizationId, hostName]);
  const person = { email, firstName: 'Robin', lastName: 'Fernwood', passwordHash: '', roles: ['superuser'] };
  await db.transaction(systemActor('test'), (tx) =>
    createUser(tx, actor, { organizationId, ...person }, new Date()),
  );
  await db.pool.query('update users set operator = true where organization_id = $1', [organizationId]);
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
