const secretName =
  /secret|password|^(card_?)?number$|account_?number|routing_?number|cvc|cvv|card_?code|iban/i;
const blank = '[blanked]';

/** Digits that pass the check sum of a card number. */
function isCardNumber(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Blanks every run of 13 to 19 digits, spaced or dashed or not, that can be a card number. */
export const blankCardNumbers = (text: string): string =>
  text.replace(/(?<![\d.])\d(?:[ -]?\d){12,18}(?!\d)/g, (run) =>
    isCardNumber(run.replace(/\D/g, '')) ? blank : run,
  );

function scrub(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((each) => scrub(each, name));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, scrub(each, key)]));
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  // Masked numbers such as XXXX1111 tell no more than the last four.
  if (secretName.test(name) && !/^[X*•]+\d{0,4}$/.test(String(value))) return blank;
  return typeof value === 'string' ? blankCardNumbers(value) : value;
}

/** A webhook's body as it may be kept: secrets by their name and card numbers by their look are blanked. */
export function scrubWebhook(raw: string): string {
  let body: unknown;
  try {
    body = JSON.parse(raw);
  } catch {
    // Not JSON: kept as text, and judged as text.
    return blankCardNumbers(raw);
  }
  return JSON.stringify(scrub(body, ''));
}
