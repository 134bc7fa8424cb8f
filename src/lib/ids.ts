import { randomFillSync } from 'node:crypto';

/** Every kind of row that has an id of ours, and its prefix. */
export const idPrefixes = {
  organization: 'org',
  user: 'usr',
  role: 'rol',
  invitation: 'uin',
  portalUser: 'ptu',
  session: 'ses',
  emailChange: 'emc',
  passkey: 'psk',
  oidcProvider: 'oip',
  userIdentity: 'uid',
  apiKey: 'key',
  customer: 'cus',
  contact: 'con',
  customerMerge: 'mrg',
  file: 'fil',
  item: 'itm',
  taxRate: 'txr',
  invoiceTerms: 'ter',
  invoice: 'inv',
  invoiceLine: 'inl',
  creditMemo: 'crm',
  estimate: 'est',
  payment: 'pay',
  paymentApplication: 'app',
  paymentMethod: 'pmt',
  refund: 'ref',
  chargeback: 'chb',
  payout: 'pyt',
  deposit: 'dep',
  creditApplication: 'cra',
  webhook: 'whk',
  checkout: 'cho',
  gatewayAccount: 'gwa',
  journalEntry: 'jre',
  event: 'evt',
  message: 'msg',
  notice: 'ntc',
  mailArrival: 'mla',
  reply: 'rpl',
  ticket: 'tkt',
  ticketPost: 'tkp',
  ticketFile: 'tkf',
  importBatch: 'imp',
  authorization: 'aut',
  autopayRun: 'apr',
  schedule: 'sch',
  paymentPlan: 'pln',
  installment: 'ins',
  cardFeePolicy: 'cfp',
  cardRangeList: 'crl',
  methodLink: 'mtl',
  paymentLink: 'plk',
  dunningPolicy: 'dun',
  dunningStep: 'stp',
  reminder: 'rem',
  reminderDocument: 'rmd',
  reportMail: 'rpm',
  lateFee: 'lfe',
  lateFeeCeiling: 'lfc',
  promiseToPay: 'ptp',
  dispute: 'dsp',
  task: 'tsk',
  note: 'nte',
  settingChange: 'stc',
  download: 'dwn',
  bulkAction: 'blk',
  savedView: 'svw',
  dataExport: 'dex',
  listFile: 'lsf',
  textConsent: 'tcn',
  channelAccount: 'cha',
  agreement: 'agr',
  billingPlan: 'bpl',
  billingSubscription: 'bsu',
  token: 'tok',
  request: 'req',
} as const;

export type IdKind = keyof typeof idPrefixes;

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const letter = (bits: number): string => alphabet.charAt(bits & 31);
const pairs = Array.from({ length: 1024 }, (_, bits) => letter(bits >> 5) + letter(bits));
const pair = (bits: number): string => pairs[bits & 1023] as string;

const pool = Buffer.alloc(8 * 512);
let offset = pool.length;
let lastMs = 0;
let time = '';
let sequence = 0;

function setTime(ms: number): void {
  lastMs = ms;
  sequence = 0;
  time = '';
  for (let rest = ms; time.length < 9; rest = Math.floor(rest / 32)) time = letter(rest % 32) + time;
}

/**
 * A new id: prefix, 45 bits of milliseconds, 12 of sequence, 53 of randomness, in Crockford base 32.
 * Ids made by one process sort in the order they were made, so a page by id is a page by age.
 * An id is a name, never a secret: links that open anything carry a token of their own.
 */
export function newId(kind: IdKind): string {
  const ms = Date.now();
  if (ms > lastMs) setTime(ms);
  else if (sequence === 0xfff) setTime(lastMs + 1);
  else sequence += 1;
  if (offset === pool.length) {
    randomFillSync(pool);
    offset = 0;
  }
  const first = pool.readUInt32LE(offset);
  const second = pool.readUInt32LE(offset + 4);
  offset += 8;
  // The last two bits of the sequence share a pair with eight random ones; 45 more follow.
  const random =
    pair(first >>> 8) + pair(first >>> 18) + pair(second) + pair(second >>> 10) + letter(second >>> 20);
  return `${idPrefixes[kind]}_${time}${pair(sequence >> 2)}${pair(((sequence & 3) << 8) | (first & 255))}${random}`;
}

/** Before every id that is made at `ms` or later, and after all earlier ones. */
export function idFloor(kind: IdKind, ms: number): string {
  let text = '';
  for (let rest = Math.max(0, ms); text.length < 9; rest = Math.floor(rest / 32))
    text = letter(rest % 32) + text;
  return `${idPrefixes[kind]}_${text}0000000000000`;
}

export function isId(kind: IdKind, value: string): boolean {
  const prefix = `${idPrefixes[kind]}_`;
  return value.startsWith(prefix) && /^[0-9a-hjkmnp-tv-z]{22}$/.test(value.slice(prefix.length));
}
