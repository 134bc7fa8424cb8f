import type { Organization } from '#features/organizations/ui/staff/settings-page.tsx';
import type { BrandRoles } from '#ui/brand-palette.ts';
import { brandPalette } from '#ui/brand-palette.ts';
import { useFrame } from '#ui/frame.tsx';
import type { Roles } from '#ui/tokens.ts';
import { roles } from '#ui/tokens.ts';

/** The head of the portal and its Pay button, by day and by night, before anything is saved. */
export function BrandPreview({ organization, color }: { organization: Organization; color: string }) {
  const palette = brandPalette(color.toLowerCase());
  const schemes = [
    { name: 'By day', paper: roles.light, brand: palette?.light ?? roles.light },
    { name: 'By night', paper: roles.dark, brand: palette?.dark ?? roles.dark },
  ];
  return (
    <div className="brand-previews">
      {schemes.map(({ name, paper, brand }) => (
        <figure key={name}>
          <PortalCard organization={organization} paper={paper} brand={brand} />
          <figcaption className="fine">{name}</figcaption>
        </figure>
      ))}
    </div>
  );
}

function PortalCard({
  organization,
  paper,
  brand,
}: {
  organization: Organization;
  paper: Roles;
  brand: BrandRoles;
}) {
  const { money, date, today } = useFrame();
  return (
    <div
      className="portal-card"
      style={{ background: paper.canvas, color: paper.ink, borderColor: paper.hairline }}
    >
      <div className="portal-card-head" style={{ background: paper.sheet, borderColor: paper.hairline }}>
        {organization.logo_url ? (
          <img src={organization.logo_url} alt="" />
        ) : (
          <span className="portal-card-name">{organization.name}</span>
        )}
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
      </div>
    </div>
  );
}
