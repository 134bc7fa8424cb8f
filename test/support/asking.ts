import assert from 'node:assert/strict';
import { callApi, testServer } from './server.ts';

type Method = Parameters<typeof callApi>[1];
type Reply = Awaited<ReturnType<typeof callApi>>;
/** What must come back, the field at fault, and words of the remedy. */
type Refused = [status: number, param: string | undefined, says: RegExp];

/** One that may do everything asks; keys that may do less are made by it. */
export const asking = (key: string) => ({
  get: (url: string) => callApi(key, 'GET', url),
  post: (url: string, body: unknown = {}, headers?: Record<string, string>) =>
    callApi(key, 'POST', url, body, headers),
  patch: (url: string, body: unknown) => callApi(key, 'PATCH', url, body),
  remove: (url: string) => callApi(key, 'DELETE', url),
  async keyWith(...scopes: string[]) {
    const made = await callApi(key, 'POST', '/v1/api-keys', { name: scopes.join(), scopes });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return made.body.token as string;
  },
});

export function assertRefused(reply: Reply, [status, param, says]: Refused): void {
  const { error } = reply.body;
  assert.deepEqual([reply.status, error?.param], [status, param], JSON.stringify(reply.body));
  assert.match(error.message, says);
}

/** A key without the permission is refused by its name, whatever it sends. */
export async function assertNeeds(
  scope: string,
  key: string,
  ...asks: [method: Method, url: string, body?: unknown][]
): Promise<void> {
  for (const [method, url, body] of asks) {
    const reply = await callApi(key, method, url, body);
    assert.deepEqual([reply.status, reply.body.error?.code], [403, 'forbidden'], `${method} ${url}`);
    assert.ok(reply.body.error.message.includes(scope), `${method} ${url}: ${reply.body.error.message}`);
  }
}

let doors = 0;
/** Somebody of the staff, signed in; each knocks from an address of its own. */
export async function signedInStaff({ email, password }: { email: string; password: string }) {
  const { app } = await testServer();
  doors += 1;
  const remoteAddress = `10.7.${doors >> 8}.${doors & 255}`;
  const door = await app.fastify.inject({
    method: 'POST',
    url: '/v1/session',
    payload: { email, password },
    remoteAddress,
  });
  const session = door.cookies.find(({ name }) => name === 'owed_staff');
  assert.ok(session, door.body);
  const headers = { cookie: `owed_staff=${session.value}` };
  return async (method: Method, url: string, payload?: object) => {
    const reply = await app.fastify.inject({
      ...{ method, url, headers, remoteAddress },
      ...(payload ? { payload } : {}),
    });
    return { status: reply.statusCode, body: reply.json(), headers: reply.headers };
  };
}
