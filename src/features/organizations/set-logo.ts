import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { Refusal } from '#lib/errors.ts';
import { sha256 } from '#lib/secrets.ts';

export type LogoType = 'image/png' | 'image/jpeg' | 'image/svg+xml';

export const signatures: Record<LogoType, (bytes: Buffer) => boolean> = {
  'image/png': (bytes) =>
    bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])),
  'image/jpeg': (bytes) => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])),
  'image/svg+xml': (bytes) => /<svg[\s>]/i.test(bytes.subarray(0, 2000).toString('utf8')),
};

// A drawing must not act: served from our own origin it would act as us. Such files are refused, not cleaned.
export const acting = new RegExp(
  [
    '<script|<foreignobject|<iframe|<embed|<object|<!entity',
    '\\son\\w+\\s*=|javascript:',
    '(?:href|src)\\s*=\\s*["\']?\\s*(?!#|data:image/(?:png|jpeg))',
  ].join('|'),
  'i',
);

/** Set the logo that portal, mail and documents carry. Refuses what is not the picture it says it is. */
export async function setLogo(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; contentType: LogoType; bytes: Buffer },
  now: Date,
): Promise<void> {
  const { organizationId, contentType, bytes } = input;
  const refuse = (message: string) =>
    new Refusal('invalid_request', { message, param: 'logo', fields: { logo: message } });
  if (bytes.length > 2_097_152) throw refuse('The logo is larger than 2 MiB. Export it smaller.');
  if (!signatures[contentType](bytes))
    throw refuse('This file is not the kind of picture that its name says.');
  if (contentType === 'image/svg+xml' && acting.test(bytes.toString('utf8'))) {
    throw refuse('This SVG has scripts or links in it. Export it as a plain SVG, or use PNG.');
  }
  await tx.run(sql`
    insert into organization_logos (organization_id, content_type, bytes, hash)
    values (${organizationId}, ${contentType}, ${bytes}, ${sha256(bytes)})
    on conflict (organization_id) do update set content_type = excluded.content_type, bytes = excluded.bytes, hash = excluded.hash`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'organization.updated', subjectId: organizationId, data: { changes: ['logo'] } },
  ]);
}
