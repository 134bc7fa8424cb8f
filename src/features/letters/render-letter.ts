import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { attachDocument } from '#features/correspondence/attach-document.ts';
import { claimLetterToSet, type LetterToSet } from '#features/correspondence/claim-letter.ts';
import { recordCarriage } from '#features/correspondence/record-carriage.ts';
import type { OneMessage } from '#features/correspondence/send-message.ts';
import { billedTogether } from '#features/customers/shown-together.ts';
import {
  documentOfInvoice,
  fileNameOf,
  type Links,
  paperOf,
  readSeller,
  sheetOf,
} from '#features/invoices/document-of-invoice.ts';
import type { LetterDocument } from '#features/invoices/pdf/document.ts';
import { letterPdf } from '#features/invoices/pdf/letter-pdf.ts';
import { statementLink } from '#features/invoices/statement-link.ts';
import { addressLines } from '#lib/address-lines.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

type Deps = Links & { db: Database };

/** Set the pages of a letter that waits for them, with nothing open, and let it go. */
export async function renderLetter(deps: Deps, one: OneMessage, realNow: Date): Promise<void> {
  const actor: Actor = { kind: 'job', organizationId: one.organizationId, name: 'render-letter' };
  const document = await deps.db.transaction(actor, async (tx) => {
    const letter = await claimLetterToSet(tx, actor, one, realNow);
    return letter && documentOfLetter(tx, deps, one.organizationId, letter);
  });
  if (!document) return;
  const set = await letterPdf(document).then(
    (bytes) => ({ bytes }),
    (error: unknown) => ({ reason: error instanceof Error ? error.message.slice(0, 300) : String(error) }),
  );
  await deps.db.transaction(actor, (tx) => {
    if ('reason' in set) {
      const outcome = { outcome: 'later', reason: `The letter could not be set: ${set.reason}` } as const;
      return recordCarriage(tx, actor, { ...one, outcome }, realNow);
    }
    const fileName = fileNameOf('Letter', document.number || one.messageId.slice(-8));
    const attachment = { fileName, contentType: 'application/pdf', bytes: set.bytes };
    return attachDocument(tx, actor, { ...one, attachments: [attachment] }, realNow);
  });
}

/** The letter as its document: what was written, and the slip with what is due now. */
async function documentOfLetter(
  tx: Tx,
  links: Links,
  organizationId: string,
  letter: LetterToSet,
): Promise<LetterDocument> {
  const seller = await readSeller(tx, organizationId);
  const { timeZone, currency } = must(
    await tx.row<{ timeZone: string; currency: string }>(
      sql`select time_zone, currency from organizations where id = ${organizationId}`,
    ),
    'the organization',
  );
  const invoice = letter.invoiceId
    ? await documentOfInvoice(tx, links, organizationId, letter.invoiceId)
    : undefined;
  const isPrinter = letter.route === 'letter';
  return {
    ...sheetOf(seller),
    // A printer of letters takes one size of paper, wherever they go; one's own goes on the reader's.
    paper: isPrinter ? 'letter' : paperOf(letter.toAddress.address.country || seller.address.country),
    number: invoice?.number ?? '',
    currency: invoice?.currency ?? currency,
    createdAt: letter.createdAt,
    to: {
      name: letter.toAddress.name,
      addressLines: addressLines(letter.toAddress.address, seller.address.country),
    },
    subject: letter.subject,
    date: dateIn(timeZone, letter.createdAt),
    body: letter.text,
    addresses: !isPrinter,
    ...(invoice?.status === 'open' ? { owed: invoice, payUrl: invoice.payUrl } : {}),
    ...(letter.invoiceId === null && letter.customerId !== null
      ? { payUrl: await statementUrl(tx, links, organizationId, letter.customerId) }
      : {}),
  };
}

type Owing = { id: string; portalShowChildren: boolean; statementLinkVersion: number };

/** A letter about several invoices leads to all that its customer owes, while there is something to pay. */
async function statementUrl(
  tx: Tx,
  links: Links,
  organizationId: string,
  customerId: string,
): Promise<string | undefined> {
  const customer = must(
    await tx.row<Owing>(sql`select id, portal_show_children, statement_link_version from customers
      where organization_id = ${organizationId} and id = ${customerId}`),
    'the customer of the letter',
  );
  const together = await billedTogether(tx, organizationId, customer);
  const payable = await tx.row<{
    one: number;
  }>(sql`select 1 as one from invoices where organization_id = ${organizationId}
    and customer_id = any(${together}::text[]) and closed_at is null and issued_at is not null
    and balance_due > reserved limit 1`);
  return payable && statementLink(links.secrets, links.baseUrl, { ...customer, organizationId });
}
