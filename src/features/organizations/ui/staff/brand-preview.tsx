import { useState } from 'react';
import { sampleMail } from '#features/organizations/ui/staff/sample-mail.ts';
import type { Organization } from '#features/organizations/ui/staff/settings-page.tsx';
import { addressLines } from '#lib/address-lines.ts';
import { type BrandRoles, brandLine, brandPalette } from '#ui/brand-palette.ts';
import { Chips } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { type Roles, roles } from '#ui/tokens.ts';

/** What is typed and not saved yet. */
export type BrandDraft = {
  brand_color: string;
  accent_color: string;
  sender_name: string;
  support_email: string;
  support_phone: string;
  mail_header: string;
  mail_footer: string;
};
type Props = { organization: Organization; draft: BrandDraft };
type Scheme = 'light' | 'dark';

/** Mail, invoice and portal beside each other, as they would be, while one types. Paper knows no night. */
export function BrandPreview({ organization, draft }: Props) {
  const [scheme, setScheme] = useState<Scheme>('light');
  const palette = brandPalette(draft.brand_color.toLowerCase());
  const line = brandLine(draft.accent_color.toLowerCase());
  const brandOf = (each: Scheme): BrandRoles => palette?.[each] ?? roles[each];
  return (
    <div className="stack">
      <Chips
        label="By day or by night"
        value={scheme}
        options={[
          { value: 'light', label: 'By day' },
          { value: 'dark', label: 'By night' },
        ]}
        onChange={setScheme}
      />
      <div className="brand-previews">
        <figure>
          <figcaption>Mail</figcaption>
          <MailPreview organization={organization} draft={draft} scheme={scheme} />
        </figure>
        <figure>
          <figcaption>Invoice</figcaption>
          <InvoicePaper
            organization={organization}
            draft={draft}
            brand={brandOf('light')}
            line={line?.light}
          />
        </figure>
        <figure>
          <figcaption>Portal</figcaption>
          <PortalCard
            organization={organization}
            draft={draft}
            paper={roles[scheme]}
            brand={brandOf(scheme)}
            line={line?.[scheme]}
          />
        </figure>
      </div>
    </div>
  );
}

/** The mail itself, by the same layout as every mail that leaves. */
function MailPreview({ organization, draft, scheme }: Props & { scheme: Scheme }) {
  const { money, date, today } = useFrame();
  const mail = sampleMail(organization, draft, { amount: money(125_000n), due: date(today) });
  // Which of its two schemes a mail takes is asked of the system; here the reader says it.
  const asked = '@media (prefers-color-scheme:dark)';
  const page = mail.html.replace(asked, scheme === 'dark' ? '@media all' : '@media not all');
  return (
    <>
      <p className="fine mail-from">
        From <b>{draft.sender_name.trim() || organization.name}</b>
      </p>
      <iframe className="brand-mail" title="A mail with this brand" srcDoc={page} sandbox="" />
    </>
  );
}

type Lined = { brand: BrandRoles; line: string | undefined };

function InvoicePaper({ organization, brand, line }: Props & Lined) {
  const { money, date, today } = useFrame();
  const { hairline, inkSoft, sheet, ink } = roles.light;
  return (
    <div className="invoice-paper" style={{ background: sheet, color: ink, borderColor: hairline }}>
      <div className="invoice-paper-head">
        <Letterhead organization={organization} />
        <strong style={{ color: brand.accentInk }}>Invoice</strong>
      </div>
      <p style={{ color: inkSoft }}>{addressLines(organization.address).join(', ')}</p>
      <dl>
        {[
          ['Number', 'INV-1042'],
          ['Due date', date(today)],
        ].map(([label, value]) => (
          <div key={label}>
            <dt style={{ color: inkSoft }}>{label}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
      <div className="invoice-paper-line" style={{ borderColor: brand.accentEdge }}>
        <span>Maintenance, March</span>
        <span className="num">{money(125_000n)}</span>
      </div>
      <div className="invoice-paper-sum" style={{ borderTop: `2px solid ${line ?? brand.accentInk}` }}>
        <span>Balance due</span>
        <strong className="num">{money(125_000n)}</strong>
      </div>
      {organization.invoice_footer && <p style={{ color: inkSoft }}>{organization.invoice_footer}</p>}
    </div>
  );
}

function PortalCard({ organization, draft, paper, brand, line }: Props & Lined & { paper: Roles }) {
  const { money, date, today } = useFrame();
  const contact = [
    draft.support_email.trim() || organization.email,
    draft.support_phone.trim() || organization.phone,
  ].filter(Boolean);
  return (
    <div
      className="portal-card"
      style={{ background: paper.canvas, color: paper.ink, borderColor: paper.hairline }}
    >
      <div
        className="portal-card-head"
        style={{
          background: paper.sheet,
          borderColor: paper.hairline,
          ...(line ? { boxShadow: `inset 0 3px ${line}` } : {}),
        }}
      >
        <Letterhead organization={organization} />
        <span style={{ color: brand.accentInk }}>Invoices</span>
      </div>
      <div className="portal-card-body">
        <span style={{ color: paper.inkSoft }}>Invoice INV-1042, due {date(today)}</span>
        <span className="portal-card-sum num">{money(125_000n)}</span>
        <span
          className="portal-card-pay num"
          style={{ background: brand.accent, color: brand.onAccent, borderColor: brand.accentEdge }}
        >
          Pay {money(125_000n)}
        </span>
        <span className="fine" style={{ color: paper.inkSoft }}>
          Questions? {contact.join(' · ')}
        </span>
      </div>
    </div>
  );
}

const Letterhead = ({ organization }: { organization: Organization }) =>
  organization.logo_url ? (
    <img src={organization.logo_url} alt="" />
  ) : (
    <span className="portal-card-name">{organization.name}</span>
  );
