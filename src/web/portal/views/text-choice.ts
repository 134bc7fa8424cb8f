import type { Html } from '#ui/html.ts';
import { html } from '#ui/html.ts';
import { form, hidden, submit } from '#web/portal/views/form-parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

/** Posts `texts`: yes or no. */
export type TextChoice = {
  phone: string;
  state: 'given' | 'none' | 'withdrawn' | 'stopped';
  /** What saying yes agrees to, word for word. */
  words: string;
  action: string;
};

/** Text messages on the profile page: the words in full, and one button. */
export function textChoice(shell: PortalShell, choice: TextChoice): Html {
  const { phone, state } = choice;
  const body =
    state === 'stopped'
      ? html`<p>${phone} has asked ${shell.organization.name} to stop. To get text messages again, text START from
that phone to the number they came from.</p>`
      : state === 'given'
        ? html`<p>You get text messages about your invoices at ${phone}.</p>
${form(
  shell,
  { action: choice.action },
  html`${hidden('texts', 'no')}<div class="actions">${submit('Stop text messages', 'quiet', 'Saving…')}</div>`,
)}`
        : html`<p>You get no text messages.</p>
${form(
  shell,
  { action: choice.action },
  html`${hidden('texts', 'yes')}<p class="hint" id="text-words">${choice.words}</p>
<div class="actions">${submit('I agree: send me text messages', 'quiet', 'Saving…')}</div>`,
)}`;
  return html`<section class="sheet box" aria-labelledby="texts"><h2 id="texts">Text messages</h2>${body}</section>`;
}
