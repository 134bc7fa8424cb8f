import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeServer } from '#http/server.ts';

async function seenFrom(proxies: number, forwarded: string): Promise<string> {
  const fastify = await makeServer({
    proxies,
    log: { level: 'silent' },
    pageError: (_request, reply) => reply,
  });
  fastify.get('/who', async (request) => request.ip);
  const reply = await fastify.inject({
    url: '/who',
    remoteAddress: '10.0.0.9',
    headers: { 'x-forwarded-for': forwarded },
  });
  await fastify.close();
  return reply.body;
}

test('an address that the caller wrote into X-Forwarded-For is not believed', async () => {
  const forwarded = '1.2.3.4, 203.0.113.7';
  assert.equal(await seenFrom(0, forwarded), '10.0.0.9');
  assert.equal(await seenFrom(1, forwarded), '203.0.113.7');
  assert.equal(await seenFrom(2, forwarded), '1.2.3.4', 'two proxies wrote two addresses');
});
