import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { ProviderKeys } from '#features/oidc/identity-provider.ts';
import { domainOf, type ProviderRules } from '#features/oidc/rules.ts';
import { notFound } from '#lib/errors.ts';
import type { Secrets } from '#lib/secrets.ts';

export type ProviderRow = ProviderRules & {
  isTrusted: boolean;
  id: string;
  label: string;
  issuer: string;
  clientId: string;
  clientSecret: Buffer | null;
  firstRoles: string[];
  firstOwnRoles: string[];
  passwordAllowed: boolean;
  createdAt: Date;
  people: bigint;
};

const columns = sql.raw(`p.organization_id, p.id, p.label, p.issuer, p.client_id, p.client_secret, p.for_all,
  p.email_domains, p.for_all or p.trusted as is_trusted, p.links_by_email, p.creates_users, p.first_roles,
  p.first_own_roles, p.password_allowed, p.created_at,
  (select count(*) from user_identities i where i.organization_id = p.organization_id and i.provider_id = p.id) as people`);

/** The providers of an organization; few. */
export const readProviders = (tx: Tx, organizationId: string): Promise<ProviderRow[]> =>
  tx.rows<ProviderRow>(sql`select ${columns} from oidc_providers p where p.organization_id = ${organizationId}
    order by p.id limit 50`);

/** Locked: what is decided by a provider's rules is decided by those that hold. */
export async function lockProvider(tx: Tx, organizationId: string, id: string): Promise<ProviderRow> {
  const row = await tx.row<ProviderRow>(sql`select ${columns} from oidc_providers p
    where p.organization_id = ${organizationId} and p.id = ${id} for update of p`);
  if (!row) throw notFound('sign-in provider', id);
  return row;
}

/** Before a sign-in no organization is known: by the id alone. */
export const findProvider = (tx: Tx, id: string): Promise<ProviderRow | undefined> =>
  tx.row<ProviderRow>(sql`select ${columns} from oidc_providers p where p.id = ${id}`);

export type Offered = { id: string; label: string };

/** What the sign-in page offers: those for everybody, and those for the domain of a typed address. */
export const offeredProviders = (tx: Tx, email: string | undefined): Promise<Offered[]> =>
  tx.rows<Offered>(sql`
    (select p.id, p.label from oidc_providers p where p.for_all)
    union
    (select p.id, p.label from oidc_providers p
      where p.trusted and ${email ? [domainOf(email)] : []}::text[] && p.email_domains)
    order by label, id limit 10`);

export const keysOf = (secrets: Secrets, row: ProviderRow): ProviderKeys => ({
  issuer: row.issuer,
  clientId: row.clientId,
  clientSecret: row.clientSecret ? secrets.decrypt(row.clientSecret) : undefined,
  publicOnly: !row.forAll,
});
