import { testServer } from './server.ts';

let visits = 0;
/** Each comes from another address: how often one may knock is tried elsewhere. */
const elsewhere = (): string => {
  visits += 1;
  return `10.9.${visits >> 8}.${visits & 255}`;
};

/** A browser that keeps cookies, and goes to the provider and back. */
export class OidcBrowser {
  readonly cookies = new Map<string, string>();

  /** A request to Owed, with what the browser keeps; answers where it is sent on to. */
  async visit(url: string): Promise<string> {
    const { app } = await testServer();
    const reply = await app.fastify.inject({
      method: 'GET',
      url,
      headers: { cookie: this.header },
      remoteAddress: elsewhere(),
    });
    for (const { name, value } of reply.cookies) {
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    return String(reply.headers.location ?? reply.statusCode);
  }

  get header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async ask(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) {
    const { app } = await testServer();
    const reply = await app.fastify.inject({
      method,
      url,
      headers: { cookie: this.header },
      remoteAddress: elsewhere(),
      ...(payload ? { payload } : {}),
    });
    for (const { name, value } of reply.cookies) this.cookies.set(name, value);
    return { status: reply.statusCode, body: reply.json() };
  }

  /** The page of the provider, where somebody signs in: answers the way back, as a path of Owed. */
  async atProvider(url: string): Promise<string> {
    const reply = await fetch(url, { redirect: 'manual' });
    const back = new URL(reply.headers.get('location') ?? '');
    return `${back.pathname}${back.search}`;
  }

  /** The whole walk: answers the page that it ends on. */
  async signIn(providerId: string, next?: string): Promise<string> {
    const out = await this.visit(
      `/oidc/${providerId}/start${next ? `?next=${encodeURIComponent(next)}` : ''}`,
    );
    return out.startsWith('/console') ? out : this.visit(await this.atProvider(out));
  }

  /** Who is signed in now. */
  async whoami(): Promise<{ email: string; organization: string | undefined } | undefined> {
    const { status, body } = await this.ask('GET', '/v1/session');
    return status === 200 ? { email: body.user.email, organization: body.organization?.id } : undefined;
  }
}
