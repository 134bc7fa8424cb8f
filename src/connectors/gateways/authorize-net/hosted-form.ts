import { readFileSync } from 'node:fs';

const style = readFileSync(new URL('./hosted-form.css', import.meta.url), 'utf8');
const script = readFileSync(new URL('./hosted-form-client.js', import.meta.url), 'utf8');

export type HostedForm = {
  kind: 'card' | 'bank_account';
  parentOrigin: string;
  nonce: string;
  apiLoginId: string;
  /** Public by its nature: it makes one-time tokens and nothing else. */
  clientKey: string;
  /** The origin that serves AcceptUI.js and the form it opens. */
  formUrl: string;
};

const attribute = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

const words = {
  card: { title: 'Card details', open: 'Enter card details', use: 'Use this card' },
  bank_account: { title: 'Bank account', open: 'Enter bank account', use: 'Use this account' },
} as const;

/** An origin exactly as browsers spell it: it goes into a header and into postMessage's targetOrigin. */
function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.origin !== text) throw new Error(`no origin: ${text}`);
  return url.origin;
}

/**
 * The page inside the pay page's frame. Numbers are typed in the vendor's own form, which its script opens in
 * a frame of its own origin; what comes back is a one-time token with what may be shown of it.
 */
export function hostedFormPage(form: HostedForm): { html: string; contentSecurityPolicy: string } {
  const { kind, nonce, apiLoginId, clientKey } = form;
  const parent = originOf(form.parentOrigin);
  const formOrigin = new URL(form.formUrl).origin;
  const { title, open, use } = words[kind];
  const shown = JSON.stringify({ showCreditCard: kind === 'card', showBankAccount: kind === 'bank_account' });
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<style nonce="${attribute(nonce)}">${style}</style></head>
<body data-kind="${kind}" data-parent="${attribute(parent)}">
<main><button type="button" id="open" class="AcceptUI" data-apiLoginID="${attribute(apiLoginId)}"
 data-clientKey="${attribute(clientKey)}" data-acceptUIFormBtnTxt="${use}" data-acceptUIFormHeaderTxt="${title}"
 data-paymentOptions="${attribute(shown)}" data-responseHandler="owedFormAnswered"
 data-billingAddressOptions="${attribute('{"show":true,"required":false}')}">${open}</button>
<p id="chosen" role="status" hidden><span id="shown"></span>
<button type="button" id="change">Change</button></p>
<p id="error" role="alert" hidden></p></main>
<script nonce="${attribute(nonce)}">${script}</script>
<script nonce="${attribute(nonce)}" src="${attribute(formOrigin)}/v3/AcceptUI.js" charset="utf-8"></script></body></html>`;
  const contentSecurityPolicy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    `frame-src ${formOrigin}`,
    "form-action 'none'",
    "base-uri 'none'",
    `frame-ancestors ${parent}`,
  ].join('; ');
  return { html, contentSecurityPolicy };
}
