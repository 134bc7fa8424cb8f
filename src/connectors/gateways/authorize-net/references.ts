import { type IdKind, idPrefixes, isId } from '#lib/ids.ts';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const carried_max = 20;
/** Seven characters of time are carried of nine: what is lost is which of these 398 days it was. */
const period_ms = 32 ** 7;

const decode = (text: string): number =>
  [...text].reduce((sum, char) => sum * 32 + alphabet.indexOf(char), 0);

/**
 * Our id as refId, invoice number or customer id, which hold 20 characters; ours have 26. What is cut off is
 * the prefix and the first two characters of time; seven of time, all of the sequence and all 53 random bits
 * stay. Two ids of one kind with the same end would have to be made a multiple of 398 days apart, to the
 * millisecond, and draw the same 53 bits.
 */
export const carried = (id: string): string => id.slice(-carried_max);

/**
 * The whole id again, from what was carried and an instant within half a year of its making. Undefined for a
 * number that somebody else gave: the organization may charge by other means through the same account.
 */
export function restoreId(kind: IdKind, text: string | undefined, near: Date): string | undefined {
  if (!text) return undefined;
  if (text.startsWith(`${idPrefixes[kind]}_`)) return text;
  if (text.length !== carried_max || [...text].some((char) => !alphabet.includes(char))) return undefined;
  const rest_ms = decode(text.slice(0, 7));
  const period = Math.round((near.getTime() - rest_ms) / period_ms);
  const start = `${alphabet.charAt(Math.floor(period / 32) % 32)}${alphabet.charAt(period % 32)}`;
  return `${idPrefixes[kind]}_${start}${text}`;
}

/** When an id was made: nothing about it is older. Undefined for what is no id of ours. */
export function madeAt(kind: IdKind, id: string): Date | undefined {
  return isId(kind, id) ? new Date(decode(id.slice(idPrefixes[kind].length + 1).slice(0, 9))) : undefined;
}
