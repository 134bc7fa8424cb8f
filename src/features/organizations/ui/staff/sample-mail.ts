import type { BrandDraft } from '#features/organizations/ui/staff/brand-preview.tsx';
import type { Organization } from '#features/organizations/ui/staff/settings-page.tsx';
import { addressLines } from '#lib/address-lines.ts';
import { renderMail } from '#ui/mail-layout.ts';

/** A mail with an invoice as a customer would read it, with the brand as it is typed. */
export function sampleMail(
  organization: Organization,
  draft: BrandDraft,
  words: { amount: string; due: string },
): { html: string } {
  const phone = draft.support_phone.trim() || organization.phone;
  const contact = draft.support_email.trim() || organization.reply_to || organization.email;
  // Mail programs show no SVG: such a logo gives way to the name, here as there.
  const logo = organization.logo_type === 'image/svg+xml' ? null : organization.logo_url;
  return renderMail({
    organization: {
      name: organization.name,
      brandColor: draft.brand_color.toLowerCase(),
      ...(draft.accent_color ? { accentColor: draft.accent_color.toLowerCase() } : {}),
      address: addressLines(organization.address),
      ...(logo ? { logoUrl: new URL(logo, window.location.origin).href } : {}),
      ...(phone ? { phone } : {}),
      ...(organization.website ? { website: organization.website } : {}),
      ...(draft.mail_header.trim() ? { header: draft.mail_header.trim() } : {}),
      ...(draft.mail_footer.trim() ? { footer: draft.mail_footer.trim() } : {}),
    },
    preheader: '',
    heading: 'Invoice INV-1042',
    blocks: [
      { kind: 'paragraph', words: 'Hello Alex,\nyour invoice for March is here.' },
      { kind: 'amount', label: 'Balance due', amount: words.amount, note: `Due ${words.due}` },
      { kind: 'button', words: 'View and pay', url: `${window.location.origin}/portal` },
    ],
    footer: {
      words: contact
        ? `Questions? Reply to this mail or write to ${contact}.`
        : 'Questions? Reply to this mail.',
    },
  });
}
