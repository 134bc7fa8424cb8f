import { z } from 'zod';
import { isCalendarDate } from '#lib/dates.ts';
import type { RefusalCode } from '#lib/errors.ts';
import { type IdKind, idPrefixes } from '#lib/ids.ts';
import { isCurrency, maxAmount } from '#lib/money.ts';

/** What an API key may be allowed to do; a staff session has the scopes of its roles. */
export const scopes = [
  'overview:read',
  'customers:read',
  'customers:write',
  'invoices:read',
  'invoices:write',
  'payments:read',
  'payments:write',
  'messages:read',
  'imports:write',
  'settings:read',
  'settings:write',
  'clock:write',
  'events:read',
  'users:write',
] as const;
export type Scope = (typeof scopes)[number];

type Shape = z.ZodObject;

/** How many requests a process works on at once, of all and of one organization; the rest is told `busy`. */
export type AtOnce = { all: number; organization: number; busy: string };

/**
 * One endpoint, described once: the server mounts it, the console calls it, /openapi.json prints it.
 * Paths carry parameters as `{id}`. `scope` is the permission it needs, or
 * `signed_in` for anyone who is, or `public`.
 */
export type Endpoint<
  Params extends Shape = Shape,
  Query extends Shape = Shape,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: `/v1/${string}`;
  summary: string;
  scope: Scope | 'signed_in' | 'public';
  /** Opens the door as well; what is behind it then asks for the one that fits what it finds (`demand`). */
  orScope?: Scope;
  params: Params;
  query: Query;
  body: Body;
  reply: Reply;
  status: 200 | 201 | 202;
  errors: readonly RefusalCode[];
  /** What the reply is when it is a file and not JSON. */
  fileType?: string;
  /** Largest body in bytes; 1 MiB unless told. */
  bodyLimit?: number;
  /** For requests that last: each holds a database connection for as long as it takes. */
  atOnce?: AtOnce;
};

const nothing = z.object({});
type Nothing = typeof nothing;

type EndpointInput<P extends Shape, Q extends Shape, B extends z.ZodType, R extends z.ZodType> = Omit<
  Partial<Endpoint<P, Q, B, R>>,
  'method' | 'path' | 'summary' | 'scope' | 'reply'
> &
  Pick<Endpoint<P, Q, B, R>, 'method' | 'path' | 'summary' | 'scope' | 'reply'>;

export function endpoint<
  R extends z.ZodType,
  P extends Shape = Nothing,
  Q extends Shape = Nothing,
  B extends z.ZodType = z.ZodUndefined,
>(given: EndpointInput<P, Q, B, R>): Endpoint<P, Q, B, R>;
export function endpoint(given: EndpointInput<Shape, Shape, z.ZodType, z.ZodType>): Endpoint {
  return { params: nothing, query: nothing, body: z.undefined(), status: 200, errors: [], ...given };
}

/** Minor units: an integer in JSON, a bigint here. */
export const zMinor = z.codec(z.int().min(-Number(maxAmount)).max(Number(maxAmount)), z.bigint(), {
  decode: (value) => BigInt(value),
  encode: (value) => Number(value),
});
export const zPositiveMinor = z.codec(z.int().min(1).max(Number(maxAmount)), z.bigint(), {
  decode: (value) => BigInt(value),
  encode: (value) => Number(value),
});

export const zInstant = z.codec(z.iso.datetime({ offset: true }), z.date(), {
  decode: (text) => new Date(text),
  encode: (instant) => instant.toISOString(),
});

export const zDate = z
  .string()
  .refine(isCalendarDate, 'must be a date such as 2026-03-31')
  .meta({ format: 'date' });
export const zCurrency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be three capital letters such as USD')
  .refine(isCurrency, 'must be an ISO 4217 currency such as USD');
export const zEmail = z.string().trim().max(254).pipe(z.email('must be an e-mail address'));
/** The reply of an endpoint with a `fileType`. */
export const zFile = z.string().meta({ format: 'binary' });
export const zDecimal = z.string().regex(/^-?\d{1,12}(\.\d{1,8})?$/, 'must be a decimal such as 12.50');
export const zText = (max: number) => z.string().trim().min(1, 'must not be empty').max(max);
export const zId = (kind: IdKind) =>
  z
    .string()
    .regex(new RegExp(`^${idPrefixes[kind]}_[0-9a-z]{22}$`), `must be an id such as ${idPrefixes[kind]}_…`);

/** Lists page by cursor: the last id seen, in the order of the list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(25),
  starting_after: z.string().max(60).optional(),
};

export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ object: z.literal('list'), data: z.array(item), has_more: z.boolean() });
