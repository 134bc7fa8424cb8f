import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { makeServer } from '#http/server.ts';

const long = '<p>The invoice is due on 1 April.</p>'.repeat(100);

async function ask(url: string, encoding?: string) {
  const fastify = await makeServer({
    proxies: 0,
    log: { level: 'silent' },
    pageError: (_request, reply) => reply,
  });
  fastify.get('/page', async (_request, reply) => reply.type('text/html; charset=utf-8').send(long));
  fastify.get('/file', async (_request, reply) => reply.type('text/css').send(Readable.from([long, long])));
  fastify.get('/short', async () => ({ status: 'ok' }));
  fastify.get('/paper', async (_request, reply) => reply.type('application/pdf').send(Buffer.alloc(5000)));
  const reply = await fastify.inject({ url, headers: encoding ? { 'accept-encoding': encoding } : {} });
  await fastify.close();
  return reply;
}

test('a page goes packed to a browser that takes it, and says that it differs by that', async () => {
  const smaller = await ask('/page', 'gzip, deflate, br');
  assert.equal(smaller.headers['content-encoding'], 'br');
  assert.equal(brotliDecompressSync(smaller.rawPayload).toString(), long);
  const packed = await ask('/page', 'gzip, deflate');
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.equal(packed.headers.vary, 'accept-encoding');
  assert.equal(Number(packed.headers['content-length']), packed.rawPayload.length);
  assert.equal(gunzipSync(packed.rawPayload).toString(), long);
  const plain = await ask('/page');
  assert.deepEqual([plain.headers['content-encoding'], plain.body], [undefined, long]);
});

test('a file that is read as it goes is packed on the way', async () => {
  const smaller = await ask('/file', 'br');
  assert.equal(brotliDecompressSync(smaller.rawPayload).toString(), long + long);
  const packed = await ask('/file', 'gzip');
  assert.equal(gunzipSync(packed.rawPayload).toString(), long + long);
});

test('what is short, or packed already, goes as it is', async () => {
  assert.equal((await ask('/short', 'gzip')).body, '{"status":"ok"}');
  assert.equal((await ask('/paper', 'gzip')).rawPayload.length, 5000);
});
