import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { portalAgreement } from '#features/portal-access/agreement-text.ts';
import { plainEmail } from '#features/users/rules.ts';
import { must } from '#lib/errors.ts';

export type Realm = 'live' | 'sandbox';

/** A customer of an organization that a portal user may act for. */
export type ProfileRow = {
  organizationId: string;
  organizationName: string;
  clockOffsetMs: bigint;
  customerId: string;
  customerName: string;
  logoHash: string | null;
};

export type Person = {
  id: string;
  realm: Realm;
  email: string;
  name: string | null;
  passwordHash: string;
  emailConfirmedAt: Date | null;
  lastSignInAt: Date | null;
  agreementAccepted: boolean;
  profiles: ProfileRow[];
};

const profileColumns = sql.raw(`o.id as organization_id, o.name as organization_name, o.clock_offset_ms,
  c.id as customer_id, c.display_name as customer_name, l.hash as logo_hash`);
const profileJoins = sql.raw(`join organizations o on o.id = c.organization_id
  left join organization_logos l on l.organization_id = o.id`);

/** Whoever was deactivated comes in as long as something is open, to pay it. */
const mayComeIn = sql`(c.deactivated_at is null or exists (select from invoices i
  where i.organization_id = c.organization_id and i.customer_id = c.id and i.closed_at is null and i.issued_at is not null))`;

/** A portal user with the profiles it has now; deactivated customers that owe nothing are not among them. */
export async function readPerson(tx: Tx, portalUserId: string): Promise<Person | undefined> {
  const row = await tx.row<Omit<Person, 'profiles'>>(sql`
    select u.id, u.realm, u.email, u.name, u.password_hash, u.email_confirmed_at, u.last_sign_in_at,
      exists (select from agreement_acceptances aa join agreements a on a.id = aa.agreement_id
        where aa.portal_user_id = u.id and a.kind = ${portalAgreement}
          and a.version = (select max(version) from agreements
          where kind = ${portalAgreement})) as agreement_accepted
    from portal_users u where u.id = ${portalUserId}`);
  if (!row) return undefined;
  const profiles = await tx.rows<ProfileRow>(sql`
    select ${profileColumns} from portal_memberships m
    join customers c on c.organization_id = m.organization_id and c.id = m.customer_id ${profileJoins}
    where m.portal_user_id = ${portalUserId} and m.revoked_at is null and ${mayComeIn}
    and o.mode = ${row.realm}
    order by lower(c.display_name), c.id limit 500`);
  return { ...row, profiles };
}

export const findPeople = (
  tx: Tx,
  email: string,
): Promise<{ id: string; realm: Realm; passwordHash: string }[]> =>
  tx.rows(sql`
  select id, realm, password_hash from portal_users where lower(email) = ${plainEmail(email)}
  order by realm`);

export const isAddressTaken = async (tx: Tx, realm: Realm, email: string): Promise<boolean> =>
  (await tx.row(sql`
  select 1 as taken from portal_users where realm = ${realm} and lower(email) = ${plainEmail(email)}`)) !==
  undefined;

export type OfferedProfile = ProfileRow & { invitedAt: Date | null; chosen: boolean };

/**
 * The customers, of any organization of the realm, that carry this e-mail address: what step three lets a
 * portal user choose from. An invitation that went to another address opens nothing: it was mistyped, and has
 * been corrected since. A sandbox organization's customers are offered in the sandbox alone.
 */
export const readOffers = (
  tx: Tx,
  person: Pick<Person, 'id' | 'realm' | 'email'>,
): Promise<OfferedProfile[]> => {
  const email = plainEmail(person.email);
  return tx.rows<OfferedProfile>(sql`
    select ${profileColumns}, i.last_sent_at as invited_at,
      exists (select from portal_memberships m where m.organization_id = c.organization_id
      and m.customer_id = c.id
        and m.portal_user_id = ${person.id} and m.revoked_at is null) as chosen
    from (select organization_id, id from customers where lower(email) = ${email}
      union select organization_id, customer_id from portal_memberships where portal_user_id = ${person.id}
      and revoked_at is null) f
    join customers c on c.organization_id = f.organization_id and c.id = f.id ${profileJoins}
    left join portal_invitations i on i.organization_id = c.organization_id and i.customer_id = c.id
      and i.revoked_at is null and lower(i.email) = ${email}
    where o.mode = ${person.realm} and ${mayComeIn}
    order by i.last_sent_at desc nulls last, lower(c.display_name), c.id limit 200`);
};

export type Agreement = { id: string; version: number; text: string; hash: string; effectiveAt: Date };

/** The version that has to be accepted today: the newest. */
export async function currentAgreement(tx: Tx): Promise<Agreement> {
  const row = await tx.row<Agreement>(sql`select id, version, text, hash, effective_at from agreements
    where kind = ${portalAgreement} order by version desc limit 1`);
  return must(row, 'the portal user agreement');
}

/**
 * Who writes to someone: the organization of a profile, else one that invited. Undefined: nobody of ours
 * knows them.
 */
export async function senderTo(
  tx: Tx,
  person: Pick<Person, 'id' | 'realm' | 'email'>,
): Promise<
  { organizationId: string; organizationName: string; customerId: string; realm: Realm } | undefined
> {
  return tx.row(sql`
    select o.id as organization_id, o.name as organization_name, f.customer_id, o.mode as realm from (
      select organization_id, customer_id, chosen_at as at, 0 as rank from portal_memberships
        where portal_user_id = ${person.id} and revoked_at is null
      union all
      select organization_id, customer_id, last_sent_at, 1 from portal_invitations
        where lower(email) = ${plainEmail(person.email)} and revoked_at is null) f
    join organizations o on o.id = f.organization_id and o.mode = ${person.realm}
    order by f.rank, f.at desc limit 1`);
}
