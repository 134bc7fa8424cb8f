import {
  amount,
  changed,
  dateOf,
  type EventTone,
  fixed,
  type Ink,
  join,
  text,
  type Words,
} from '#features/audit-log/event-phrase-rules.ts';
import { endWords } from '#features/autopay/word-rules.ts';

const plainly = (value: unknown): string | undefined => text(value)?.replaceAll('_', ' ');
const why = (words: string, key: string, tone?: EventTone): Words => ({
  say: (data) => join(words, plainly(data[key]) && `· ${plainly(data[key])}`),
  ...(tone ? { tone } : {}),
});
const days = (value: unknown, ink: Ink): string | undefined =>
  Array.isArray(value) ? value.map((day) => dateOf(day, ink)).join(', ') : dateOf(value, ink);

const ends: Readonly<Record<string, string>> = endWords;

/** Schedules and autopay: what happens by itself, and who told it to. */
export const standingWords: Record<string, Words> = {
  'schedule.created': {
    say: (data, ink) => join('Schedule made', amount(data, ink) && `· ${amount(data, ink)}`),
  },
  'schedule.updated': {
    kind: 'Schedule changed',
    say: (data) => join('Schedule changed', `· ${changed({ changes: data }) ?? 'its dates'}`),
  },
  'schedule.paused': why('Schedule paused', 'reason', 'bad'),
  'schedule.resumed': {
    say: (data, ink) =>
      join('Schedule resumed', dateOf(data.next_on, ink) && `· next ${dateOf(data.next_on, ink)}`),
    tone: 'good',
  },
  'schedule.skipped': {
    say: (data, ink) => join('Date of a schedule skipped', days(data.day, ink) && `· ${days(data.day, ink)}`),
  },
  'schedule.missed': {
    say: (data, ink) =>
      join('Dates of a schedule missed', days(data.days, ink) && `· ${days(data.days, ink)}`),
    tone: 'bad',
  },
  'schedule.failed': why('Schedule failed', 'reason', 'bad'),
  'schedule.completed': fixed('Schedule completed', 'good'),
  'schedule.ended': fixed('Schedule ended'),
  'autopay.enabled': fixed('Autopay switched on', 'good'),
  'autopay.changed': fixed('Autopay changed'),
  'autopay.ended': {
    say: ({ why: reason }) =>
      join('Autopay switched off', text(reason) && `· ${ends[text(reason) ?? ''] ?? plainly(reason)}`),
    tone: 'bad',
  },
};
