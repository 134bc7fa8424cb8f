import type { CalendarDate } from '#lib/dates.ts';
import type { Html } from '#ui/html.ts';
import { html } from '#ui/html.ts';
import { page } from '#web/portal/views/layout.ts';
import type { Tone } from '#web/portal/views/parts.ts';
import {
  backLink,
  badge,
  facts,
  linkButton,
  methodName,
  pageHead,
  writerOf,
} from '#web/portal/views/parts.ts';
import type { ListedSchedule } from '#web/portal/views/schedules-page.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

export type SchedulePage = {
  schedule: ListedSchedule;
  currency: string;
  /** The next ones while it runs, as they will come. */
  dates: readonly CalendarDate[];
  /** What became of the last ones, newest first. */
  past: readonly { day: CalendarDate; words: string; amount?: bigint }[];
  /** What was agreed to, word for word. */
  agreement?: { text: string; by: string };
  backUrl: string;
};

const states: Record<ListedSchedule['state'], [Tone, string]> = {
  running: ['good', 'Running'],
  paused: ['plain', 'Paused'],
  stopped: ['plain', 'Stopped'],
};

/** One payment that comes by itself: what will be charged, when, to what, and what was agreed to. */
export function schedulePage(shell: PortalShell, data: SchedulePage): Html {
  const { schedule, agreement, past, dates } = data;
  const write = writerOf(shell);
  return page(shell, {
    title: schedule.words,
    section: 'methods',
    width: 'narrow',
    body: html`<div class="head-row">${pageHead(
      schedule.words,
      schedule.description || undefined,
      backLink(data.backUrl, 'Scheduled payments'),
    )}${badge(...states[schedule.state])}</div>
<section class="sheet box">${facts([
      ['Charged to', methodName(schedule.method)],
      dates.length > 0 && [
        dates.length === 1 ? 'Last date' : 'Next dates',
        html`${dates.map((day, at) => html`${at > 0 && html`<br>`}${write.day(day)}`)}`,
      ],
    ])}
${schedule.stopUrl && html`<p class="act">${linkButton(schedule.stopUrl, 'Stop these payments', 'quiet')}</p>`}
</section>
${
  past.length > 0 &&
  html`<section><h2>What was charged</h2><ul class="rows past sheet">${past.map(
    (each) =>
      html`<li class="row"><div class="what">${write.day(each.day)}</div><div class="when">${
        each.words
      }</div><div class="sum">${each.amount !== undefined && write.money(each.amount, data.currency)}</div></li>`,
  )}</ul></section>`
}
${
  agreement &&
  html`<section class="sheet box"><h2>What was agreed to</h2><p>${agreement.text}</p><p class="soft">${agreement.by}</p></section>`
}`,
  });
}
