import type { Html } from '#ui/html.ts';
import { html } from '#ui/html.ts';
import { form, hidden } from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import { page } from '#web/portal/views/layout.ts';
import type { MethodFace } from '#web/portal/views/parts.ts';
import { facts, linkButton, methodName, pageHead, writerOf } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

/** Between the choice and the charge: what exactly is charged, where that was not said before. */
export type FeeStepPage = {
  action: string;
  /** The form as it was sent, and what is shown now. */
  fields: [name: string, value: string][];
  currency: string;
  about: string;
  base: bigint;
  /** Missing: it turned out that there is none. */
  fee?: { amount: bigint; label: string; agreement: string };
  method?: MethodFace;
  /** A way without a fee. */
  other: { url: string; words: string };
};

/** One button that says the whole amount, and the way around the fee beside it. */
export function feeStepPage(shell: PortalShell, data: FeeStepPage): Html {
  const { base, fee, currency } = data;
  const write = writerOf(shell);
  const total = base + (fee?.amount ?? 0n);
  return page(shell, {
    title: 'Confirm your payment',
    width: 'narrow',
    ...(shell.signedIn ? { section: 'invoices' as const } : {}),
    body: html`${pageHead('Confirm your payment', 'Nothing has been charged yet.')}
<div class="sheet box fee-step">${facts([
      ['For', data.about],
      data.method && ['Method', methodName(data.method)],
      ['Payment', write.money(base, currency)],
      [
        fee?.label ?? (data.method?.kind === 'bank_account' ? 'Discount' : 'Card fee'),
        fee ? write.money(fee.amount, currency) : 'None',
      ],
      [html`<strong>Total</strong>`, html`<strong>${write.money(total, currency)}</strong>`],
    ])}
${fee && html`<p>${fee.agreement}</p>`}
${form(
  shell,
  { action: data.action },
  html`${data.fields.map(([name, value]) => hidden(name, value))}
<button class="button primary big" data-busy="Paying…">Pay ${write.money(total, currency)}</button>`,
)}
<p class="act">${linkButton(data.other.url, data.other.words, 'quiet')}</p>
<p class="fine">${icons.lock}<span>Encrypted.</span></p></div>`,
  });
}
