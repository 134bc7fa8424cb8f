import type { CalendarDate } from '#lib/dates.ts';
import type { Html } from '#ui/html.ts';
import { html } from '#ui/html.ts';
import { form, hidden, submit } from '#web/portal/views/form-parts.ts';
import { page } from '#web/portal/views/layout.ts';
import { pageHead, writerOf } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

export type TermsPage = {
  /** Undefined: there have never been any. */
  shown: { version: number; text: string; effectiveOn: CalendarDate } | undefined;
  current: number | undefined;
  /** All that have been in force, newest first. */
  versions: readonly { version: number; effectiveOn: CalendarDate }[];
  /** The version in force has to be accepted before anything else is shown. */
  asking?: { action: string; signOutUrl: string; next?: string };
};

/** The terms that paying agrees to. Empty lines part their paragraphs. */
export function termsPage(shell: PortalShell, data: TermsPage): Html {
  const { shown, asking, current } = data;
  const write = writerOf(shell);
  const lead =
    shown &&
    (shown.version === current
      ? html`Version ${shown.version}, in force since ${write.day(shown.effectiveOn)}.`
      : html`Version ${shown.version}, in force from ${write.day(shown.effectiveOn)} until a newer one replaced it.
        <a href="?">Read the terms of today</a>`);
  const text = shown?.text || 'There are none.';
  return page(shell, {
    title: asking ? 'New payment terms' : 'Payment terms',
    width: 'middle',
    body: html`${pageHead(
      asking ? 'Our payment terms have changed' : 'Payment terms',
      asking ? html`Please read and accept them to go on. ${lead}` : lead,
    )}<article class="sheet paper">${text.split(/\n\s*\n/).map((part) => html`<p>${part}</p>`)}</article>${
      asking && shown && accepting(shell, asking, shown.version)
    }${earlier(shell, data)}`,
  });
}

const accepting = (shell: PortalShell, asking: NonNullable<TermsPage['asking']>, version: number): Html =>
  html`<div class="stack">${form(
    shell,
    { action: asking.action },
    html`${hidden('version', String(version))}${asking.next && hidden('next', asking.next)}${submit(
      'Accept and continue',
      'primary',
      'One moment…',
    )}`,
  )}${form(
    shell,
    { action: asking.signOutUrl },
    html`<button class="plain-button">Not now, sign me out</button>`,
  )}</div>`;

function earlier(shell: PortalShell, { versions, shown }: TermsPage): Html | false {
  const others = versions.filter(({ version }) => version !== shown?.version);
  if (others.length === 0) return false;
  const write = writerOf(shell);
  return html`<section><h2>Other versions</h2><ul class="plain">${others.map(
    ({ version, effectiveOn }) =>
      html`<li><a href="?version=${String(version)}">Version ${version}</a>, in force from ${write.day(effectiveOn)}</li>`,
  )}</ul></section>`;
}
