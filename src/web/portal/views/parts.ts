import type { CalendarDate } from '#lib/dates.ts';
import { daysBetween, formatDate } from '#lib/dates.ts';
import { formatMoney, toTyped } from '#lib/money.ts';
import type { Content, Html } from '#ui/html.ts';
import { attributes, html } from '#ui/html.ts';
import { icons } from '#web/portal/views/icons.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

export type Tone = 'plain' | 'good' | 'warn' | 'bad';

/** Writes amounts and dates as the organization of the page does. */
export type Writer = {
  /** An amount as plain text, for attributes and sentences. */
  amount(amount: bigint, currency: string): string;
  /** An amount of money: its figures line up below each other and never break over two lines. */
  money(amount: bigint, currency: string): Html;
  /** An amount for a field that is typed into. */
  typed(amount: bigint, currency: string): string;
  date(date: CalendarDate): string;
  day(date: CalendarDate): Html;
  /** `Due in 5 days`, `Due today`, `12 days past due`: the words a person would use. */
  due(dueOn: CalendarDate, today: CalendarDate): string;
};

export function writerOf({ organization: { locale } }: PortalShell): Writer {
  const amount: Writer['amount'] = (value, currency) => formatMoney(value, currency, locale);
  const date: Writer['date'] = (value) => formatDate(value, locale);
  return {
    amount,
    date,
    money: (value, currency) => html`<span class="num">${amount(value, currency)}</span>`,
    typed: (value, currency) => toTyped(value, currency, locale),
    day: (value) => html`<time datetime="${value}">${date(value)}</time>`,
    due: (dueOn, today) => dueWords(dueOn, today) ?? `Due ${date(dueOn)}`,
  };
}

export const badge = (tone: Tone, words: Content): Html => html`<span class="badge ${tone}">${words}</span>`;

const days = (count: number): string => (count === 1 ? '1 day' : `${count} days`);

export const isPastDue = (dueOn: CalendarDate, today: CalendarDate): boolean => daysBetween(dueOn, today) > 0;

/** In days as long as the day is near. */
function dueWords(dueOn: CalendarDate, today: CalendarDate): string | undefined {
  const left = daysBetween(today, dueOn);
  if (left < 0) return `${days(-left)} past due`;
  if (left === 0) return 'Due today';
  if (left === 1) return 'Due tomorrow';
  return left <= 14 ? `Due in ${days(left)}` : undefined;
}

export type Fact = [label: Content, value: Content];

/** Labels and values, for receipts and confirmations. */
export const facts = (rows: readonly (Fact | undefined | false)[]): Html =>
  html`<dl class="facts">${rows.map(
    (row) => row && html`<div><dt>${row[0]}</dt><dd>${row[1]}</dd></div>`,
  )}</dl>`;

export type Notice = { tone: Tone; title?: string; body: Content };

export const notice = (each: Notice): Html =>
  html`<div class="notice ${each.tone}" ${attributes({
    role: each.tone === 'bad' ? 'alert' : undefined,
  })}>${each.tone === 'good' ? icons.check : icons.alert}<div>${
    each.title && html`<strong>${each.title}</strong> `
  }${each.body}</div></div>`;

export type Variant = 'primary' | 'quiet' | 'danger';

export const linkButton = (url: string, words: Content, variant: Variant = 'primary'): Html =>
  html`<a class="button ${variant}" href="${url}">${words}</a>`;

/** The head of a page: where we are, and one sentence where it helps. */
export const pageHead = (title: Content, lead?: Content, before?: Content): Html =>
  html`<header class="head">${before}<h1>${title}</h1>${lead && html`<p class="lead">${lead}</p>`}</header>`;

export const backLink = (url: string, words: string): Html =>
  html`<a class="back" href="${url}">${icons.back}${words}</a>`;

/** How a stored method is recognised: `Visa ending in 4242`. */
export type MethodFace = {
  kind: 'card' | 'bank_account';
  brand: string;
  last4: string;
  expiry?: { year: number; month: number };
};

const cardNames: Record<string, string> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  amex: 'American Express',
  discover: 'Discover',
  diners: 'Diners Club',
  jcb: 'JCB',
  unionpay: 'UnionPay',
};

export const methodName = (method: MethodFace): string =>
  `${cardNames[method.brand.toLowerCase()] ?? method.brand} ending in ${method.last4}`;

export const expiryWords = (expiry: { year: number; month: number }): string =>
  `${String(expiry.month).padStart(2, '0')}/${String(expiry.year % 100).padStart(2, '0')}`;

export const methodIcon = (kind: MethodFace['kind']): Html => (kind === 'card' ? icons.card : icons.bank);
