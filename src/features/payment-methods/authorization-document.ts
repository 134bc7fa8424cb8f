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
import { dateIn, formatInstant } from '#lib/dates.ts';
import { notFound } from '#lib/errors.ts';
import type { FileReply } from '#lib/file-reply.ts';

export type SignedAuthorization = {
  id: string;
  customerId: string;
  text: string;
  hash: string;
  version: string | null;
  name: string | null;
  signatureKind: 'ticked' | 'typed' | 'drawn' | 'held' | null;
  signatureImage: Buffer | null;
  email: string | null;
  ip: string | null;
  userAgent: string | null;
  acceptedAt: Date;
  brand: string;
  last4: string;
  timeZone: string;
  locale: string;
};

export const signatureWays: Record<'ticked' | 'typed' | 'drawn' | 'held', string> = {
  ticked: 'Agreed to electronically by ticking a box',
  typed: 'Signed electronically by typing the name',
  drawn: 'Signed electronically by hand',
  held: 'Vouched for by staff, who hold the customer’s own authorization',
};

/** The latest authorization of a method, by which it is debited. */
export async function readAuthorization(
  tx: Tx,
  one: { organizationId: string; methodId: string },
): Promise<SignedAuthorization> {
  const row = await tx.row<SignedAuthorization>(sql`
    select a.id, a.customer_id, a.text, a.hash, a.version, a.name, a.signature_kind, a.signature_image, a.email,
      a.ip, a.user_agent, a.accepted_at, m.brand, m.last4, o.time_zone, o.locale
    from authorizations a
    join payment_methods m on m.organization_id = a.organization_id and m.id = a.payment_method_id
    join organizations o on o.id = a.organization_id
    where a.organization_id = ${one.organizationId} and a.payment_method_id = ${one.methodId}
      and a.kind = 'bank_debit' and a.payment_id is null order by a.id desc limit 1`);
  if (!row) throw notFound('authorization of the payment method', one.methodId);
  return row;
}

/** Read as staff or as the payer: both get the same copy. */
export async function documentOfAuthorization(
  tx: Tx,
  one: { organizationId: string; methodId: string },
): Promise<AuthorizationDocument> {
  const signed = await readAuthorization(tx, one);
  const seller = await readSeller(tx, one.organizationId);
  const buyer = await readBuyer(tx, one.organizationId, signed.customerId);
  const signer = signed.name ?? buyer.displayName;
  const evidence: [string, string | undefined][] = [
    ['Signed at', formatInstant(signed.acceptedAt, signed.timeZone, signed.locale)],
    ['From address', signed.ip ?? undefined],
    ['With', signed.userAgent ?? undefined],
    ['Copy sent to', signed.email ?? undefined],
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
    method: `${signed.brand} •••• ${signed.last4}`,
    words: signed.text,
    signer,
    how: signatureWays[signed.signatureKind ?? 'ticked'],
    ...(signed.signatureImage ? { drawing: signed.signatureImage } : {}),
    evidence,
  };
}

/** The signed copy as a file, for whoever may see the method. */
export async function authorizationFile(
  deps: { db: Database },
  actor: Actor,
  one: { organizationId: string; methodId: string },
): Promise<FileReply> {
  const document = await deps.db.transaction(actor, (tx) => documentOfAuthorization(tx, one));
  const { drawing: _, ...words } = document;
  return {
    contentType: 'application/pdf',
    fileName: fileNameOf('Authorization', document.number),
    version: versionOf(words),
    render: () => authorizationPdf(document),
  };
}
