import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { refuseTaken } from '#db/refuse-taken.ts';
import { problemWithSlug } from '#features/organizations/portal-address-rules.ts';
import { portalUrl } from '#features/organizations/queries.ts';
import { Refusal } from '#lib/errors.ts';

/** Old addresses stay taken, so that links keep leading home: nobody may take names without end. */
const most = 10;
const takenWords = 'Another organization has this address, or had it. Choose another.';
const taken = { portal_addresses_slug: { message: takenWords, param: 'slug' } };

/**
 * Whether a name is free, before it is chosen. Read as the system: addresses of others are not to be seen.
 */
export async function checkAddress(tx: Tx, organizationId: string, slug: string, baseUrl: string) {
  const other = await tx.row(sql`select 1 as taken from portal_addresses
    where slug = ${slug} and organization_id <> ${organizationId}`);
  const problem = problemWithSlug(slug) ?? (other ? takenWords : null);
  return { object: 'portal_address' as const, slug, url: portalUrl(baseUrl, slug), problem };
}

/** Give the portal an address of its own. The one before leads to it from now on. */
export async function setPortalAddress(
  tx: Tx,
  actor: Actor,
  { organizationId, slug }: { organizationId: string; slug: string },
  now: Date,
): Promise<void> {
  const problem = problemWithSlug(slug);
  if (problem) throw new Refusal('invalid_request', { message: problem, param: 'slug' });
  await tx.run(sql`select 1 from organizations where id = ${organizationId} for update`);
  const own = await tx.rows<{
    slug: string;
    leftAt: Date | null;
  }>(sql`select slug, left_at from portal_addresses
    where organization_id = ${organizationId}`);
  const before = own.find(({ leftAt }) => leftAt === null)?.slug;
  if (before === slug) return;
  if (own.length >= most && !own.some((each) => each.slug === slug)) {
    const message = `You have had ${most} addresses, which all lead to your portal. Go back to one of them: ${own
      .map((each) => each.slug)
      .join(', ')}.`;
    throw new Refusal('conflict', { message, param: 'slug' });
  }
  await tx.run(sql`update portal_addresses set left_at = ${now}
    where organization_id = ${organizationId} and left_at is null`);
  await refuseTaken(taken, () =>
    tx.run(sql`insert into portal_addresses (organization_id, slug, since) values (${organizationId}, ${slug}, ${now})
      on conflict (organization_id, slug) do update set since = excluded.since, left_at = null`),
  );
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'organization.portal_address_set',
      subjectId: organizationId,
      data: { slug, ...(before ? { before } : {}) },
    },
  ]);
}
