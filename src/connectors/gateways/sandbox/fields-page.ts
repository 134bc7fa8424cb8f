import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isPublishableKey } from './keys.ts';
import type { Reply } from './wire.ts';

const style = readFileSync(new URL('./fields.css', import.meta.url), 'utf8');
const script = readFileSync(new URL('./fields-client.js', import.meta.url), 'utf8');

export type FieldsKind = 'card' | 'bank-account';
export type FieldsOptions = { allowedParents?: readonly string[]; font?: Buffer };

type Field = {
  name: string;
  label: string;
  autocomplete: string;
  placeholder?: string;
  maxLength: number;
  wide?: boolean;
  /** Inside the field's box, after the input. */
  ornament?: string;
};

const svg = (name: string, body: string): string => `<svg class="${name}" viewBox="0 0 38 24">${body}</svg>`;
const word = (text: string, size: number): string =>
  `<text x="19" y="16" text-anchor="middle" font-size="${size}" font-weight="700" fill="#fff" ` +
  `font-family="Arial,sans-serif">${text}</text>`;
const badge = (fill: string): string => `<rect width="38" height="24" rx="4" fill="${fill}"/>`;

/** Shown beside what the payer types; a drawing of the trade, not the networks' artwork. */
const brandBadges = [
  svg('any', '<path d="M0 8h38" stroke="currentColor" stroke-width="3" opacity=".55"/>'),
  svg('visa', badge('#1a3a8f') + word('VISA', 11)),
  svg(
    'mastercard',
    badge('#23272f') +
      '<circle cx="15" cy="12" r="7" fill="#eb4b3f"/><circle cx="23" cy="12" r="7" fill="#f5a623" opacity=".9"/>',
  ),
  svg('amex', badge('#2a72b5') + word('AMEX', 10)),
  svg('discover', `${badge('#5b6270')}${word('DISC', 10)}`),
].join('');

const cardFields: Field[] = [
  {
    name: 'number',
    label: 'Card number',
    autocomplete: 'cc-number',
    placeholder: '1234 1234 1234 1234',
    maxLength: 23,
    wide: true,
    ornament: `<span id="brand" data-brand="" aria-hidden="true">${brandBadges}</span>`,
  },
  { name: 'expiry', label: 'Expiry date', autocomplete: 'cc-exp', placeholder: 'MM / YY', maxLength: 9 },
  { name: 'cvc', label: 'Security code', autocomplete: 'cc-csc', placeholder: 'CVC', maxLength: 4 },
];

const bankFields: Field[] = [
  {
    name: 'routing_number',
    label: 'Routing number',
    autocomplete: 'off',
    placeholder: '9 digits',
    maxLength: 11,
    wide: true,
  },
  { name: 'account_number', label: 'Account number', autocomplete: 'off', maxLength: 21, wide: true },
];

const errorLine = (name: string): string => `<p class="error" id="${name}-error" role="alert" hidden></p>`;

const inputOf = (field: Field): string => `<div${field.wide ? ' class="wide"' : ''}>
<label for="${field.name}">${field.label}</label>
<div class="box"><input id="${field.name}" name="${field.name}" type="text" inputmode="numeric" required
 autocomplete="${field.autocomplete}" maxlength="${field.maxLength}" placeholder="${field.placeholder ?? ''}"
 aria-describedby="${field.name}-error" spellcheck="false">${field.ornament ?? ''}</div>
${errorLine(field.name)}</div>`;

const chevron =
  '<svg class="chevron" viewBox="0 0 16 16" aria-hidden="true"><path d="m3 6 5 5 5-5" fill="none" ' +
  'stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/></svg>';

const accountType = `<div class="wide"><label for="account_type">Account type</label><div class="box">
<select id="account_type" name="account_type"><option value="checking">Checking</option>
<option value="savings">Savings</option></select>${chevron}</div></div>`;

const escapeAttribute = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

/** An origin exactly as browsers spell it: it goes into a header and into postMessage's targetOrigin. */
export function isParentOrigin(text: string, allowed: readonly string[] | undefined): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol) || url.origin !== text) return false;
  return allowed === undefined || allowed.includes(text);
}

/**
 * GET /fields/card, /fields/bank-account: the page inside the frame, where card and bank numbers are typed.
 */
export function fieldsPage(kind: FieldsKind, query: URLSearchParams, options: FieldsOptions): Reply {
  const key = query.get('key') ?? '';
  const parent = query.get('parent') ?? '';
  const theme = query.get('theme') === 'dark' ? 'dark' : 'light';
  if (!isPublishableKey(key) || !isParentOrigin(parent, options.allowedParents)) {
    return {
      status: 400,
      html: '<!doctype html><title>Not available</title><p>These fields were opened with a wrong address.',
      headers: { 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" },
    };
  }
  const nonce = randomBytes(16).toString('base64');
  const title = kind === 'card' ? 'Card details' : 'Bank account details';
  const body =
    kind === 'card' ? cardFields.map(inputOf).join('') : bankFields.map(inputOf).join('') + accountType;
  const face = options.font
    ? '@font-face{font-family:Inter;src:url(../fields/font.woff2);font-weight:100 900;font-display:swap}'
    : '';
  const html = `<!doctype html>
<html lang="en" data-theme="${theme}"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${theme}">
<style nonce="${nonce}">${face}${style}</style></head><body>
<form novalidate aria-label="${title}" data-kind="${kind.replace('-', '_')}"
 data-key="${escapeAttribute(key)}" data-parent="${escapeAttribute(parent)}">${body}<button type="submit" hidden></button></form>
<script nonce="${nonce}">${script}</script></body></html>`;
  return { status: 200, html, headers: { 'content-security-policy': policyFor(nonce, parent) } };
}

const policyFor = (nonce: string, parent: string): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    `frame-ancestors ${parent}`,
  ].join('; ');
