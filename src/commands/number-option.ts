import { Refusal } from '#lib/errors.ts';

/** A whole number given on the command line, within its bounds. */
export function numberOption(
  name: string,
  text: unknown,
  bounds: { otherwise: number; most: number },
): number {
  if (text === undefined) return bounds.otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= bounds.most) return value;
  throw new Refusal('invalid_request', `--${name} ${text} is not a whole number from 0 to ${bounds.most}.`);
}
