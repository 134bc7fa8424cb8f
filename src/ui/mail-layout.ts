import { brandLine, brandPalette } from '#ui/brand-palette.ts';
import type { Content, Html } from '#ui/html.ts';
import { html, inlineStyle, join, raw } from '#ui/html.ts';
import type { MailBlock, MailLook } from '#ui/mail-blocks.ts';
import { mailBlock } from '#ui/mail-blocks.ts';
import { mailText } from '#ui/mail-text.ts';
import { roles } from '#ui/tokens.ts';

export type MailOrganization = {
  name: string;
  /** An absolute address: mail programs know no other. */
  logoUrl?: string;
  brandColor?: string;
  /** A second colour, for the line at the head; the brand's without it. */
  accentColor?: string;
  /** Postal address, line by line. */
  address?: string[];
  phone?: string;
  /** A line of the organization's own under its logo, and one at the foot. */
  header?: string;
  footer?: string;
  website?: string;
};

export type Mail = {
  organization: MailOrganization;
  /** What the inbox shows after the subject. */
  preheader: string;
  heading: string;
  /** At most one button. */
  blocks: MailBlock[];
  /** Why this mail was sent, and where to put it right. */
  footer?: { words: string; link?: { url: string; words: string } };
};

/** Mail programs cut a message off, or hide its end, beyond this. */
const largest_bytes = 100_000;

/** One content, two forms: HTML that old mail programs understand, and the same words as plain text. */
export function renderMail(mail: Mail): { html: string; text: string } {
  if (mail.blocks.filter((block) => block.kind === 'button').length > 1) {
    throw new Error('a mail has one primary button; further ways are links in a paragraph');
  }
  const page = String(document(mail));
  const size_bytes = new TextEncoder().encode(page).length;
  if (size_bytes > largest_bytes) throw new Error(`a mail of ${size_bytes} bytes would be cut off`);
  return { html: page, text: mailText(mail) };
}

function lookOf(organization: MailOrganization): MailLook {
  const brand = organization.brandColor ? brandPalette(organization.brandColor) : undefined;
  const [day, night] = [
    { ...roles.light, ...brand?.light },
    { ...roles.dark, ...brand?.dark },
  ];
  const line = organization.accentColor ? brandLine(organization.accentColor) : undefined;
  return { day, night, line: line ?? { light: day.accentEdge, dark: night.accentEdge } };
}

const sans = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";

/** Every style is inlined: many programs drop the sheet, which only adds the night and the phone. */
function document(mail: Mail): Html {
  const look = lookOf(mail.organization);
  const { day } = look;
  const body = inlineStyle({
    margin: 0,
    padding: 0,
    background: day.canvas,
    'font-family': sans,
    color: day.ink,
  });
  const column = inlineStyle({ 'max-width': '600px', margin: '0 auto', 'text-align': 'left' });
  const sheet = inlineStyle({
    background: day.sheet,
    border: `1px solid ${day.hairline}`,
    'border-top': `4px solid ${look.line.light}`,
    'border-radius': '14px',
    padding: '36px 40px',
  });
  const h1 = inlineStyle({
    margin: '0 0 16px',
    'font-family': "Georgia,'Times New Roman',serif",
    'font-size': '26px',
    'font-weight': 'bold',
    'line-height': '1.2',
    color: day.ink,
  });
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">
<title>${mail.heading}</title><style>${raw(sheetCss(look))}</style></head>
<body class="c i" style="${body}">${preheader(mail.preheader)}
<table role="presentation" class="c" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="${
    day.canvas
  }"><tr><td
 class="g" align="center" style="${inlineStyle({ padding: '24px 16px 40px' })}">
<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0"
  border="0"><tr><td><![endif]-->
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="${column}">
${header(mail.organization, look)}
<tr><td class="s" style="${sheet}"><h1 class="i" style="${h1}">${mail.heading}</h1>${mail.blocks.map(
    (block) => mailBlock(block, look),
  )}</td></tr>
${footer(mail, look)}
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr></table></body></html>`;
}

/** Classes are one letter: they stand on every cell of a mail that must stay small. */
function sheetCss({ night, line }: MailLook): string {
  return (
    ':root{color-scheme:light dark;supported-color-schemes:light dark}' +
    '@media (max-width:480px){.s{padding:28px 22px!important}.g{padding:16px 10px 32px!important}' +
    '.w a{display:block!important}.w,.w table{width:100%!important}}' +
    '@media (prefers-color-scheme:dark){' +
    `.c{background:${night.canvas}!important}.s{background:${night.sheet}!important;border-color:${
      night.hairline
    }!important;border-top-color:${line.dark}!important}` +
    `.i{color:${night.ink}!important}.m{color:${night.inkSoft}!important}.k{color:${
      night.accentInk
    }!important}` +
    `.l{border-color:${night.hairline}!important}.n{background:${night.warnTint}!important;color:${
      night.warn
    }!important}` +
    `.b{background:${night.accent}!important;border-color:${night.accentEdge}!important}.b a{color:${night.onAccent}!important}}`
  );
}

/** Shown by the inbox, not by the message; the filler keeps the body's first words out of the preview. */
const preheader = (words: string): Html =>
  html`<div style="${inlineStyle({
    display: 'none',
    'max-height': 0,
    overflow: 'hidden',
    'mso-hide': 'all',
    'font-size': '1px',
    'line-height': '1px',
    opacity: 0,
  })}">${words}${raw('&#847;&zwnj;&nbsp;'.repeat(60))}</div>`;

function header(organization: MailOrganization, { day }: MailLook): Html {
  const words = { 'font-size': '17px', 'font-weight': 'bold', color: day.ink };
  const line = { 'padding-top': '6px', 'font-size': '14px', color: day.inkSoft };
  return html`<tr><td style="${inlineStyle({ padding: '0 4px 20px' })}">${
    organization.logoUrl
      ? html`<img src="${organization.logoUrl}" alt="${organization.name}" height="40" style="${inlineStyle({
          ...words,
          display: 'block',
          height: '40px',
          width: 'auto',
          'max-width': '260px',
          border: 0,
        })}">`
      : html`<span class="i" style="${inlineStyle(words)}">${organization.name}</span>`
  }${organization.header && html`<div class="m" style="${inlineStyle(line)}">${organization.header}</div>`}</td></tr>`;
}

function footer(mail: Mail, { day }: MailLook): Html {
  const { organization, footer: foot } = mail;
  const small = inlineStyle({
    padding: '20px 4px 0',
    'font-size': '13px',
    'line-height': '1.6',
    color: day.inkSoft,
  });
  const link = inlineStyle({ color: day.accentInk });
  const where: Content[] = [organization.name, ...(organization.address ?? [])];
  if (organization.phone) where.push(organization.phone);
  if (organization.website) {
    const shown = organization.website.replace(/^https?:\/\//, '');
    where.push(html`<a class="k" href="${organization.website}" style="${link}">${shown}</a>`);
  }
  return html`<tr><td class="m" style="${small}">${
    foot &&
    html`${foot.words}${
      foot.link && html` <a class="k" href="${foot.link.url}" style="${link}">${foot.link.words}</a>`
    }<br><br>`
  }${
    organization.footer && html`${join(organization.footer.split('\n'), html`<br>`)}<br><br>`
  }${join(where, ' · ')}<br>Sent with Owed</td></tr>`;
}
