import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

type Key = { kid: string; jwk: JWK; privateKey: CryptoKey };
type Code = { clientId: string; nonce: string; challenge: string; redirectUri: string };

export type Person = {
  sub: string;
  email?: string;
  email_verified?: boolean;
  given_name?: string;
  family_name?: string;
};

/** What a test may break in the next answers; each holds until it is set back. */
export type Faults = {
  nonce?: string;
  audience?: string;
  issuer?: string;
  /** Seconds that the token is old. */
  age_s?: number;
  /** Signed by a key that is not in the JWKS. */
  foreignKey?: boolean;
  /** The address is told by userinfo alone. */
  thinToken?: boolean;
  /** HTTP status of everything. */
  down?: boolean;
};

async function makeKey(kid: string): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}

/** An OpenID provider on loopback: real discovery, codes with PKCE, tokens signed with keys that can rotate. */
export class FakeIssuer {
  faults: Faults = {};
  person: Person = { sub: 'nobody' };
  readonly clientId = 'owed-client';
  readonly clientSecret = 'a secret of the client';
  url = '';
  #server: Server | undefined;
  #keys: Key[] = [];
  readonly #codes = new Map<string, Code>();
  readonly #tokens = new Map<string, Person>();
  #count = 0;

  static async start(): Promise<FakeIssuer> {
    const issuer = new FakeIssuer();
    await issuer.rotate();
    issuer.#server = createServer((request, response) => {
      issuer.#answer(request).then(
        ({ status = 200, location, body }) => {
          response.writeHead(status, location ? { location } : { 'content-type': 'application/json' });
          response.end(body === undefined ? undefined : JSON.stringify(body));
        },
        () => response.writeHead(500).end(),
      );
    });
    await new Promise<void>((resolve) => issuer.#server?.listen(0, '127.0.0.1', resolve));
    issuer.url = `http://127.0.0.1:${(issuer.#server.address() as AddressInfo).port}`;
    return issuer;
  }

  stop = (): Promise<void> => new Promise((resolve) => this.#server?.close(() => resolve()));

  /** New keys sign from now on, and the old ones are gone. */
  async rotate(): Promise<void> {
    this.#count += 1;
    this.#keys = [await makeKey(`key-${this.#count}`)];
  }

  async #answer(request: IncomingMessage): Promise<{ status?: number; location?: string; body?: unknown }> {
    const url = new URL(request.url ?? '/', this.url);
    if (this.faults.down) return { status: 503, body: { error: 'down' } };
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return { body: this.#configuration() };
      case '/jwks':
        return { body: { keys: this.#keys.map(({ jwk }) => jwk) } };
      case '/authorize':
        return { status: 302, location: this.#authorize(url.searchParams) };
      case '/token':
        return this.#token(new URLSearchParams(await bodyOf(request)));
      case '/userinfo': {
        const person = this.#tokens.get((request.headers.authorization ?? '').replace(/^Bearer /, ''));
        return person ? { body: person } : { status: 401, body: { error: 'invalid_token' } };
      }
      default:
        return { status: 404, body: { error: 'not_found' } };
    }
  }

  #configuration() {
    return {
      issuer: this.url,
      authorization_endpoint: `${this.url}/authorize`,
      token_endpoint: `${this.url}/token`,
      userinfo_endpoint: `${this.url}/userinfo`,
      jwks_uri: `${this.url}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid', 'email', 'profile'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['client_secret_post'],
    };
  }

  /** Whoever is asked signs in at once. */
  #authorize(asked: URLSearchParams): string {
    const back = new URL(asked.get('redirect_uri') ?? '');
    back.searchParams.set('state', asked.get('state') ?? '');
    const isWhole = asked.get('code_challenge_method') === 'S256' && asked.get('nonce') && asked.get('state');
    if (!isWhole || asked.get('client_id') !== this.clientId) {
      back.searchParams.set('error', 'invalid_request');
      return back.href;
    }
    const code = `code-${this.#codes.size + 1}`;
    this.#codes.set(code, {
      clientId: this.clientId,
      nonce: asked.get('nonce') ?? '',
      challenge: asked.get('code_challenge') ?? '',
      redirectUri: asked.get('redirect_uri') ?? '',
    });
    back.searchParams.set('code', code);
    return back.href;
  }

  async #token(asked: URLSearchParams) {
    if (asked.get('client_id') !== this.clientId || asked.get('client_secret') !== this.clientSecret)
      return { status: 401, body: { error: 'invalid_client' } };
    const code = this.#codes.get(asked.get('code') ?? '');
    this.#codes.delete(asked.get('code') ?? '');
    const challenge = await sha256(asked.get('code_verifier') ?? '');
    if (!code || code.challenge !== challenge || code.redirectUri !== asked.get('redirect_uri'))
      return { status: 400, body: { error: 'invalid_grant' } };
    const accessToken = `access-${this.#tokens.size + 1}`;
    this.#tokens.set(accessToken, this.person);
    const idToken = await this.#idToken(code);
    return { body: { access_token: accessToken, token_type: 'Bearer', expires_in: 300, id_token: idToken } };
  }

  async #idToken({ nonce }: Code): Promise<string> {
    const { faults } = this;
    const key = faults.foreignKey ? await makeKey(this.#keys[0]?.kid ?? '') : this.#keys[0];
    if (!key) throw new Error('no key');
    const { sub, ...claims } = this.person;
    const issuedAt = Math.floor(Date.now() / 1000) - (faults.age_s ?? 0);
    return new SignJWT({ ...(faults.thinToken ? {} : claims), nonce: faults.nonce ?? nonce })
      .setProtectedHeader({ alg: 'RS256', kid: key.kid })
      .setIssuer(faults.issuer ?? this.url)
      .setAudience(faults.audience ?? this.clientId)
      .setSubject(sub)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + 300)
      .sign(key.privateKey);
  }
}

const sha256 = async (text: string): Promise<string> =>
  Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).toString('base64url');

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
