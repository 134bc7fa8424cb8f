import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { addressLines, type PostalAddress } from '#lib/address-lines.ts';
import { must } from '#lib/errors.ts';
import type { MailOrganization } from '#ui/mail-layout.ts';

/** What a mail says of the organization that sends it, and what it decides by. */
export type Correspondent = {
  id: string;
  name: string;
  mode: 'live' | 'sandbox';
  timeZone: string;
  locale: string;
  currency: string;
  address: PostalAddress;
  email: string | null;
  phone: string | null;
  website: string | null;
  replyTo: string | null;
  brandColor: string;
  accentColor: string | null;
  supportEmail: string | null;
  supportPhone: string | null;
  mailHeader: string | null;
  mailFooter: string | null;
  notifyEmails: string[];
  emailOrganizationReceipts: boolean;
  attachInvoicePdf: boolean;
  invoiceMessageSubject: string | null;
  invoiceMessageBody: string | null;
  clockOffsetMs: bigint;
  logoHash: string | null;
  logoType: string | null;
};

export async function readCorrespondent(tx: Tx, organizationId: string): Promise<Correspondent> {
  return must(
    await tx.row<Correspondent>(sql`
    select o.id, o.name, o.mode, o.time_zone, o.locale, o.currency, o.address, o.email, o.phone, o.website,
      o.support_email, o.support_phone, o.mail_header, o.mail_footer, o.reply_to, o.brand_color, o.accent_color,
      o.notify_emails, o.email_organization_receipts, o.attach_invoice_pdf,
      o.invoice_message_subject, o.invoice_message_body, o.clock_offset_ms, l.hash as logo_hash,
      l.content_type as logo_type
    from organizations o left join organization_logos l on l.organization_id = o.id
      where o.id = ${organizationId}`),
    'the organization',
  );
}

/** The letterhead of a mail. Mail programs show no SVG, so a drawn logo gives way to the name. */
export function mailOrganization(from: Correspondent, outbox: Pick<Outbox, 'baseUrl'>): MailOrganization {
  const phone = from.supportPhone ?? from.phone;
  const hasLogo = from.logoHash !== null && from.logoType !== 'image/svg+xml';
  return {
    name: from.name,
    brandColor: from.brandColor,
    ...(from.accentColor ? { accentColor: from.accentColor } : {}),
    address: addressLines(from.address),
    ...(hasLogo ? { logoUrl: `${outbox.baseUrl}/logos/${from.id}/${from.logoHash?.slice(0, 16)}` } : {}),
    ...(from.mailHeader ? { header: from.mailHeader } : {}),
    ...(from.mailFooter ? { footer: from.mailFooter } : {}),
    ...(phone ? { phone } : {}),
    ...(from.website ? { website: from.website } : {}),
  };
}

/** Whom a reader asks: stands at the foot of every mail. */
export function footerOf(from: Correspondent, why: string): { words: string } {
  const contact = from.supportEmail ?? from.replyTo ?? from.email;
  return {
    words: contact
      ? `${why} Questions? Reply to this mail or write to ${contact}.`
      : `${why} Questions? Reply to this mail.`,
  };
}
