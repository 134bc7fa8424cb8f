import type { Html } from '#ui/html.ts';
import { attributes, html } from '#ui/html.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { form } from '#web/portal/views/form-parts.ts';
import { writerOf } from '#web/portal/views/parts.ts';
import type { PaymentPanel } from '#web/portal/views/payment-panel.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

/** Asks for the page at `url` again, with `?amount=`. */
export type AmountForm = { url: string; form?: FormState };

/** An amount is asked for before it is paid, so that the button always states what will be charged. */
export function amountForm(shell: PortalShell, amount: AmountForm, standing = ''): Html {
  const error = amount.form?.errors?.amount;
  return form(
    shell,
    { action: amount.url, method: 'get', class: 'inline-form' },
    html`<div class="field"><label for="f-amount">Amount to pay</label><input ${attributes({
      id: 'f-amount',
      name: 'amount',
      class: 'amount',
      inputmode: 'decimal',
      autocomplete: 'off',
      maxlength: 20,
      required: true,
      value: amount.form?.values?.amount ?? standing,
      'aria-invalid': error ? 'true' : undefined,
      'aria-describedby': error ? 'f-amount-error' : undefined,
    })}></div>
    <button class="button ${standing ? 'quiet' : 'primary'}">${standing ? 'Use this amount' : 'Continue'}</button>${
      error && html`<p class="error" id="f-amount-error">${error}</p>`
    }`,
  );
}

/** Below a panel that already has an amount. */
export const otherAmount = (shell: PortalShell, amount: AmountForm, panel: PaymentPanel): Html =>
  html`<details class="other-amount" ${attributes({
    open: Boolean(amount.form?.errors?.amount),
  })}><summary>Pay another amount</summary>${amountForm(
    shell,
    amount,
    writerOf(shell).typed(panel.total, panel.currency),
  )}</details>`;
