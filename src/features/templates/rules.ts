import {
  type Channel,
  type MessageType,
  messageCells,
  messageTypes,
} from '#features/correspondence/channel-rules.ts';

/**
 * What has words of the organization: each type that goes out by itself, and the mail that a person sends.
 */
export const templateTypes = [...messageTypes, 'invoice'] as const;
export type TemplateType = (typeof templateTypes)[number];

/** In which channels a type has words: an invoice sent by hand is a mail. */
export const channelsOfTemplate = (type: TemplateType): Channel[] =>
  type === 'invoice'
    ? ['email']
    : (['email', 'sms', 'paper'] as const).filter((channel) => messageCells.includes(`${type}.${channel}`));

export const isAboutOne = (type: TemplateType): type is Exclude<MessageType, 'statement'> | 'invoice' =>
  type !== 'statement';

export type Advice = { field: 'subject' | 'body'; words: string };

/** Words that filters for unwanted mail weigh against a mail, and that no invoice needs. */
const promotional = [
  'act now',
  'amazing',
  'apply now',
  'bargain',
  'bonus',
  'buy now',
  'call now',
  'cash',
  'cheap',
  'click here',
  'congratulations',
  'discount',
  'don’t delete',
  'exclusive',
  'free',
  'guarantee',
  'hurry',
  'incredible',
  'last chance',
  'limited time',
  'offer expires',
  'risk-free',
  'special promotion',
  'urgent',
  'while supplies last',
  'winner',
];
const promotionalPattern = new RegExp(
  `(?<![\\p{L}\\p{N}-])(${promotional.join('|').replaceAll('’', "['’]")})(?![\\p{L}\\p{N}-])`,
  'giu',
);
const longestSubject = 70;
const tag = /\{\{[^{}]*\}\}/g;

/** Advice, not a refusal: how to keep a message out of the spam folder and easy to recognize. */
export function adviseTemplate(
  type: TemplateType,
  channel: Channel,
  words: { subject: string; body: string },
): Advice[] {
  const { subject, body } = words;
  const found: Advice[] = [];
  const say = (field: Advice['field'], text: string) => found.push({ field, words: text });
  if (channel !== 'sms') adviseSubject(type, subject, (text) => say('subject', text));
  for (const field of channel === 'sms' ? (['body'] as const) : (['subject', 'body'] as const))
    adviseStyle(words[field], (text) => say(field, text));
  if (channel === 'email' && /https?:\/\//i.test(body))
    say(
      'body',
      'Leave out addresses of your own: the button leads to the invoice, and other links raise doubt.',
    );
  if (channel === 'sms') adviseText(body, (text) => say('body', text));
  return found;
}

function adviseSubject(type: TemplateType, subject: string, say: (words: string) => void): void {
  const plain = subject.replace(tag, '').trim();
  if (subject.trim() === '') say('Give it a subject: a mail without one is taken for spam.');
  else if (isAboutOne(type) && !/\{\{\s*invoice\.number\s*\}\}/.test(subject))
    say('Name the invoice with {{invoice.number}}, so that the reader finds it.');
  if (plain.length > longestSubject) say(`Keep it below ${longestSubject} letters: phones cut the rest off.`);
}

function adviseStyle(text: string, say: (words: string) => void): void {
  const plain = text.replace(tag, ' ');
  const capitals = plain.match(/(?<!\p{L})\p{Lu}{4,}(?:[\s,.!-]+\p{Lu}{2,})+(?!\p{L})/u)?.[0]?.trim();
  const letters = plain.match(/\p{L}/gu) ?? [];
  const isLoud =
    letters.length >= 6 && letters.filter((letter) => /\p{Lu}/u.test(letter)).length > letters.length * 0.6;
  if (capitals || isLoud)
    say(`Write${capitals ? ` “${capitals}”` : ''} in small letters: capitals read as shouting.`);
  if (/[!?]\s*!|(![^!]*){2,}/.test(plain))
    say('One exclamation mark at most: a run of them is a mark of spam.');
  const words = [...new Set((plain.match(promotionalPattern) ?? []).map((each) => each.toLowerCase()))];
  if (words.length > 0)
    say(
      `Leave out ${words.map((each) => `“${each}”`).join(', ')}: words of advertising lead to the spam folder.`,
    );
}

const plainText = /^[\n\r !-~£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà€]*$/;

function adviseText(body: string, say: (words: string) => void): void {
  if (!/\{\{\s*portal\.link\s*\}\}/.test(body)) say('Add {{portal.link}}: a text message has no button.');
  if (!/\{\{\s*organization\.name\s*\}\}/.test(body)) say('Say who writes with {{organization.name}}.');
  // Fields grow when they are filled in; a link takes some 60 letters.
  const length = body
    .replace(/\{\{\s*portal\.link\s*\}\}/g, '.'.repeat(60))
    .replace(tag, '.'.repeat(12)).length;
  const most = plainText.test(body.replace(tag, '')) ? 160 : 70;
  if (length > most)
    say(`With its fields filled in it is some ${length} letters and goes out as several parts.`);
}
