import { brandLine, brandPalette } from '#ui/brand-palette.ts';
import type { Content, Html } from '#ui/html.ts';
import { attributes, html, join, raw } from '#ui/html.ts';
import { roles } from '#ui/tokens.ts';
import { brandCss, headLineCss } from '#ui/tokens-css.ts';
import { iconUrl, portalCss, scriptUrl } from '#web/portal/assets.ts';
import { form, submit } from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import { notice } from '#web/portal/views/parts.ts';
import type { Organization, PortalShell, Section, SignedIn } from '#web/portal/views/shell.ts';

export type Page = {
  /** Unique among the portal's pages; the organization's name is added. */
  title: string;
  /** The part of the navigation that is current. */
  section?: Section;
  /** `wide` holds two columns, `narrow` one form. */
  width: 'wide' | 'middle' | 'narrow';
  /** A form came back with errors: the title says so first. */
  failed?: boolean;
  head?: Content;
  body: Content;
};

/** The whole document: everything a page needs comes with it, only the script and the fonts follow. */
export function page(shell: PortalShell, each: Page): Html {
  const { organization } = shell;
  const palette = organization.brandColor ? brandPalette(organization.brandColor) : undefined;
  const line = organization.accentColor ? brandLine(organization.accentColor) : undefined;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${each.failed && 'Error: '}${each.title} · ${organization.name}</title>
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="same-origin">
<meta name="theme-color" content="${roles.light.canvas}" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="${roles.dark.canvas}" media="(prefers-color-scheme: dark)">
<link rel="icon" href="${organization.iconUrl ?? iconUrl}">
<style nonce="${shell.nonce}">${portalCss}</style>
${palette && html`<style nonce="${shell.nonce}">${raw(brandCss(palette))}</style>`}
${line && html`<style nonce="${shell.nonce}">${raw(headLineCss(line))}</style>`}
<script type="module" nonce="${shell.nonce}" src="${scriptUrl}"></script>
${each.head}
</head>
<body>
<a class="unseen" href="#main">Skip to the content</a>
${shell.practice && practiceBanner}
${header(shell, each.section)}
<main id="main" class="${each.width}" tabindex="-1">
${shell.flash && notice(shell.flash)}
${each.body}
</main>
${footer(shell)}
</body>
</html>`;
}

const practiceBanner = html`<aside class="practice" aria-label="Practice mode"><strong>Practice mode</strong>
<span>No money moves. Test card <span class="num">4242 4242 4242 4242</span>, any later expiry date, any
  code.</span></aside>`;

const brandMark = (organization: Organization): Html =>
  organization.logoUrl
    ? html`<img src="${organization.logoUrl}" alt="${organization.name}" height="36">`
    : html`<span class="mono" aria-hidden="true">${initials(organization.name)}</span><span>${
        organization.name
      }</span>`;

export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  return words
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? '')
    .join('');
}

function header(shell: PortalShell, section: Section | undefined): Html {
  const { signedIn } = shell;
  return html`<header class="bar"><div class="bar-in">
  ${
    signedIn
      ? html`<a class="brand" href="${signedIn.sections.invoices}">${brandMark(shell.organization)}</a>`
      : html`<span class="brand">${brandMark(shell.organization)}</span>`
  }
  ${signedIn && html`${navigation(signedIn, section)}${personMenu(shell, signedIn)}`}
</div></header>`;
}

const sections: [Section, string][] = [
  ['invoices', 'Invoices'],
  ['history', 'History'],
  ['methods', 'Payment methods'],
  ['profile', 'Profile'],
];

const navigation = (signedIn: SignedIn, section: Section | undefined): Html =>
  html`<nav class="nav" aria-label="Portal"><ul>${sections.map(
    ([key, words]) =>
      html`<li><a href="${signedIn.sections[key]}" ${attributes({
        'aria-current': key === section ? 'page' : undefined,
      })}>${words}</a></li>`,
  )}</ul></nav>`;

function personMenu(shell: PortalShell, signedIn: SignedIn): Html {
  const others = signedIn.profiles.filter((each) => each.id !== signedIn.current.id);
  return html`<details class="person"><summary><span class="tile" aria-hidden="true">${initials(
    signedIn.current.customerName,
  )}</span><span
    class="person-name">${signedIn.current.customerName}</span><span class="unseen">Your profiles</span>${
      icons.down
    }</summary>
  <div class="menu">
    <p><strong>${signedIn.current.customerName}</strong><br><span class="soft">${signedIn.email}</span></p>
    ${
      others.length > 0 &&
      form(
        shell,
        { action: signedIn.switchUrl },
        html`<p class="eyebrow">Switch to</p>${others.map(
          (each) =>
            html`<button class="menu-row" name="profile" value="${each.id}">${each.customerName}<br><span
              class="soft">${each.organizationName}</span></button>`,
        )}`,
      )
    }
    <a class="menu-row" href="${signedIn.questionsUrl}">Your questions</a>
    ${form(shell, { action: signedIn.signOutUrl }, submit('Sign out', 'quiet'))}
  </div></details>`;
}

function footer(shell: PortalShell): Html {
  const { askUrl, organization } = shell;
  const { name, email, phone } = organization;
  const ways = [
    askUrl && html`<a href="${askUrl}">write to us here</a>`,
    email && html`<a href="mailto:${email}">${email}</a>`,
    phone && html`<a class="num" href="tel:${phone.replace(/[^+\d]/g, '')}">${phone}</a>`,
  ].filter((way) => way !== undefined && way !== '');
  return html`<footer class="foot"><div>
  ${ways.length > 0 && html`<p>Questions? Ask ${name}: ${join(ways, html` · `)}</p>`}
  <p class="soft">${shell.privacyUrl && html`<a href="${shell.privacyUrl}">Privacy</a> · `}Powered by Owed</p>
</div></footer>`;
}
