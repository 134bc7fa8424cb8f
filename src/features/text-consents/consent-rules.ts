/** What a text message says to whoever keeps the list: end, begin again, or explain. */
export type Keyword = 'stop' | 'start' | 'help';

const stops = new Set([
  'stop',
  'stopall',
  'stop all',
  'unsubscribe',
  'cancel',
  'end',
  'quit',
  'revoke',
  'optout',
  'opt out',
]);
const starts = new Set(['start', 'yes', 'unstop']);
const helps = new Set(['help', 'info']);
/** People write sentences: "please stop texting me". A revocation holds by any reasonable means. */
const stopSentence =
  /^(please )?(stop|unsubscribe)( (all|me|it|this|these|now|please|texts?|texting|messages?|messaging|sending))+$/;

/** The keyword that a text is, however it is spelled; undefined when it is a message to a person. */
export function keywordOf(text: string): Keyword | undefined {
  const plain = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  if (stops.has(plain) || stopSentence.test(plain)) return 'stop';
  if (starts.has(plain)) return 'start';
  return helps.has(plain) ? 'help' : undefined;
}

export type ConsentWords = { text: string; version: string };

/** What a person agrees to before a text message is sent. A change of the words is a new version. */
export const consentWords = (organizationName: string, phone: string): ConsentWords => ({
  version: '2026-11',
  text: [
    `I agree that ${organizationName} may send text messages about my invoices and payments to ${phone},`,
    'also automatically. I need not agree in order to buy anything. How many come depends on my invoices.',
    'Message and data rates may apply. I can text STOP to end them and HELP for help.',
  ].join(' '),
});

export type Writer = { name: string; contact: string | undefined };

/** What the carrier's webhook is answered with. After STOP this is the last message. */
export function answerTo(keyword: Keyword, from: Writer): string {
  const name = from.name.slice(0, 60);
  if (keyword === 'stop')
    return `${name}: you will get no more text messages from us. Text START to get them again.`;
  if (keyword === 'start')
    return `${name}: you will get text messages about your invoices again. Text STOP to end them, HELP for help.`;
  const ask = from.contact ? ` Questions: ${from.contact}.` : '';
  return `${name}: text messages about your invoices.${ask} Message and data rates may apply. Text STOP to end them.`;
}

/** Whether a phone may be written to about a customer, by the last word of each. */
export function mayText(last: {
  byPhone: string | undefined;
  byCustomer: readonly string[];
}): true | 'stopped' | 'no_consent' {
  // STOP is taken back by the phone alone: a form filled in elsewhere does not speak for it.
  if (last.byPhone === 'stop') return 'stopped';
  return last.byCustomer.includes('given') || 'no_consent';
}
