import { randomFillSync } from 'node:crypto';

/** Every kind of row that has an id of ours, and its prefix. */
export const idPrefixes = {
  organization: 'org',
  user: 'usr',
  portalUser: 'ptu',
  session: 'ses',
  apiKey: 'key',
  customer: 'cus',
  contact: 'con',
  item: 'itm',
  invoice: 'inv',
  invoiceLine: 'inl',
  creditMemo: 'crm',
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
  importBatch: 'imp',
  authorization: 'aut',
  agreement: 'agr',
  token: 'tok',
  request: 'req',
} as const;

export type IdKind = keyof typeof idPrefixes;

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const pool = Buffer.alloc(10 * 512);
let offset = pool.length;
let lastMs = 0;
let sequence = 0;

/**
 * A new id: prefix, 45 bits of milliseconds, 12 of sequence, 53 of randomness, in Crockford base 32.
 * Ids made by one process sort in the order they were made, so a page by id is a page by age.
 * An id is a name, never a secret: links that open anything carry a token of their own.
 */
export function newId(kind: IdKind): string {
  if (offset + 10 > pool.length) {
    randomFillSync(pool);
    offset = 0;
  }
  const ms = Date.now();
  if (ms > lastMs) {
    lastMs = ms;
    sequence = 0;
  } else {
    sequence += 1;
    if (sequence > 0xfff) {
      lastMs += 1;
      sequence = 0;
    }
  }
  let text = '';
  let time = lastMs;
  for (let i = 0; i < 9; i += 1) {
    text = alphabet.charAt(time % 32) + text;
    time = Math.floor(time / 32);
  }
  text += alphabet.charAt(sequence >> 7) + alphabet.charAt((sequence >> 2) & 31);
  text += alphabet.charAt(((sequence & 3) << 3) | ((pool[offset] ?? 0) & 7));
  for (let i = 1; i < 10; i += 1) text += alphabet.charAt((pool[offset + i] ?? 0) & 31);
  text += alphabet.charAt((pool[offset] ?? 0) >> 3);
  offset += 10;
  return `${idPrefixes[kind]}_${text}`;
}

export function isId(kind: IdKind, value: string): boolean {
  const prefix = `${idPrefixes[kind]}_`;
  return value.startsWith(prefix) && /^[0-9a-hjkmnp-tv-z]{22}$/.test(value.slice(prefix.length));
}
