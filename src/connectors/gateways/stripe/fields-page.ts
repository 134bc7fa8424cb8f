import { readFileSync } from 'node:fs';
import type { FieldsPage, GatewayVendor } from '#features/payments/gateways.ts';
import type { HostedFields } from '#features/payments/payment-gateway.ts';

const style = readFileSync(new URL('./fields.css', import.meta.url), 'utf8');
const script = readFileSync(new URL('./fields-client.js', import.meta.url), 'utf8');

/**
 * Stripe wants its script loaded from its own address, and of the release that the API version belongs to.
 */
const stripeJs = 'https://js.stripe.com/endive/stripe.js';

export function hostedFieldsAt(page: { parentOrigin: string; fieldsUrl: string }): HostedFields {
  const urlOf = (kind: string): string =>
    `${page.fieldsUrl}/${kind}?${new URLSearchParams({ parent: page.parentOrigin })}`;
  return {
    origin: new URL(page.fieldsUrl).origin,
    cardUrl: urlOf('card'),
    bankAccountUrl: urlOf('bank_account'),
  };
}

type PageInput = Parameters<NonNullable<GatewayVendor['fieldsPage']>>[0];

const escapeAttribute = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

/** An origin as browsers spell it: it goes into a header and is what the script answers to. */
function checkedOrigin(text: string): string {
  if (!URL.canParse(text) || new URL(text).origin !== text || !/^https?:/.test(text))
    throw new Error('the parent of the fields is not an origin');
  return text;
}

/** The page inside the frame: Stripe's own fields, in frames of Stripe's. No number is ever on this page. */
export function fieldsPage({ credentials, kind, parentOrigin, nonce }: PageInput): FieldsPage {
  const parent = checkedOrigin(parentOrigin);
  if (!/^[\w+/=-]{8,}$/.test(nonce)) throw new Error('the nonce of the page is none');
  const title = kind === 'card' ? 'Card details' : 'Bank account details';
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="origin">
<style nonce="${nonce}">${style}</style></head><body>
<form novalidate aria-label="${title}" data-kind="${kind}" data-parent="${escapeAttribute(parent)}"
 data-key="${escapeAttribute(credentials.publishableKey ?? '')}"><div id="fields"></div>
<p id="problem" role="alert" hidden></p><button type="submit" hidden></button></form>
<script nonce="${nonce}" src="${stripeJs}"></script>
<script nonce="${nonce}">${script}</script></body></html>`;
  return { html, contentSecurityPolicy: policyFor(nonce, parent) };
}

/** After Stripe's guide to policies, without the maps and the wallets that these fields do not use. */
const policyFor = (nonce: string, parent: string): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' https://js.stripe.com https://*.js.stripe.com`,
    `style-src 'nonce-${nonce}'`,
    'connect-src https://api.stripe.com https://js.stripe.com',
    'frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com',
    'img-src https://*.stripe.com data:',
    "form-action 'none'",
    "base-uri 'none'",
    `frame-ancestors ${parent}`,
  ].join('; ');
