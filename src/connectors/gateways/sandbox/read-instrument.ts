import { type Behaviour, testBankAccounts, testBanks, testCards } from './test-numbers.ts';

/** All that is kept of a card or bank account. There is no field in which a number could be kept. */
export type Instrument = {
  kind: 'card' | 'bank_account';
  brand: string;
  last4: string;
  expiry?: { year: number; month: number };
  funding?: 'credit' | 'debit' | 'prepaid';
  behaviour: Behaviour;
};

export type FieldError = { code: string; field: string; message: string };
export type InstrumentReading = { instrument: Instrument } | { error: FieldError };

const refuse = (code: string, field: string, message: string): InstrumentReading => ({
  error: { code, field, message },
});

/** ISO/IEC 7812: from the right, every second digit counts double. */
export function passesLuhn(number: string): boolean {
  let total = 0;
  for (let place = 0; place < number.length; place += 1) {
    const digit = Number(number.charAt(number.length - 1 - place));
    const counted = place % 2 === 1 ? digit * 2 : digit;
    total += counted > 9 ? counted - 9 : counted;
  }
  return number.length > 0 && total % 10 === 0;
}

/** The check digit of an ABA routing number: weights 3, 7, 1. */
export function isRoutingNumber(text: string): boolean {
  if (!/^\d{9}$/.test(text) || text === '000000000') return false;
  const total = [...text].reduce((sum, digit, index) => sum + Number(digit) * ([3, 7, 1][index % 3] ?? 0), 0);
  return total % 10 === 0;
}

/** `4/29`, `04 / 2029`, `0429`. Two-digit years are of this century. */
export function readExpiry(text: string): { year: number; month: number } | undefined {
  const match = /^(\d{1,2})\s*[/-]\s*(\d{2}|20\d{2})$|^(\d{2})(\d{2})$/.exec(text.trim());
  const month = Number(match?.[1] ?? match?.[3]);
  const year = Number(match?.[2] ?? match?.[4]);
  if (!match || month < 1 || month > 12) return undefined;
  return { month, year: year < 100 ? 2000 + year : year };
}

/** A card works to the end of the last day of its month, in the westernmost time zone to be fair. */
export const isExpired = (expiry: { year: number; month: number }, now_ms: number): boolean =>
  now_ms >= Date.UTC(expiry.year, expiry.month, 1, 12);

const compact = (value: unknown): string => (typeof value === 'string' ? value.replace(/[\s-]/g, '') : '');
const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 40) : '');

export function readCard(input: Record<string, unknown>, now_ms: number): InstrumentReading {
  const number = compact(input.number);
  if (number === '') return refuse('number_missing', 'number', 'Enter the card number.');
  if (!/^\d{12,19}$/.test(number) || !passesLuhn(number)) {
    return refuse('number_invalid', 'number', 'This card number is not valid. Check its digits.');
  }
  const card = testCards.find((each) => each.number === number);
  if (!card) {
    return refuse(
      'not_a_test_number',
      'number',
      'This is a sandbox: use a test card, such as 4242 4242 4242 4242.',
    );
  }
  if (text(input.expiry).trim() === '') return refuse('expiry_missing', 'expiry', 'Enter the expiry date.');
  const expiry = readExpiry(text(input.expiry));
  if (!expiry)
    return refuse('expiry_invalid', 'expiry', 'Enter the expiry as month and year, such as 04 / 29.');
  if (isExpired(expiry, now_ms))
    return refuse('expiry_past', 'expiry', 'This card has expired. Use another one.');
  if (expiry.year > new Date(now_ms).getUTCFullYear() + 30) {
    return refuse('expiry_invalid', 'expiry', 'This year is too far ahead. Check the expiry date.');
  }
  const cvcDigits = card.brand === 'amex' ? 4 : 3;
  if (!new RegExp(`^\\d{${cvcDigits}}$`).test(compact(input.cvc))) {
    return refuse('cvc_invalid', 'cvc', `Enter the ${cvcDigits}-digit security code.`);
  }
  const { brand, funding, behaviour } = card;
  return { instrument: { kind: 'card', brand, last4: number.slice(-4), expiry, funding, behaviour } };
}

export function readBankAccount(input: Record<string, unknown>): InstrumentReading {
  const routing = compact(input.routing_number);
  const number = compact(input.account_number);
  if (routing === '') return refuse('routing_missing', 'routing_number', 'Enter the routing number.');
  if (!isRoutingNumber(routing)) {
    return refuse(
      'routing_invalid',
      'routing_number',
      'This routing number is not valid. Check its nine digits.',
    );
  }
  if (number === '') return refuse('account_missing', 'account_number', 'Enter the account number.');
  if (!/^\d{4,17}$/.test(number)) {
    return refuse('account_invalid', 'account_number', 'An account number has 4 to 17 digits.');
  }
  const bank = testBanks.find((each) => each.routingNumber === routing);
  if (!bank) {
    return refuse(
      'not_a_test_number',
      'routing_number',
      'This is a sandbox: use the routing number 110000000.',
    );
  }
  const account = testBankAccounts.find((each) => each.accountNumber === number);
  if (!account) {
    return refuse(
      'not_a_test_number',
      'account_number',
      'This is a sandbox: use a test account, such as 000123456789.',
    );
  }
  const { behaviour } = account;
  return { instrument: { kind: 'bank_account', brand: bank.name, last4: number.slice(-4), behaviour } };
}
