import { randomBytes } from 'node:crypto';
import type { Books } from './books.ts';
import { type Call, type Reply, refusal } from './wire.ts';

/** An app at the fake: who may ask, for what, and where its webhooks go. */
export type App = {
  clientId: string;
  clientSecret: string;
  webhookId: string;
  scopes: readonly string[];
  eventTypes: readonly string[];
};

const life_s = 32_400;

export type Tokens = { issued: Map<string, number>; made: number };
export const newTokens = (): Tokens => ({ issued: new Map(), made: 0 });

export function postToken(books: Books, tokens: Tokens, app: App, call: Call): Reply {
  const basic = /^Basic (\S+)$/.exec(call.headers.authorization ?? '')?.[1] ?? '';
  if (Buffer.from(basic, 'base64').toString() !== `${app.clientId}:${app.clientSecret}`)
    return {
      status: 401,
      json: { error: 'invalid_client', error_description: 'Client Authentication failed' },
    };
  const form = new URLSearchParams(call.raw.toString());
  const isForm = call.headers['content-type'] === 'application/x-www-form-urlencoded';
  if (!isForm || form.get('grant_type') !== 'client_credentials')
    return {
      status: 400,
      json: { error: 'unsupported_grant_type', error_description: 'Grant Type is NULL' },
    };
  const token = `A21${randomBytes(36).toString('base64url')}`;
  tokens.issued.set(token, books.now_ms + life_s * 1000);
  tokens.made += 1;
  return {
    status: 200,
    json: {
      scope: app.scopes.join(' '),
      access_token: token,
      token_type: 'Bearer',
      app_id: 'APP-80W284485P519543T',
      expires_in: life_s,
      nonce: new Date(books.now_ms).toISOString(),
    },
  };
}

/** Why a call may not be made; undefined when its token is good. */
export function refuseToken(books: Books, tokens: Tokens, call: Call): Reply | undefined {
  const token = /^Bearer (\S+)$/.exec(call.headers.authorization ?? '')?.[1] ?? '';
  if ((tokens.issued.get(token) ?? 0) > books.now_ms) return undefined;
  if (call.url.pathname.startsWith('/v1/'))
    return {
      status: 401,
      json: { error: 'invalid_token', error_description: 'The token passed in was not found in the system' },
    };
  return { status: 401, json: { ...refusalBody(), details: [] } };
}

const refusalBody = (): object => {
  const reply = refusal(401, 'INVALID_TOKEN');
  return 'json' in reply && reply.json !== null && typeof reply.json === 'object' ? reply.json : {};
};

/** Why the app may not do this kind of thing; undefined when it may. */
export function refuseScope(app: App, pathname: string): Reply | undefined {
  const needed: [prefix: string, scope: string][] = [
    ['/v1/reporting/', 'https://uri.paypal.com/services/reporting/search/read'],
    ['/v1/customer/disputes', 'https://uri.paypal.com/services/disputes/read-seller'],
  ];
  const lacking = needed.some(
    ([prefix, scope]) => pathname.startsWith(prefix) && !app.scopes.includes(scope),
  );
  return lacking
    ? refusal(
        403,
        'PERMISSION_DENIED',
        'You do not have permission to access or perform operations on this resource.',
      )
    : undefined;
}

export function getWebhook(app: App, endpoint: string | undefined, call: Call): Reply {
  if (call.id !== app.webhookId)
    return {
      status: 404,
      json: { name: 'INVALID_RESOURCE_ID', message: 'Resource id is invalid.', debug_id: '5f2a6b1c9d3e4' },
    };
  return {
    status: 200,
    json: {
      id: app.webhookId,
      url: endpoint ?? 'https://example.com/webhooks/paypal',
      event_types: app.eventTypes.map((name) => ({ name })),
      links: [],
    },
  };
}
