import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { type Layout, layoutOf } from '#features/invoices/layout-rules.ts';
import { must } from '#lib/errors.ts';

export async function readLayout(tx: Tx, organizationId: string): Promise<Layout> {
  const row = await tx.row<{ layout: Partial<Layout> }>(sql`select invoice_layout as layout from organizations
    where id = ${organizationId}`);
  return layoutOf(must(row, 'the organization').layout);
}

/** Change how invoices look. Those that went out are set anew when somebody opens them. */
export async function changeLayout(
  tx: Tx,
  actor: Actor,
  {
    organizationId,
    changes,
  }: { organizationId: string; changes: { [K in keyof Layout]?: Layout[K] | undefined } },
  now: Date,
): Promise<void> {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  await tx.run(sql`update organizations set invoice_layout = invoice_layout || ${JSON.stringify(given)}::jsonb
    where id = ${organizationId}`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'organization.updated', subjectId: organizationId, data: { changes: Object.keys(given) } },
  ]);
}
