import { testBankAccounts, testCards } from '#connectors/gateways/sandbox/test-numbers.ts';

/** Every card and bank account number that the tests type or send. */
const numbers = [
  ...testCards.map(({ number }) => number),
  ...testBankAccounts.map(({ accountNumber }) => accountNumber),
  '4111111111111111',
  '4012888888881881',
];

/** A number as it is typed, bare or in groups; more digits around it make it another number. */
const typed = new RegExp(
  numbers.map((number) => `(?<!\\d)${number.split('').join('[ -]?')}(?!\\d)`).join('|'),
);
/** The same as the bytes of a column of bytes, whose own digits are no text. */
const asBytes = new RegExp(numbers.map((number) => Buffer.from(number).toString('hex')).join('|'));
const bytes = /\\\\x[0-9a-f]*/g;
// Most texts have no run of digits that is long enough for any, which is quickly seen.
const longRun = /\d(?:[ -]?\d){11}/;
/** Whether one of them stands in a text. */
export const holdsNumber = (line: string): boolean =>
  longRun.test(line) && (typed.test(line.replaceAll(bytes, '')) || asBytes.test(line));
