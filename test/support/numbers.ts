import { testBankAccounts, testCards } from '#connectors/gateways/sandbox/test-numbers.ts';

/** Every card and bank account number that the tests type or send. */
const numbers = [
  ...testCards.map(({ number }) => number),
  ...testBankAccounts.map(({ accountNumber }) => accountNumber),
  '4111111111111111',
  '4012888888881881',
];

/** A number as it is typed: bare, in groups, or as the bytes of a column of bytes. */
const shapes = numbers.flatMap((number) => [
  number.split('').join('[ -]?'),
  Buffer.from(number).toString('hex'),
]);
const anyNumber = new RegExp(shapes.join('|'));
// Most texts have no run of digits that is long enough for any, which is quickly seen.
const longRun = /\d(?:[ -]?\d){11}/;
/** Whether one of them stands in a text. */
export const holdsNumber = (line: string): boolean => longRun.test(line) && anyNumber.test(line);
