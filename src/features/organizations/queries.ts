import { sql } from 'kysely';
import { beginsWith } from '#db/begins-with.ts';
import type { Tx } from '#db/db.ts';
import { foundCustomers } from '#db/found-customers.ts';
import type { Address } from '#features/organizations/api.ts';
import { snake } from '#lib/casing.ts';
import { organizationNow } from '#lib/clock.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

export type OrganizationRow = {
  id: string;
  name: string;
  legalName: string | null;
  mode: 'live' | 'sandbox';
  currency: string;
  timeZone: string;
  locale: string;
  address: Address;
  email: string | null;
  phone: string | null;
  website: string | null;
  taxId: string | null;
  brandColor: string;
  accentColor: string | null;
  firstWeekday: number;
  fiscalMonth: number;
  hosts: boolean;
  senderName: string | null;
  supportEmail: string | null;
  supportPhone: string | null;
  mailHeader: string | null;
  mailFooter: string | null;
  clockOffsetMs: bigint;
  invoiceNumberPrefix: string;
  estimateNumberPrefix: string;
  nextEstimateNumber: bigint;
  creditMemoNumberPrefix: string;
  nextCreditMemoNumber: bigint;
  termsDays: number;
  invoiceFooter: string | null;
  /** The terms and conditions in force today, and the newest version of them that asks portal users again. */
  paymentTermsText: string | null;
  paymentTermsVersion: number | null;
  termsAskVersion: number | null;
  replyTo: string | null;
  notifyEmails: string[];
  emailOrganizationReceipts: boolean;
  attachInvoicePdf: boolean;
  trackOpens: boolean;
  trackClicks: boolean;
  allowPartialPayments: boolean;
  idleMinutes: number;
  defaultAllowCard: boolean;
  defaultAllowBankAccount: boolean;
  defaultAllowPaypal: boolean;
  defaultAllowPartialPayments: boolean;
  defaultAllowPaymentPlans: boolean;
  defaultPortalShowChildren: boolean;
  defaultPortalEditProfile: boolean;
  defaultPortalEditMethods: boolean;
  defaultPortalEditAutopay: boolean;
  autopayWhen: 'created' | 'invoice_date' | 'due_date';
  autopayNoticeDays: number;
  failedChargeRetries: number;
  failedChargeRetryDays: number;
  emailFailedCharges: boolean;
  invoiceMessageSubject: string | null;
  invoiceMessageBody: string | null;
  createdAt: Date;
  logoHash: string | null;
  logoType: 'image/png' | 'image/jpeg' | 'image/svg+xml' | null;
  iconHash: string | null;
  portalSlug: string | null;
};

export async function readOrganization(tx: Tx, organizationId: string): Promise<OrganizationRow> {
  const row =
    await tx.row<OrganizationRow>(sql`select o.*, l.hash as logo_hash, l.content_type as logo_type, i.hash as icon_hash,
      a.slug as portal_slug, nullif(t.text, '') as payment_terms_text,
      case when t.text <> '' then t.version end as payment_terms_version,
      case when t.text <> '' then t.ask_version end as terms_ask_version
    from organizations o left join organization_logos l on l.organization_id = o.id
      left join organization_icons i on i.organization_id = o.id
      left join portal_addresses a on a.organization_id = o.id and a.left_at is null
      left join lateral (select v.text, v.version, max(v.version) filter (where v.ask_again) over () as ask_version
        from payment_terms v where v.organization_id = o.id
          and v.effective_on <= ((now() + o.clock_offset_ms * interval '1 millisecond') at time zone o.time_zone)::date
        order by v.version desc limit 1) t on true
    where o.id = ${organizationId}`);
  return must(row, 'the organization');
}

export const portalUrl = (baseUrl: string, slug: string | null): string =>
  slug ? `${baseUrl}/portal/${slug}` : `${baseUrl}/portal`;

export function presentOrganization(row: OrganizationRow, baseUrl: string) {
  const now = organizationNow(row);
  return {
    object: 'organization' as const,
    ...snake(row),
    next_estimate_number: Number(row.nextEstimateNumber),
    next_credit_memo_number: Number(row.nextCreditMemoNumber),
    now,
    today: dateIn(row.timeZone, now),
    portal_url: portalUrl(baseUrl, row.portalSlug),
    icon_url: row.iconHash ? `/icons/${row.id}/${row.iconHash.slice(0, 16)}` : null,
    logo_url: row.logoHash ? `/logos/${row.id}/${row.logoHash.slice(0, 16)}` : null,
  };
}

export type EventFilter = {
  limit: number;
  startingAfter?: string | undefined;
  subjectId?: string | undefined;
  customerId?: string | undefined;
};

/** Newest first: the audit log, or one document's or customer's timeline. */
export async function listEvents(tx: Tx, organizationId: string, filter: EventFilter) {
  const about = filter.subjectId
    ? sql`and e.subject_id = ${filter.subjectId}`
    : filter.customerId
      ? await aboutCustomer(tx, organizationId, filter.customerId)
      : sql``;
  const before = filter.startingAfter ? sql`and e.id < ${filter.startingAfter}` : sql``;
  type Row = {
    id: string;
    type: string;
    subjectId: string;
    customerId: string | null;
    actorKind: string;
    actorId: string | null;
    actorName: string | null;
    data: Record<string, unknown>;
    occurredAt: Date;
  };
  const rows = await tx.rows<Row>(sql`
    select e.id, e.type, e.subject_id, e.customer_id, e.actor_kind, e.actor_id, e.data, e.occurred_at,
      case e.actor_kind when 'user' then staff_name(e.actor_id)
        when 'api_key' then (select k.name from api_keys k where k.organization_id = e.organization_id and k.id = e.actor_id)
        else null end as actor_name
    from events e where e.organization_id = ${organizationId} ${about} ${before} order by e.id desc limit ${filter.limit + 1}`);
  const data = rows.slice(0, filter.limit).map(({ actorKind, actorId, actorName, ...row }) => ({
    object: 'event' as const,
    ...snake(row),
    actor: { kind: actorKind, id: actorId, name: actorName },
  }));
  return { object: 'list' as const, data, has_more: rows.length > filter.limit };
}

/** Of a customer and of the records merged into it: few, so one that has none is as quick as before. */
async function aboutCustomer(tx: Tx, organizationId: string, customerId: string) {
  const merged = await tx.rows<{ id: string }>(sql`
    with recursive own(id) as (select id from customers
      where organization_id = ${organizationId} and merged_into_id = ${customerId}
      union select c.id from own join customers c on c.organization_id = ${organizationId} and c.merged_into_id = own.id)
    select id from own`);
  return merged.length > 0
    ? sql`and e.customer_id = any(${[customerId, ...merged.map(({ id }) => id)]}::text[])`
    : sql`and e.customer_id = ${customerId}`;
}

/**
 * The few best of each kind for a few letters: by the beginning of a number, a reference or a name. Only of
 * the kinds that whoever asks may read.
 */
export async function searchAll(tx: Tx, organizationId: string, q: string, scopes: ReadonlySet<string>) {
  type Hit = { kind: 'customer' | 'invoice' | 'payment'; id: string; title: string; detail: string };
  const data = await tx.list<Hit>(sql`
    (select 'customer' as kind, id::text, display_name as title, coalesce(email, '') as detail from customers
      where organization_id = ${organizationId} and ${scopes.has('customers:read')}
        and id in (${foundCustomers(organizationId, q, 6)}))
    union all
    (select 'invoice', i.id, i.number, c.display_name from invoices i
      join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
      where i.organization_id = ${organizationId} and ${scopes.has('invoices:read')}
        and ${beginsWith(sql`i.number`, q.toUpperCase())}
      order by i.number limit 6)
    union all
    (select 'payment', p.id, coalesce(p.reference, p.kind), p.received_on::text from payments p
      where p.organization_id = ${organizationId} and ${scopes.has('payments:read')} and p.id = ${q.toLowerCase()} limit 3)`);
  return { object: 'search' as const, data };
}
