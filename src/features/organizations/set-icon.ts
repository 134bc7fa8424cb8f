import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { acting, signatures } from '#features/organizations/set-logo.ts';
import { Refusal } from '#lib/errors.ts';
import { sha256 } from '#lib/secrets.ts';

export type IconType = 'image/png' | 'image/svg+xml';

const most_bytes = 131_072;
const refuse = (message: string) =>
  new Refusal('invalid_request', { message, param: 'icon', fields: { icon: message } });

/** A PNG names its size at a fixed place; a browser squeezes what is not square. */
const isSquare = (png: Buffer): boolean => png.length > 24 && png.readUInt32BE(16) === png.readUInt32BE(20);

/** Set the icon that browsers show beside the portal's name. Refuses what is no icon. */
export async function setIcon(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; contentType: IconType; bytes: Buffer },
  now: Date,
): Promise<void> {
  const { organizationId, contentType, bytes } = input;
  if (bytes.length > most_bytes)
    throw refuse('The icon is larger than 128 KiB. Save it smaller: 64 by 64 dots are enough.');
  if (!signatures[contentType](bytes))
    throw refuse('This file is not the kind of picture that its name says.');
  if (contentType === 'image/png' && !isSquare(bytes))
    throw refuse('The icon is not square. Cut it to a square, such as 64 by 64 dots.');
  if (contentType === 'image/svg+xml' && acting.test(bytes.toString('utf8')))
    throw refuse('This SVG has scripts or links in it. Export it as a plain SVG, or use PNG.');
  await tx.run(sql`
    insert into organization_icons (organization_id, content_type, bytes, hash)
    values (${organizationId}, ${contentType}, ${bytes}, ${sha256(bytes)})
    on conflict (organization_id) do update set content_type = excluded.content_type, bytes = excluded.bytes,
      hash = excluded.hash`);
  await recordChange(tx, actor, organizationId, now);
}

/** Take the icon away; the portal shows Owed's own again. */
export async function removeIcon(tx: Tx, actor: Actor, organizationId: string, now: Date): Promise<void> {
  const gone = await tx.run(sql`delete from organization_icons where organization_id = ${organizationId}`);
  if (gone > 0) await recordChange(tx, actor, organizationId, now);
}

const recordChange = (tx: Tx, actor: Actor, organizationId: string, now: Date) =>
  record(tx, { actor, organizationId, now }, [
    { type: 'organization.updated', subjectId: organizationId, data: { changes: ['icon'] } },
  ]);
