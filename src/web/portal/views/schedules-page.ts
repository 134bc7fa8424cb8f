import type { Html } from '#ui/html.ts';
import { html } from '#ui/html.ts';
import { form, submit } from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import { page } from '#web/portal/views/layout.ts';
import type { MethodFace } from '#web/portal/views/parts.ts';
import { backLink, badge, linkButton, methodIcon, methodName, pageHead } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

export type ListedSchedule = {
  method: MethodFace;
  description: string;
  /** `$25.00 monthly`. */
  words: string;
  /** `Next on Mar 31, 2026`; empty while it does not run. */
  next: string;
  state: 'running' | 'paused' | 'stopped';
  url: string;
  /** Missing once it is stopped. */
  stopUrl?: string;
};

const methods = '/portal/methods';

/** What is charged by itself: how much, when, to which method, and how to stop it. */
export function schedulesPage(shell: PortalShell, data: { schedules: readonly ListedSchedule[] }): Html {
  const { schedules } = data;
  return page(shell, {
    title: 'Scheduled payments',
    section: 'methods',
    width: 'middle',
    body: html`${pageHead('Scheduled payments', undefined, backLink(methods, 'Payment methods'))}
${
  schedules.length === 0
    ? html`<section class="sheet box rest"><span class="seal plain">${icons.card}</span><h2>Nothing is scheduled</h2>
      <p class="soft">No payment is made by itself.</p></section>`
    : html`<ul class="rows methods sheet">${schedules.map(row)}</ul>`
}`,
  });
}

const row = (each: ListedSchedule): Html => html`<li class="row"><span class="tile">${methodIcon(
  each.method.kind,
)}</span><div class="what"><a class="number" href="${each.url}">${each.words}</a>
  <span class="soft">${each.description && html`${each.description}<br>`}${methodName(each.method)}</span></div>
<div class="when">${each.next}${each.state !== 'running' && badge('plain', each.state === 'paused' ? 'Paused' : 'Stopped')}</div>
<div class="act">${
  each.stopUrl && html`<a href="${each.stopUrl}">Stop<span class="unseen"> ${each.words}</span></a>`
}</div></li>`;

/** Asks once more: stopping takes back what was agreed to. */
export function stopSchedulePage(
  shell: PortalShell,
  data: { schedule: ListedSchedule; action: string; backUrl: string },
): Html {
  const { schedule } = data;
  return page(shell, {
    title: 'Stop scheduled payment',
    section: 'methods',
    width: 'narrow',
    body: html`${pageHead('Stop these payments?', undefined, backLink(data.backUrl, 'Scheduled payments'))}
<div class="sheet box"><div class="method-line"><span class="tile">${methodIcon(
      schedule.method.kind,
    )}</span><strong>${schedule.words}</strong></div>
<p>You take back your agreement: nothing more is charged to ${methodName(schedule.method)} by this schedule. What you
  owe stays due, and a payment that is already on its way is not affected.</p>
${form(
  shell,
  { action: data.action, class: 'actions' },
  html`${submit('Stop payments', 'danger', 'Stopping…')}${linkButton(data.backUrl, 'Keep them', 'quiet')}`,
)}</div>`,
  });
}
