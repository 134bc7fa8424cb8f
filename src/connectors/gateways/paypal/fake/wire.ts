import { randomBytes } from 'node:crypto';
import { toPaypalMoney } from '../paypal-money.ts';

/** What a route answers. `drop` closes the socket without a word, as a broken network does. */
export type Reply =
  | { status: number; json?: unknown; text?: string; headers?: Record<string, string> }
  | { drop: true };

export type Call = {
  method: string;
  url: URL;
  headers: Record<string, string | undefined>;
  raw: Buffer;
  /** The parsed JSON of the body; undefined where there was none. */
  body: unknown;
  /** The path's captured part. */
  id: string;
};

const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
/** As PayPal names things: 17 letters and digits, or 13 for accounts. */
export const newPaypalId = (length = 17): string =>
  Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join('');

export const instant = (at_ms: number): string => new Date(at_ms).toISOString().replace(/\.\d+Z$/, 'Z');
export const preciseInstant = (at_ms: number): string => new Date(at_ms).toISOString();

/** Always with the currency's decimals, and with a sign where money goes away. */
export const money = (amount: bigint, currency: string) => toPaypalMoney(amount, currency);

const names: Record<number, { name: string; message: string }> = {
  400: {
    name: 'INVALID_REQUEST',
    message: 'Request is not well-formed, syntactically incorrect, or violates schema.',
  },
  401: {
    name: 'AUTHENTICATION_FAILURE',
    message:
      'Authentication failed due to missing authorization header, or invalid authentication credentials.',
  },
  403: { name: 'NOT_AUTHORIZED', message: 'Authorization failed due to insufficient permissions.' },
  404: { name: 'RESOURCE_NOT_FOUND', message: 'The specified resource does not exist.' },
  422: {
    name: 'UNPROCESSABLE_ENTITY',
    message:
      'The requested action could not be performed, semantically incorrect, or failed business validation.',
  },
};

/** An error in the words of PayPal's second generation of interfaces. */
export function refusal(status: number, issue: string, description?: string, field?: string): Reply {
  const detail = { issue, ...(description && { description }), ...(field && { field, location: 'body' }) };
  return {
    status,
    json: { ...names[status], debug_id: newPaypalId(13).toLowerCase(), details: [detail], links: [] },
  };
}

export const notThere = (): Reply =>
  refusal(
    404,
    'INVALID_RESOURCE_ID',
    'Specified resource ID does not exist. Please check the resource ID and try again.',
  );

type Tree = { [key: string]: Tree | true };

/** The first key that PayPal's document does not have at this place. */
export function unknownKey(value: unknown, tree: Tree, at = ''): string | undefined {
  if (value === null || typeof value !== 'object') return at || '/';
  for (const [key, inner] of Object.entries(value)) {
    const known = tree[key];
    if (known === undefined) return `${at}/${key}`;
    const items: unknown[] = Array.isArray(inner) ? inner : [inner];
    const found =
      known === true ? undefined : items.map((each) => unknownKey(each, known, `${at}/${key}`)).find(Boolean);
    if (found) return found;
  }
  return undefined;
}

export const syntaxError = (field: string): Reply =>
  refusal(
    400,
    'INVALID_PARAMETER_SYNTAX',
    'The value of a field does not conform to the expected format.',
    field,
  );
