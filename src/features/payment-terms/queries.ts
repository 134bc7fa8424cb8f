import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { inForce } from '#features/payment-terms/rules.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';

export type TermsRow = {
  version: number;
  text: string;
  hash: string;
  effectiveOn: CalendarDate;
  askAgain: boolean;
  createdAt: Date;
};

const columns = sql.raw('version, text, hash, effective_on, ask_again, created_at');

const missing = (version: number): Refusal =>
  new Refusal('not_found', `There is no version ${version} of the terms and conditions.`);

export async function readTermsVersion(tx: Tx, organizationId: string, version: number): Promise<TermsRow> {
  const row = await tx.row<TermsRow>(sql`select ${columns} from payment_terms
    where organization_id = ${organizationId} and version = ${version}`);
  if (row) return row;
  throw missing(version);
}

/** What has been in force up to a day, newest first: what a payer may read. */
export const versionsUntil = (tx: Tx, organizationId: string, today: CalendarDate): Promise<TermsRow[]> =>
  tx.rows<TermsRow>(sql`select ${columns} from payment_terms
    where organization_id = ${organizationId} and effective_on <= ${today} order by version desc limit 200`);

export const newestVersion = (tx: Tx, organizationId: string): Promise<TermsRow | undefined> =>
  tx.row<TermsRow>(sql`select ${columns} from payment_terms
    where organization_id = ${organizationId} order by version desc limit 1`);

type Listed = TermsRow & { publishedBy: string | null };

export async function listVersions(
  tx: Tx,
  organizationId: string,
  page: { limit: number; startingAfter?: number | undefined },
  today: CalendarDate,
) {
  const rows = await tx.list<Listed>(sql`
    select ${columns}, staff_name(created_by) as published_by from payment_terms
    where organization_id = ${organizationId} and (${page.startingAfter ?? null}::int is null
      or version < ${page.startingAfter ?? null}::int)
    order by version desc limit ${page.limit + 1}`);
  const current = await tx.row<{ version: number }>(sql`select version from payment_terms
    where organization_id = ${organizationId} and effective_on <= ${today} order by version desc limit 1`);
  return {
    object: 'list' as const,
    data: rows.slice(0, page.limit).map((row) => present(row, current?.version ?? 0)),
    has_more: rows.length > page.limit,
  };
}

const present = ({ publishedBy, ...row }: Listed, current: number) => ({
  object: 'payment_terms' as const,
  version: row.version,
  text: row.text,
  hash: row.hash,
  effective_on: row.effectiveOn,
  ask_again: row.askAgain,
  state:
    row.version === current
      ? ('in_force' as const)
      : row.version > current
        ? ('planned' as const)
        : ('replaced' as const),
  published_by: publishedBy,
  created_at: row.createdAt,
});

export async function presentVersion(tx: Tx, organizationId: string, version: number, today: CalendarDate) {
  const until = await versionsUntil(tx, organizationId, today);
  const row =
    await tx.row<Listed>(sql`select ${columns}, staff_name(created_by) as published_by from payment_terms
    where organization_id = ${organizationId} and version = ${version}`);
  if (!row) throw missing(version);
  return present(row, inForce(until, today)?.version ?? 0);
}
/** The newest version that a portal user has accepted, in whichever of its profiles here. */
export async function acceptedVersion(
  tx: Tx,
  organizationId: string,
  portalUserId: string,
): Promise<number | null> {
  const row = await tx.row<{
    version: number | null;
  }>(sql`select max(version::int) as version from authorizations
    where organization_id = ${organizationId} and portal_user_id = ${portalUserId} and kind = 'payment_terms'
      and version ~ '^[0-9]{1,6}$'`);
  return row?.version ?? null;
}

export async function listAcceptances(
  tx: Tx,
  organizationId: string,
  version: number,
  page: { limit: number; startingAfter?: string | undefined },
) {
  await readTermsVersion(tx, organizationId, version);
  type Row = {
    id: string;
    customerId: string;
    customerName: string;
    name: string | null;
    paymentId: string | null;
    acceptedAt: Date;
  };
  const before = page.startingAfter ? sql`and a.id < ${page.startingAfter}` : sql``;
  const rows = await tx.list<Row>(sql`
    select a.id, a.customer_id, c.display_name as customer_name, a.name, a.payment_id, a.accepted_at
    from authorizations a join customers c on c.organization_id = a.organization_id and c.id = a.customer_id
    where a.organization_id = ${organizationId} and a.kind = 'payment_terms' and a.version = ${String(version)} ${before}
    order by a.id desc limit ${page.limit + 1}`);
  return {
    object: 'list' as const,
    data: rows.slice(0, page.limit).map((row) => ({
      object: 'terms_acceptance' as const,
      id: row.id,
      customer_id: row.customerId,
      customer_name: row.customerName,
      name: row.name,
      payment_id: row.paymentId,
      accepted_at: row.acceptedAt,
    })),
    has_more: rows.length > page.limit,
  };
}
