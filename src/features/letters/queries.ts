import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { holdStaleToPrint } from '#features/correspondence/hold-stale.ts';
import type { AddressFinding } from '#features/correspondence/letter-printer.ts';
import { billedWith } from '#features/customers/billed-with.ts';
import { addressLines, type PostalAddress } from '#lib/address-lines.ts';
import { notFound } from '#lib/errors.ts';

type Page = { limit: number; startingAfter?: string | undefined };

type LetterRow = {
  id: string;
  subject: string;
  toAddress: { name: string; address: PostalAddress };
  customerId: string | null;
  invoiceId: string | null;
  createdAt: Date;
};

/**
 * Oldest first: in the order they are printed and put into envelopes. Those that are not true any more are
 * held back as they are come upon, each once.
 */
export async function listLettersToPrint(tx: Tx, organizationId: string, page: Page, now: Date) {
  let list = await readLettersToPrint(tx, organizationId, page);
  const held = () =>
    holdStaleToPrint(
      tx,
      organizationId,
      list.data.map(({ id }) => id),
      now,
    );
  while ((await held()).length > 0) list = await readLettersToPrint(tx, organizationId, page);
  return list;
}

/** The pile as it stands, also those of it that nobody has looked at since they became untrue. */
export async function readLettersToPrint(tx: Tx, organizationId: string, page: Page) {
  const rows = await tx.list<LetterRow>(sql`
    select id, subject, to_address, customer_id, invoice_id, created_at from messages
    where organization_id = ${organizationId} and route = 'print' and state = 'queued' and not awaits_document
      ${page.startingAfter ? sql`and id > ${page.startingAfter}` : sql``}
    order by id limit ${page.limit + 1}`);
  return {
    object: 'list' as const,
    has_more: rows.length > page.limit,
    data: rows.slice(0, page.limit).map((row) => ({
      object: 'letter_to_print' as const,
      id: row.id,
      subject: row.subject,
      name: row.toAddress.name,
      address_lines: addressLines(row.toAddress.address),
      customer_id: row.customerId,
      invoice_id: row.invoiceId,
      created_at: row.createdAt,
    })),
  };
}

type LetterPages = { id: string; bytes: Buffer };

/**
 * The pages of letters that wait to be printed, in the order of the ids: all of them or none, but for those
 * that are not true any more.
 */
export async function readLetterPages(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
  now: Date,
): Promise<LetterPages[]> {
  const held = await holdStaleToPrint(tx, organizationId, ids, now);
  const wanted = [...new Set(ids)].filter((id) => !held.some((each) => each.id === id)).sort();
  const rows = await tx.rows<LetterPages>(sql`
    select m.id, a.bytes from messages m
    join message_attachments a on a.organization_id = m.organization_id and a.message_id = m.id
    where m.organization_id = ${organizationId} and m.id = any(${wanted}) and m.route = 'print'
      and m.state = 'queued' and not m.awaits_document order by m.id`);
  const missing = wanted.length === 0 ? ids[0] : wanted.find((id) => !rows.some((row) => row.id === id));
  if (missing) throw notFound('letter to print', missing);
  return rows;
}

type ConflictRow = {
  id: string;
  displayName: string;
  billingAddress: PostalAddress;
  addressFinding: AddressFinding | null;
  openInvoices: number;
  openBalance: bigint;
  lettersWaiting: number;
};

/** The same words as the index customers_paper_unconfirmed, which finds them among any number of rows. */
const wantsPaper = sql.raw(`c.address_state = 'unconfirmed' and c.message_cells && array['new_invoice.paper',
  'upcoming_payment.paper', 'payment_due.paper', 'payment_past_due.paper', 'upcoming_late_fee.paper', 'statement.paper']`);

/**
 * Customers with something open who are to get letters, and whose address is unconfirmed. Whose letters go to
 * its parent is not asked about: the parent is.
 */
export async function listPaperConflicts(
  tx: Tx,
  of: { organizationId: string; currency: string },
  page: Page,
) {
  const { organizationId } = of;
  const rows = await tx.list<ConflictRow>(sql`
    select c.id, c.display_name, c.billing_address, c.address_finding, open.count as open_invoices,
      open.balance as open_balance, waiting.count as letters_waiting
    from customers c
    cross join lateral (select count(*)::int as count, coalesce(sum(i.balance_due), 0)::bigint as balance
      from invoices i where i.organization_id = ${organizationId} and i.closed_at is null and i.issued_at is not null
        and i.balance_due > i.reserved and i.customer_id in ${billedWith(organizationId, sql`c.id`)}) open
    cross join lateral (select count(*)::int as count from messages m where m.organization_id = ${organizationId}
      and m.awaits_address and m.state = 'queued' and m.customer_id in ${billedWith(organizationId, sql`c.id`)}) waiting
    where c.organization_id = ${organizationId} and ${wantsPaper} and not c.bill_with_parent
      and c.deactivated_at is null and open.count > 0
      ${page.startingAfter ? sql`and c.id > ${page.startingAfter}` : sql``}
    order by c.id limit ${page.limit + 1}`);
  return {
    object: 'list' as const,
    has_more: rows.length > page.limit,
    data: rows.slice(0, page.limit).map((row) => ({
      object: 'paper_mail_conflict' as const,
      id: row.id,
      display_name: row.displayName,
      billing_address: row.billingAddress,
      address_lines: addressLines(row.billingAddress),
      finding: row.addressFinding,
      open_invoices: row.openInvoices,
      open_balance: row.openBalance,
      currency: of.currency,
      letters_waiting: row.lettersWaiting,
    })),
  };
}
