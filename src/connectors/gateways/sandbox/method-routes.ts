import { isIP } from 'node:net';
import { declineReason } from './charge-life.ts';
import type { Gateway } from './charge-routes.ts';
import { newToken, readOneTimeToken } from './charge-routes.ts';
import { readFaults } from './faults.ts';
import { webhookSecretOf } from './keys.ts';
import { readBankAccount, readCard } from './read-instrument.ts';
import { type Call, instrumentOnWire, isKey, type Reply, refusal } from './wire.ts';

const tokens_max = 100_000;

export type TokenPolicy = { tokenLife_ms: number };

/** POST /v1/tokens, called by the hosted fields. The numbers in the body go no further than this function. */
export function postToken(gateway: Gateway, call: Call, policy: TokenPolicy): Reply {
  const { account, body, now_ms } = call;
  const real_ms = gateway.real_ms();
  if (account.tokens.size >= tokens_max) {
    for (const [token, { used, expires_ms }] of account.tokens) {
      if (used || expires_ms <= real_ms) account.tokens.delete(token);
    }
    if (account.tokens.size >= tokens_max)
      return refusal(429, 'rate_limited', 'Too many cards at once. Wait a little.');
  }
  if (body.type !== 'card' && body.type !== 'bank_account') {
    return refusal(422, 'invalid', 'type is card or bank_account.', 'type');
  }
  const reading = body.type === 'card' ? readCard(body, now_ms) : readBankAccount(body);
  if ('error' in reading) return refusal(422, reading.error.code, reading.error.message, reading.error.field);
  const token = newToken('tok');
  const { instrument } = reading;
  gateway.commit({
    k: 'token',
    a: account.key,
    token,
    instrument,
    expires_ms: real_ms + policy.tokenLife_ms,
  });
  return { status: 200, json: { object: 'token', token, ...instrumentOnWire(instrument) } };
}

/** GET /v1/tokens/:token: what it stands for; it can be used afterwards as before. */
export function getToken(gateway: Gateway, { account, id }: Call): Reply {
  const { instrument } = readOneTimeToken(account, id, gateway.real_ms());
  if (!instrument) return refusal(404, 'token_unknown', 'Enter the details again.', 'token');
  return { status: 200, json: { object: 'token', token: id, ...instrumentOnWire(instrument) } };
}

/** POST /v1/methods */
export function postMethod(gateway: Gateway, call: Call): Reply {
  const { account, body, now_ms } = call;
  const methodId = call.headers['idempotency-key'];
  if (!isKey(methodId)) {
    return refusal(400, 'key_missing', 'Send your method id as Idempotency-Key.');
  }
  const known = account.methodsById.get(methodId);
  if (known) {
    return {
      status: 200,
      json: { object: 'method', token: known.token, ...instrumentOnWire(known.instrument) },
    };
  }
  if (typeof body.token !== 'string') return refusal(422, 'invalid', 'token is a one-time token.', 'token');
  const reading = readOneTimeToken(account, body.token, gateway.real_ms());
  const decline = reading.decline ?? (reading.instrument && declineReason(reading.instrument, false, now_ms));
  if (decline || !reading.instrument) {
    return refusal(
      422,
      decline?.code ?? 'token_unknown',
      decline?.message ?? 'Enter the details again.',
      'token',
    );
  }
  const { instrument } = reading;
  const token = newToken('sm');
  gateway.commit({ k: 'method', a: account.key, token, methodId, instrument, usedToken: body.token });
  return { status: 200, json: { object: 'method', token, ...instrumentOnWire(instrument) } };
}

/** DELETE /v1/methods/:token. Removing what is not there is no mistake: the wish is fulfilled. */
export function deleteMethod(gateway: Gateway, { account, id }: Call): Reply {
  const method = account.methods.get(id);
  if (method && !method.removed) gateway.commit({ k: 'removed', a: account.key, token: id });
  return { status: 200, json: { object: 'method', token: id, removed: true } };
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));

/**
 * PUT /v1/webhook-endpoint. Anyone may make up an account, so the gateway calls only this machine, or the
 * hosts that whoever started it has named: it must not become a way into somebody's network.
 */
export function putEndpoint(gateway: Gateway, call: Call, webhookHosts: readonly string[]): Reply {
  const given = typeof call.body.url === 'string' && call.body.url.length <= 500 ? call.body.url : '';
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    return refusal(422, 'url_invalid', 'url is an http or https address.', 'url');
  }
  if (!isLoopback(url.hostname) && !webhookHosts.includes(url.hostname)) {
    return refusal(
      422,
      'host_refused',
      'This sandbox calls only its own machine and the hosts it was told of.',
      'url',
    );
  }
  const webhookSecret = webhookSecretOf(call.secretKey);
  gateway.commit({ k: 'endpoint', a: call.account.key, url: url.href, webhookSecret });
  return { status: 200, json: { object: 'webhook_endpoint', url: url.href } };
}

/** GET /v1/account: whether a key works, and whose it is. */
export const getAccount = ({ account, now_ms }: Call): Reply => ({
  status: 200,
  json: { object: 'account', publishable_key: account.key, clock: new Date(now_ms).toISOString() },
});

/** POST /v1/faults. Faults are kept in memory only: a restarted gateway is a healthy one. */
export function postFaults({ account, body }: Call): Reply {
  const faults = readFaults(body);
  if (!faults)
    return refusal(422, 'invalid', 'faults is [{ fault, times?, retry_after_s?, slow_ms? }].', 'faults');
  account.faults = faults;
  return { status: 200, json: { object: 'faults', faults } };
}
