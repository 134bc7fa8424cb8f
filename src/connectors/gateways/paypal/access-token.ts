import { z } from 'zod';
import { type HttpClient, type HttpResult, httpClient } from '../../http-client.ts';

const answerShape = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  scope: z.string().default(''),
  app_id: z.string().default(''),
});

export type AccessToken = { value: string; scope: string; appId: string; expires_ms: number };
export type TokenAnswer = { ok: true; token: AccessToken } | { ok: false; result: HttpResult };

/**
 * Where an opened gateway keeps its access token: the connector itself has no memory, so whoever opens it
 * hands one in. Many calls that need a new token at the same moment ask for one together.
 */
export type TokenCache = { kept: AccessToken | undefined; asking: Promise<TokenAnswer> | undefined };
export const newTokenCache = (): TokenCache => ({ kept: undefined, asking: undefined });

export type AppCredentials = { url: string; clientId: string; clientSecret: string; timeout_ms: number };

/** Asked for again a minute before PayPal says it ends, so that none ends on its way. */
const margin_ms = 60_000;

export async function accessToken(cache: TokenCache, app: AppCredentials): Promise<TokenAnswer> {
  if (cache.kept && performance.now() < cache.kept.expires_ms) return { ok: true, token: cache.kept };
  cache.asking ??= askForToken(app).finally(() => {
    cache.asking = undefined;
  });
  const answer = await cache.asking;
  if (answer.ok) cache.kept = answer.token;
  return answer;
}

/** For a token that PayPal refused; one that came in its place meanwhile stays. */
export function dropToken(cache: TokenCache, refused: AccessToken): void {
  if (cache.kept?.value === refused.value) cache.kept = undefined;
}

async function askForToken(app: AppCredentials): Promise<TokenAnswer> {
  const basic = Buffer.from(`${app.clientId}:${app.clientSecret}`).toString('base64');
  const client: HttpClient = httpClient({
    url: app.url,
    headers: { authorization: `Basic ${basic}` },
    secrets: [app.clientSecret, basic],
    timeout_ms: app.timeout_ms,
  });
  const result = await client.send({
    method: 'POST',
    path: '/v1/oauth2/token',
    content: 'grant_type=client_credentials',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    changesNothing: true,
  });
  if (result.kind !== 'answered' || result.status !== 200) return { ok: false, result };
  const read = answerShape.safeParse(jsonOf(result.text));
  if (!read.success) return { ok: false, result };
  const { access_token: value, expires_in, scope, app_id: appId } = read.data;
  return {
    ok: true,
    token: { value, scope, appId, expires_ms: performance.now() + expires_in * 1000 - margin_ms },
  };
}

/** Undefined for text that is no JSON: some proxy's page. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
