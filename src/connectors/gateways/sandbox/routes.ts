import type { IncomingHttpHeaders } from 'node:http';
import type { Account, Accounts } from './accounts.ts';
import { type Gateway, getChargeByKey, getTotals, listCharges, postCharge } from './charge-routes.ts';
import { listDisputes, postEvidence } from './dispute-routes.ts';
import { type FieldsKind, type FieldsOptions, fieldsPage } from './fields-page.ts';
import { isPublishableKey, isSecretKey, publishableKeyOf } from './keys.ts';
import {
  deleteMethod,
  getAccount,
  getToken,
  postFaults,
  postMethod,
  postToken,
  putEndpoint,
} from './method-routes.ts';
import { listPayoutLines, listPayouts } from './payout-routes.ts';
import { getRefundByKey, listRefunds, postRefund, postVoid } from './refund-routes.ts';
import { type Call, type Reply, refusal } from './wire.ts';

export type Asked = { url: URL; headers: IncomingHttpHeaders; body: Record<string, unknown>; id: string };
export type Access = {
  accounts: Accounts;
  /** Moves the account's clock and answers what it shows. */
  passTime(account: Account, named_ms: number | undefined): number;
  /**
   * Whether an account with this publishable key exists; any well-formed key does, unless the host knows
   * better.
   */
  isKnown(publishableKey: string): Promise<boolean>;
};

export type Route = {
  method: string;
  path: RegExp;
  run(asked: Asked, access: Access): Reply | Promise<Reply>;
};

export type RouteOptions = {
  gateway: Gateway;
  tokenLife_ms: number;
  webhookHosts: readonly string[];
  fields: FieldsOptions;
  publicHost?: string;
};

const bearerOf = (asked: Asked): string =>
  /^Bearer (\S+)$/.exec(asked.headers.authorization ?? '')?.[1] ?? '';

/** `Owed-Clock`, the instant of the organization that asks; `malformed` when it is none. */
function namedInstant(headers: IncomingHttpHeaders): number | undefined | 'malformed' {
  const given = headers['owed-clock'];
  if (given === undefined) return undefined;
  const at_ms = typeof given === 'string' && /^\d{4}-\d\d-\d\dT/.test(given) ? Date.parse(given) : Number.NaN;
  return Number.isNaN(at_ms) ? 'malformed' : at_ms;
}

const noRoom = (): Reply =>
  refusal(429, 'rate_limited', 'This sandbox has too many accounts. Try again later.');

function withSecretKey(run: (call: Call) => Reply | Promise<Reply>): Route['run'] {
  return async (asked, access) => {
    const secretKey = bearerOf(asked);
    if (!isSecretKey(secretKey) || !(await access.isKnown(publishableKeyOf(secretKey)))) {
      return refusal(401, 'key_invalid', 'Send a sandbox secret key as Authorization: Bearer sk_sandbox_…');
    }
    const named_ms = namedInstant(asked.headers);
    if (named_ms === 'malformed') return refusal(400, 'clock_invalid', 'Owed-Clock is an ISO 8601 instant.');
    const account = access.accounts.room(publishableKeyOf(secretKey));
    if (!account) return noRoom();
    return run({ ...asked, account, secretKey, now_ms: access.passTime(account, named_ms) });
  };
}

/**
 * For the hosted fields alone: no other page's script may send card data here, not even with the right key.
 */
function withPublishableKey(publicHost: string | undefined, run: (call: Call) => Reply): Route['run'] {
  return async (asked, access) => {
    const { origin, host } = asked.headers;
    const from = origin === undefined ? undefined : URL.canParse(origin) ? new URL(origin).host : 'none';
    if (from !== undefined && from !== host && from !== publicHost) {
      return refusal(403, 'origin_refused', 'Tokens are made by the hosted fields only.');
    }
    const key = bearerOf(asked);
    if (!isPublishableKey(key) || !(await access.isKnown(key))) {
      return refusal(
        401,
        'key_invalid',
        'Send a sandbox publishable key as Authorization: Bearer pk_sandbox_…',
      );
    }
    const account = access.accounts.room(key);
    if (!account) return noRoom();
    return run({ ...asked, account, secretKey: '', now_ms: access.passTime(account, undefined) });
  };
}

const route = (method: string, path: RegExp, run: Route['run']): Route => ({ method, path, run });

const moneyBack = (gateway: Gateway): Route[] => [
  route(
    'POST',
    /^\/v1\/charges\/by-key\/([\w.-]{1,200})\/void$/,
    withSecretKey((call) => postVoid(gateway, call)),
  ),
  route(
    'POST',
    /^\/v1\/refunds$/,
    withSecretKey((call) => postRefund(gateway, call)),
  ),
  route('GET', /^\/v1\/refunds$/, withSecretKey(listRefunds)),
  route('GET', /^\/v1\/refunds\/by-key\/([\w.-]{1,200})$/, withSecretKey(getRefundByKey)),
  route('GET', /^\/v1\/disputes$/, withSecretKey(listDisputes)),
  route(
    'POST',
    /^\/v1\/disputes\/(dp_\w{1,60})\/evidence$/,
    withSecretKey((call) => postEvidence(gateway, call)),
  ),
];

export function newRoutes({
  gateway,
  tokenLife_ms,
  webhookHosts,
  fields,
  publicHost,
}: RouteOptions): readonly Route[] {
  const page =
    (kind: FieldsKind): Route['run'] =>
    ({ url }) =>
      fieldsPage(kind, url.searchParams, fields);
  const fontReply = (): Reply =>
    fields.font
      ? { status: 200, bytes: fields.font, headers: { 'cache-control': 'public, max-age=86400' } }
      : refusal(404, 'route_not_found', 'There is nothing at this address.');
  return [
    route('GET', /^\/health$/, () => ({ status: 200, json: { status: 'ok' } })),
    route('GET', /^\/fields\/card$/, page('card')),
    route('GET', /^\/fields\/bank-account$/, page('bank-account')),
    route('GET', /^\/fields\/font\.woff2$/, fontReply),
    route(
      'POST',
      /^\/v1\/tokens$/,
      withPublishableKey(publicHost, (call) => postToken(gateway, call, { tokenLife_ms })),
    ),
    route(
      'POST',
      /^\/v1\/charges$/,
      withSecretKey((call) => postCharge(gateway, call)),
    ),
    route('GET', /^\/v1\/charges$/, withSecretKey(listCharges)),
    route(
      'GET',
      /^\/v1\/charges\/by-key\/([\w.-]{1,200})$/,
      withSecretKey((call) => getChargeByKey(gateway, call)),
    ),
    route('GET', /^\/v1\/totals$/, withSecretKey(getTotals)),
    ...moneyBack(gateway),
    route('GET', /^\/v1\/payouts$/, withSecretKey(listPayouts)),
    route('GET', /^\/v1\/payouts\/(po_\w{1,60})\/lines$/, withSecretKey(listPayoutLines)),
    route('GET', /^\/v1\/account$/, withSecretKey(getAccount)),
    route(
      'GET',
      /^\/v1\/tokens\/([\w.-]{1,200})$/,
      withSecretKey((call) => getToken(gateway, call)),
    ),
    route(
      'POST',
      /^\/v1\/methods$/,
      withSecretKey((call) => postMethod(gateway, call)),
    ),
    route(
      'DELETE',
      /^\/v1\/methods\/([\w.-]{1,200})$/,
      withSecretKey((call) => deleteMethod(gateway, call)),
    ),
    route(
      'PUT',
      /^\/v1\/webhook-endpoint$/,
      withSecretKey((call) => putEndpoint(gateway, call, webhookHosts)),
    ),
    route('POST', /^\/v1\/faults$/, withSecretKey(postFaults)),
  ];
}
