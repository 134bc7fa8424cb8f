import * as openid from 'openid-client';
import { refusePrivateHost } from '#features/oidc/public-host.ts';
import type { Claims } from '#features/oidc/rules.ts';
import { must, Refusal } from '#lib/errors.ts';

/** Where a provider is and how it knows us. */
export type ProviderKeys = {
  issuer: string;
  clientId: string;
  clientSecret: string | undefined;
  /** Of an organization that is only hosted here: it may not make us look around in our own network. */
  publicOnly: boolean;
};
export type Secret = { state: string; nonce: string; codeVerifier: string };

/** The port behind which OpenID providers are asked. None of these runs inside a transaction. */
export type IdentityProvider = {
  /** Where the browser goes to sign in. */
  begin(keys: ProviderKeys, secret: Secret, redirectUri: string): Promise<URL>;
  /** What the browser brought back, exchanged for who it is; every check of OpenID Connect Core 3.1.3.7. */
  finish(keys: ProviderKeys, secret: Secret, cameBack: URL): Promise<Claims>;
  /** Try what can be tried without a person: the address, what it offers, and whether it knows our client. */
  check(keys: ProviderKeys, redirectUri: string): Promise<void>;
};

export const newSecret = (): Secret => ({
  state: openid.randomState(),
  nonce: openid.randomNonce(),
  codeVerifier: openid.randomPKCECodeVerifier(),
});

const timeout_s = 10;

export function openIdConnect(options: { privateHosts?: boolean } = {}): IdentityProvider {
  const configure = async ({ publicOnly, ...keys }: ProviderKeys): Promise<openid.Configuration> => {
    const issuer = new URL(keys.issuer);
    const guarded = publicOnly && !options.privateHosts;
    // Read anew each time: keys that a provider has changed a minute ago are known, and nothing grows old.
    const config = await openid.discovery(
      issuer,
      keys.clientId,
      undefined,
      keys.clientSecret ? openid.ClientSecretPost(keys.clientSecret) : openid.None(),
      {
        timeout: timeout_s,
        ...(guarded
          ? {
              [openid.customFetch]: async (url: string, init: openid.CustomFetchOptions) => {
                await refusePrivateHost(url);
                return fetch(url, init as RequestInit);
              },
            }
          : {}),
        execute: issuer.protocol === 'http:' ? [openid.allowInsecureRequests] : [],
      },
    );
    // Without it a token that comes over TLS is believed unsigned.
    openid.enableNonRepudiationChecks(config);
    return config;
  };
  return {
    begin: async (keys, { state, nonce, codeVerifier }, redirectUri) =>
      openid.buildAuthorizationUrl(await configure(keys), {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        state,
        nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      }),
    finish: async (keys, { state, nonce, codeVerifier }, cameBack) => {
      const config = await configure(keys);
      const tokens = await openid.authorizationCodeGrant(config, cameBack, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      });
      const claims = must(tokens.claims(), 'an ID token');
      return claimsOf(claims, await moreOf(config, tokens.access_token, claims));
    },
    check: async (keys, redirectUri) => {
      const config = await configure(keys).catch((error: unknown) => {
        throw unusable('issuer', discoveryWords(error));
      });
      refuseUnfit(config.serverMetadata());
      await tryClient(config, redirectUri);
    },
  };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Some providers tell the address only where its owner is asked about, and of the same subject. */
async function moreOf(
  config: openid.Configuration,
  accessToken: string,
  claims: openid.IDToken,
): Promise<openid.UserInfoResponse | undefined> {
  if (claims.email || !config.serverMetadata().userinfo_endpoint) return undefined;
  return openid.fetchUserInfo(config, accessToken, claims.sub);
}

function claimsOf(claims: openid.IDToken, more: openid.UserInfoResponse | undefined): Claims {
  const said = more ?? claims;
  const email = text(said.email).trim();
  const [first = '', ...rest] = text(said.name).trim().split(/\s+/);
  return {
    subject: claims.sub,
    email: /^[^\s@]+@[^\s@]+$/.test(email) && email.length <= 254 ? email : undefined,
    // Some send it as text.
    emailVerified: said.email_verified === true || String(said.email_verified) === 'true',
    firstName: (text(said.given_name) || first).slice(0, 100),
    lastName: (text(said.family_name) || rest.join(' ')).slice(0, 100),
  };
}

const nouns = { issuer: 'The issuer', client_id: 'The client id', client_secret: 'The client secret' };

function unusable(param: keyof typeof nouns, says: string): Refusal {
  const message = `${nouns[param]} ${says}`;
  return new Refusal('invalid_request', { message, param, fields: { [param]: message } });
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

function discoveryWords(error: unknown): string {
  // What our own fetch refuses comes back wrapped.
  if (error instanceof Error && error.cause instanceof Refusal) return error.cause.message;
  switch (codeOf(error)) {
    case 'OAUTH_TIMEOUT':
      return `did not answer within ${timeout_s} seconds. Check the address, and that this server may reach it.`;
    case 'OAUTH_RESPONSE_IS_NOT_CONFORM':
      return 'answers, but has no OpenID configuration there. Give the address that stands before /.well-known/openid-configuration.';
    case 'OAUTH_RESPONSE_IS_NOT_JSON':
    case 'OAUTH_PARSE_ERROR':
    case 'OAUTH_INVALID_RESPONSE':
      return 'answers with a page that is no OpenID configuration. Check the address.';
    case 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED':
      return 'calls itself by another address. Copy the issuer exactly as your provider writes it, slash at the end included.';
    default:
      return 'could not be reached. Check the address, and that its certificate is valid.';
  }
}

function refuseUnfit(server: openid.ServerMetadata): void {
  const missing = (['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const).find(
    (name) => !server[name],
  );
  if (missing) throw unusable('issuer', `names no ${missing}, so nobody can sign in through it.`);
  const { response_types_supported: types, scopes_supported: offered } = server;
  if (types && !types.includes('code'))
    throw unusable('issuer', 'does not offer the authorization code flow.');
  if (offered && !offered.includes('email'))
    throw unusable('issuer', 'does not offer the scope email, so Owed cannot know who signs in.');
}

/** A made-up code is refused by all; how it is refused says whether the client is known. */
async function tryClient(config: openid.Configuration, redirectUri: string): Promise<void> {
  try {
    await openid.genericGrantRequest(config, 'authorization_code', {
      code: 'connection-test',
      redirect_uri: redirectUri,
      code_verifier: openid.randomPKCECodeVerifier(),
    });
  } catch (error) {
    const said = error instanceof openid.ResponseBodyError ? error.error : '';
    if (said === 'invalid_grant' || said === 'invalid_request') return;
    if (
      said === 'invalid_client' ||
      said === 'unauthorized_client' ||
      error instanceof openid.WWWAuthenticateChallengeError
    )
      throw unusable(
        'client_secret',
        'does not go with the client id there. Copy both again from your provider.',
      );
    if (said === 'redirect_uri_mismatch')
      throw unusable('client_id', `does not allow ${redirectUri}. Add it there.`);
    throw unusable(
      'issuer',
      said
        ? `refused the connection test: ${said}.`
        : 'has a token endpoint that did not answer as it should.',
    );
  }
}
