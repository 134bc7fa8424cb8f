import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { sandboxToken } from '#connectors/gateways/sandbox/sandbox-lab.ts';
import type { Behaviour } from '#connectors/gateways/sandbox/test-numbers.ts';
import { createApiKey } from '#features/organizations/create-api-key.ts';
import type { Job } from '#jobs/worker.ts';
import { scopes } from '#lib/endpoint.ts';
import type { Books } from './given.ts';
import { testServer } from './server.ts';

type Fields = Record<string, string | readonly string[]>;

const decode = (text: string): string =>
  text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name] ?? '',
  );

let browsers = 0;
const nextAddress = (): string => {
  browsers += 1;
  return `10.0.${browsers >> 8}.${browsers & 255}`;
};

/** One browser: its cookies, the page it shows, and the forms on it. A second one is another device. */
export class Browser {
  readonly address = nextAddress();
  cookies = new Map<string, string>();
  url = '';
  status = 0;
  html = '';
  headers: Record<string, unknown> = {};

  async #send(
    method: 'GET' | 'POST' | 'HEAD',
    url: string,
    payload?: string,
    headers: Record<string, string> = {},
  ): Promise<string | undefined> {
    const { app } = await testServer();
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const reply = await app.fastify.inject({
      method,
      url,
      headers: {
        host: 'owed.test',
        'user-agent': 'a test browser',
        ...(cookie ? { cookie } : {}),
        ...headers,
        ...(payload === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      // At an address of its own: doors count the tries from one address, and all tests share the doors.
      remoteAddress: this.address,
      ...(payload === undefined ? {} : { payload }),
    });
    for (const { name, value, maxAge, expires } of reply.cookies) {
      if (value === '' || maxAge === 0 || (expires && expires.getTime() < Date.now()))
        this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    [this.url, this.status, this.html, this.headers] = [url, reply.statusCode, reply.body, reply.headers];
    const location = reply.headers.location;
    return reply.statusCode === 303 && typeof location === 'string' ? location : undefined;
  }

  /** Open an address and go where it leads. */
  async open(url: string): Promise<this> {
    const path = url.replace(/^https?:\/\/[^/]+/, '');
    let next = await this.#send('GET', path);
    for (let hops = 0; next && hops < 8; hops += 1) next = await this.#send('GET', next);
    return this;
  }

  async head(url: string): Promise<number> {
    await this.#send('HEAD', url.replace(/^https?:\/\/[^/]+/, ''));
    return this.status;
  }

  /** What the form with this action would post if nothing were typed. */
  form(action: string): URLSearchParams {
    for (const match of this.html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)) {
      const posts = /action="([^"]*)"/.exec(match[1] ?? '')?.[1] ?? '';
      if (decode(posts) !== action) continue;
      const fields = new URLSearchParams();
      for (const [, attributes = ''] of (match[2] ?? '').matchAll(/<input\b([^>]*)>/g)) {
        const read = (name: string) => decode(new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
        const ticked = !/type="(checkbox|radio)"/.test(attributes) || /\bchecked\b/.test(attributes);
        if (read('name') && ticked) fields.append(read('name'), read('value'));
      }
      return fields;
    }
    throw new Error(`no form posts to ${action} on ${this.url} (${this.status}): ${this.title}`);
  }

  /** Fill in the form with this action and send it; go where that leads. */
  async submit(action: string, fields: Fields = {}, headers: Record<string, string> = {}): Promise<this> {
    return this.post(action, this.filled(action, fields), headers);
  }

  filled(action: string, fields: Fields = {}): URLSearchParams {
    const form = this.form(action);
    for (const [name, value] of Object.entries(fields)) {
      form.delete(name);
      for (const each of typeof value === 'string' ? [value] : value) form.append(name, each);
    }
    return form;
  }

  async post(action: string, form: URLSearchParams, headers: Record<string, string> = {}): Promise<this> {
    let next = await this.#send('POST', action, form.toString(), headers);
    for (let hops = 0; next && hops < 8; hops += 1) next = await this.#send('GET', next);
    return this;
  }

  get title(): string {
    return decode(/<h1[^>]*>([\s\S]*?)<\/h1>/.exec(this.html)?.[1] ?? '')
      .replace(/<[^>]*>/g, '')
      .trim();
  }

  /** What a reader sees, in one line. */
  get text(): string {
    return decode(this.html.replace(/<style[\s\S]*?<\/style>|<[^>]*>/g, ' ')).replace(/\s+/g, ' ');
  }

  get path(): string {
    return this.url.split('?')[0] ?? '';
  }

  /** The page without what differs from one opening to the next. */
  get plain(): string {
    return this.html
      .replace(/nonce="[^"]*"/g, 'nonce')
      .replace(/name="csrf" value="[^"]*"/g, 'csrf')
      .replace(/req_[0-9a-z]{22}/g, 'req');
  }
}

/** The newest link of a kind that was mailed to an address: `/portal/welcome/…`. */
export async function mailedLink(
  email: string,
  kind: 'welcome' | 'confirm' | 'reset' | 'email',
): Promise<string> {
  const { parts } = await testServer();
  const { rows } = await parts.db.pool.query<{ text: string }>(
    `select text from messages where $1 = any(to_emails) and text like $2 order by id desc limit 1`,
    [email, `%/portal/${kind}/%`],
  );
  const link = new RegExp(`/portal/${kind}/[\\w-]+`).exec(rows[0]?.text ?? '')?.[0];
  assert.ok(link, `no ${kind} link was mailed to ${email}`);
  return link;
}

export async function countMails(email: string): Promise<number> {
  const { parts } = await testServer();
  const { rows } = await parts.db.pool.query<{ count: number }>(
    'select count(*)::int as count from messages where $1 = any(to_emails)',
    [email],
  );
  return rows[0]?.count ?? 0;
}

/**
 * Work off what waits in the queue under a name, for one organization or e-mail address, as the worker would.
 */
export async function workOff(name: string, about: string): Promise<number> {
  const { parts, jobs } = await testServer();
  const job = jobs[name] as Job | undefined;
  assert.ok(job, `there is no job ${name}`);
  for (let done = 0; ; ) {
    const { rows } = await parts.db.pool.query<{ id: string; payload: never }>(
      `select j.id, j.payload from graphile_worker._private_jobs j
       join graphile_worker._private_tasks t on t.id = j.task_id
       where t.identifier = $1 and (j.payload->>'organizationId' = $2 or j.payload->>'email' = $2)
       order by j.id`,
      [name, about],
    );
    if (rows.length === 0) return done;
    for (const row of rows) {
      await job(row.payload);
      await parts.db.pool.query('select graphile_worker.complete_jobs(array[$1]::bigint[])', [row.id]);
      done += 1;
    }
  }
}

/** Let the worker submit an organization's charges while something else waits for it. */
export async function whileWorking<T>(books: Books, work: () => Promise<T>): Promise<T> {
  let over = false;
  const working = (async () => {
    while (!over) {
      await workOff('submit-charge', books.organizationId);
      await sleep(10);
    }
  })();
  try {
    return await work();
  } finally {
    over = true;
    await working;
  }
}

/** The key of an organization's own account at the sandbox gateway. */
export async function secretKeyOf(books: Books): Promise<string> {
  const { parts } = await testServer();
  const { rows } = await parts.db.pool.query<{ credentials: Buffer }>(
    'select credentials from gateway_accounts where organization_id = $1',
    [books.organizationId],
  );
  const credentials = rows[0]?.credentials;
  assert.ok(credentials);
  return (JSON.parse(parts.secrets.decrypt(credentials)) as { secretKey: string }).secretKey;
}

/** A one-time token, as the gateway's fields would hand it to the page. */
export async function tokenFor(books: Books, behaviour: Behaviour): Promise<string> {
  const { sandboxUrl } = await testServer();
  return sandboxToken(sandboxUrl, await secretKeyOf(books), behaviour);
}

/** What the gateway itself says it took. */
export async function gatewayTotals(
  books: Books,
): Promise<{ charges: number; captured: number; amount_captured: Record<string, number> }> {
  const { sandboxUrl } = await testServer();
  const reply = await fetch(`${sandboxUrl}/v1/totals`, {
    headers: { authorization: `Bearer ${await secretKeyOf(books)}` },
  });
  return (await reply.json()) as {
    charges: number;
    captured: number;
    amount_captured: Record<string, number>;
  };
}

let addresses = 0;
/** An address that no other test uses. */
export const freshEmail = (name = 'payer'): string => {
  addresses += 1;
  return `${name}-${process.pid}-${addresses}@example.com`;
};

export const goodPassword = 'seven quiet harbours';

export async function signUp(
  books: Books,
  given: { customerIds: string[]; email: string; browser?: Browser },
): Promise<Browser> {
  const browser = given.browser ?? new Browser();
  await invite(books, given.customerIds);
  await browser.open(await mailedLink(given.email, 'welcome'));
  await browser.submit('/portal/sign-up', { email: given.email, password: goodPassword });
  await browser.submit('/portal/choose');
  await browser.open(await mailedLink(given.email, 'confirm'));
  await browser.submit('/portal/agreement');
  assert.equal(browser.path, '/portal', `${browser.status} ${browser.title}`);
  return browser;
}

/** Staff invites customers, and the worker writes the mails. */
export async function invite(books: Books, customerIds: string[]): Promise<void> {
  const { inviteCustomers } = await import('#features/portal-access/invite-customers.ts');
  await books.tx((tx) =>
    inviteCustomers(tx, books.actor, { organizationId: books.organizationId, customerIds }, new Date()),
  );
  await workOff('send-portal-invitations', books.organizationId);
}

/** A query as the owner of the tables, for what no page shows. */
export async function query<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
  return (await (await testServer()).parts.db.pool.query<Row>(text, values)).rows;
}

export async function trySignIn(email: string, password: string): Promise<Browser> {
  const browser = await new Browser().open('/portal/sign-in');
  return browser.submit('/portal/sign-in', { email, password });
}

/** A key of an organization with every scope. */
export const apiKeyOf = async ({ db, actor, organizationId, now }: Books): Promise<string> =>
  (
    await db.transaction(actor, (tx) =>
      createApiKey(tx, actor, { organizationId, name: 'Test', scopes }, now),
    )
  ).token;
