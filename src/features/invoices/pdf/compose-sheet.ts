import type { CalendarDate } from '#lib/dates.ts';
import { formatDate } from '#lib/dates.ts';
import type { Money } from '#lib/money.ts';
import { formatMoney } from '#lib/money.ts';
import { brandColors } from './brand-color.ts';
import type {
  AuthorizationDocument,
  InvoiceDocument,
  LetterDocument,
  Letterhead,
  ReceiptDocument,
  ReminderDocument,
} from './document.ts';
import { plainLines, plainText } from './plain-text.ts';

export type Column = { title: string; width: 'auto' | 'wide' | 'wider' | 'date'; numeric: boolean };
export type Cell = { text: string; strong?: boolean };
export type Sum = { label: string; amount: string; weight: 'plain' | 'rule' | 'strong' };

type Sheet = Pick<
  InvoiceDocument | ReceiptDocument | AuthorizationDocument | LetterDocument | ReminderDocument,
  'organization' | 'number' | 'paper' | 'locale' | 'footer'
>;

/** The writer of a document's figures: its locale, its minus sign. */
export function figures(sheet: { locale: string }): {
  money(value: Money): string;
  date(value: CalendarDate): string;
} {
  // A document has few dates and says them often; making a date format is what costs.
  const dates = new Map<CalendarDate, string>();
  return {
    money: (value) => minus(formatMoney(value.amount, value.currency, sheet.locale)),
    date: (value) => {
      const known = dates.get(value) ?? plainText(formatDate(value, sheet.locale));
      dates.set(value, known);
      return known;
    },
  };
}

/** A hyphen is half as wide as a digit and reads as a dash; figures carry the minus that is cut for them. */
export const minus = (figure: string): string => figure.replace('-', '−');

export const negated = (value: Money): Money => ({ amount: -value.amount, currency: value.currency });

const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** What the theme needs of either document. */
export function composeSheet(
  sheet: Pick<Sheet, 'organization' | 'number' | 'paper' | 'locale' | 'footer'>,
  heading: string,
): Record<string, unknown> {
  const organization = composeLetterhead(sheet.organization);
  const number = plainText(sheet.number);
  const [language = 'en', ...subtags] = sheet.locale.split('-');
  return {
    // The labels are English whatever the separators are; a screen reader has to know.
    region: language === 'en' ? (subtags.find((tag) => /^[A-Z]{2}$/.test(tag)) ?? null) : null,
    paper: sheet.paper === 'a4' ? 'a4' : 'us-letter',
    title: `${heading} ${number} from ${organization.name}`.replaceAll('\u200b', ''),
    heading,
    number,
    // Heads and feet of pages have one line each.
    running: { name: shortened(organization.name, 50), number: shortened(`${heading} ${number}`, 44) },
    watermark: false,
    organization,
    colors: brandColors(sheet.organization.color, sheet.organization.accent),
    footer: optional(sheet.footer),
    rightToLeft: false,
  };
}

/** Marks data in which a text runs from right to left: then, and only then, the theme looks at each text. */
export function withDirection<T extends Record<string, unknown>>(data: T): T {
  return { ...data, rightToLeft: rightToLeft.test(JSON.stringify(data)) };
}

function composeLetterhead(from: Letterhead): Record<string, unknown> & { name: string } {
  const name = plainText(from.name);
  const legalName = plainText(from.legalName ?? '');
  return {
    name,
    lines: [...(legalName && legalName !== name ? [legalName] : []), ...plainLines(from.addressLines)],
    contact: plainLines([from.email ?? '', from.phone ?? '', from.website ?? '', from.taxId ?? '']),
  };
}

export function addressee(
  label: string,
  to: { name: string; addressLines: string[] },
): Record<string, unknown> {
  return { label: plainText(label), name: plainText(to.name), lines: plainLines(to.addressLines) };
}

/** Text or null: a blank field leaves no trace on the page. */
export function optional(text: string | undefined): string | null {
  return plainText(text ?? '') || null;
}

export function shortened(text: string, most: number): string {
  const characters = [...text.replaceAll('\u200b', '')];
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`;
}

/** Label and value pairs, without those that have no value. */
export function facts(
  pairs: [label: string, value: string | undefined][],
): { label: string; value: string }[] {
  return pairs
    .map(([label, value]) => ({ label, value: plainText(value ?? '') }))
    .filter(({ value }) => value !== '');
}
