import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type MessageKind, messageReaders } from '#features/correspondence/message-kind-rules.ts';
import { browser, closeBrowser } from '../support/browser.ts';
import { everyMail, type WrittenMail } from '../support/every-mail.ts';
import { colours, desk, type Look, look, phone, sizes, wcag } from '../support/page-audit.ts';

let mails: WrittenMail[];
before(async () => {
  mails = await everyMail();
});
after(closeBrowser);

test('every kind of message is here, as the product writes it', () => {
  const seen = new Set(mails.map(({ kind }) => kind));
  assert.deepEqual(
    Object.keys(messageReaders).filter((kind) => !seen.has(kind)),
    [],
  );
});

/** A value that was not there, a name of the code's, a plural of one, a stop too many. */
const oddities =
  /undefined|null|NaN|\[object|\{\{|\b[a-z]+_[a-z_]+\b|\b1 (day|installment|invoice|payment)s\b|[^.]\.\.(?!\.)|, ,/;

const elsewhere = String.raw`^(https://fern\.example|mailto:|tel:)`;
const ofStaff = new RegExp(String.raw`${elsewhere}|^https?://owed\.test/(console|stop-mails|i)/`);
const ofPayers = new RegExp(
  String.raw`${elsewhere}|^https?://owed\.test/(portal|[iespq])/|^https://owed\.test/console/`,
);

/** What mail programs do not show, or cut off, and what a reader would send back; a line each. */
function faultsOf({ kind, subject, html, text }: WrittenMail): string[] {
  const bytes = Buffer.byteLength(html);
  const body = html.slice(html.indexOf('<body'));
  const links = [...body.matchAll(/<a\s[^>]*href="([^"]*)"/g)].map(([, href = '']) => href);
  const isStaff = messageReaders[kind as MessageKind] === 'staff';
  const strange = links.filter((href) => !(isStaff ? ofStaff : ofPayers).test(href));
  // Words are styled where they stand: a program that drops the sheet of styles shows the same mail.
  const bare = [...body.matchAll(/<(?:td|(p|h1|a)(\s[^>]*)?)>(?=[^<\s])/g)].filter(
    ([, , attributes = '']) => !/style="/.test(attributes),
  );
  // Links, and what a gateway calls a payment, are no words.
  const words = `${subject}\n${text}`.replaceAll(/https?:\S+|^Reference: .*$/gm, '');
  const [odd] = oddities.exec(words) ?? [];
  return [
    ...(bytes > 100_000 ? [`weighs ${bytes} bytes`] : []),
    ...(/<(script|iframe|form|input|link|video|svg)\b/i.test(html)
      ? ['holds what mail programs take out']
      : []),
    ...(/(position|float|display):\s*(absolute|fixed|flex|grid|left|right)/.test(body)
      ? ['is laid out by more than tables']
      : []),
    ...strange.map((href) => `a link leads to ${href}`),
    ...bare.map(([tag]) => `without a style of its own: ${tag}`),
    ...(text.trim().length < 40 ? ['says hardly a word as plain text'] : []),
    ...(subject.length > 120 ? [`has a subject of ${subject.length} letters`] : []),
    ...(odd ? [`reads oddly: ${odd}`] : []),
  ].map((fault) => `${kind} (${subject}): ${fault}`);
}

test('every mail holds in the limits of mail programs, leads where it says, and reads as plain text too', () => {
  assert.deepEqual(mails.flatMap(faultsOf), []);
});

const looks: Look[] = [
  { scheme: 'light', size: desk, ask: { tags: wcag } },
  { scheme: 'dark', size: desk, ask: { rules: colours } },
  { scheme: 'light', size: phone, ask: { rules: sizes } },
  { scheme: 'dark', size: phone, ask: { rules: [...colours, ...sizes] } },
];

test('every mail reads well at a desk and on a phone, by day and by night', async () => {
  const page = await (await browser()).newPage();
  const found: string[] = [];
  for (const [kind, [mail]] of Map.groupBy(mails, (each) => each.kind)) {
    await page.setViewportSize(desk);
    await page.setContent(mail?.html ?? '');
    for (const each of looks)
      found.push(...(await look(page, `mail-${kind}`, each)).map((fault) => `${kind} ${fault}`));
  }
  assert.deepEqual(found, []);
});
