import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import {
  addresseeOf,
  fileNameOf,
  readBuyer,
  readSeller,
  sheetOf,
  versionOf,
} from '#features/invoices/document-of-invoice.ts';
import { authorizationPdf } from '#features/invoices/pdf/authorization-pdf.ts';
import type { AuthorizationDocument } from '#features/invoices/pdf/document.ts';
import { type SignedAuthorization, signatureWays } from '#features/payment-methods/authorization-document.ts';
import { methodWords } from '#features/payment-plans/agreement-rules.ts';
import { dateIn, formatInstant } from '#lib/dates.ts';
import { notFound } from '#lib/errors.ts';
import type { FileReply } from '#lib/file-reply.ts';

async function readSigned(
  tx: Tx,
  one: { organizationId: string; planId: string },
): Promise<SignedAuthorization> {
  const row = await tx.row<SignedAuthorization>(sql`
    select a.id, a.customer_id, a.text, a.hash, a.version, a.name, a.signature_kind, a.signature_image, a.email,
      a.ip, a.user_agent, a.accepted_at, m.brand, m.last4, o.time_zone, o.locale
    from payment_plans p
    join authorizations a on a.organization_id = p.organization_id and a.id = p.authorization_id
    join payment_methods m on m.organization_id = a.organization_id and m.id = a.payment_method_id
    join organizations o on o.id = a.organization_id
    where p.organization_id = ${one.organizationId} and p.id = ${one.planId}`);
  if (!row) throw notFound('signed agreement of the payment plan', one.planId);
  return row;
}

/** What was signed last for a plan, as a file to keep: staff and the payer get the same. */
export async function planFile(
  deps: { db: Database },
  actor: Actor,
  one: { organizationId: string; planId: string },
): Promise<FileReply> {
  const document = await deps.db.transaction(actor, async (tx): Promise<AuthorizationDocument> => {
    const signed = await readSigned(tx, one);
    const seller = await readSeller(tx, one.organizationId);
    const buyer = await readBuyer(tx, one.organizationId, signed.customerId);
    const evidence: [string, string | undefined][] = [
      ['Signed at', formatInstant(signed.acceptedAt, signed.timeZone, signed.locale)],
      ['From address', signed.ip ?? undefined],
      ['With', signed.userAgent ?? undefined],
      ['Wording', signed.version ?? undefined],
      ['SHA-256 of the words', signed.hash],
      ['Record', signed.id],
    ];
    return {
      ...sheetOf(seller),
      number: signed.id.slice(-10).toUpperCase(),
      currency: '',
      createdAt: signed.acceptedAt,
      customer: addresseeOf(buyer, seller.address.country),
      signedOn: dateIn(signed.timeZone, signed.acceptedAt),
      method: methodWords(signed),
      words: signed.text,
      signer: signed.name ?? buyer.displayName,
      how: signatureWays[signed.signatureKind ?? 'ticked'],
      evidence,
    };
  });
  return {
    contentType: 'application/pdf',
    fileName: fileNameOf('Payment-plan', document.number),
    version: versionOf(document),
    render: () => authorizationPdf(document),
  };
}
