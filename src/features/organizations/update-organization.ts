import { sql } from 'kysely';
import type { z } from 'zod';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import type { updateOrganization as endpoint } from '#features/organizations/api.ts';

type Changes = z.output<(typeof endpoint)['body']>;

/** Change settings. Currency and mode are not among them: money already booked cannot change its kind. */
export async function updateOrganization(tx: Tx, actor: Actor, input: { organizationId: string; changes: Changes }, now: Date): Promise<void> {
  const entries = Object.entries(input.changes).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return;
  const assignments = entries.map(([column, value]) => {
    const plain = column === 'address' ? JSON.stringify(value) : value;
    return sql`${sql.ref(column)} = ${plain}`;
  });
  await tx.run(sql`update organizations set ${sql.join(assignments)} where id = ${input.organizationId}`);
  await record(tx, { actor, organizationId: input.organizationId, now }, [
    { type: 'organization.updated', subjectId: input.organizationId, data: { changes: entries.map(([column]) => column) } },
  ]);
}
