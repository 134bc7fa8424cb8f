import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGzip, gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

const gzipped = promisify(gzip);
const isText = /^(text\/(html|css|csv|plain|javascript)|application\/(json|javascript)|image\/svg\+xml)\b/;
// A reply that fits into one packet does not arrive sooner for being smaller.
const least_bytes = 1024;

/**
 * Text goes over the wire gzipped: a portal page weighs a quarter. Secrets in a page cannot be guessed from
 * its length (BREACH), for session cookies are SameSite: no other site can ask for such a page over and over.
 */
export function compressReplies(fastify: FastifyInstance): void {
  fastify.addHook('onSend', async (request, reply, payload) => {
    const isWhole = reply.statusCode !== 204 && reply.statusCode !== 206 && reply.statusCode !== 304;
    if (!isWhole || request.method === 'HEAD' || !isText.test(String(reply.getHeader('content-type')))) {
      return payload;
    }
    if (reply.hasHeader('content-encoding')) return payload;
    reply.header('vary', 'accept-encoding');
    if (!/\bgzip\b/.test(String(request.headers['accept-encoding']))) return payload;
    if (typeof payload === 'string' || Buffer.isBuffer(payload)) {
      if (Buffer.byteLength(payload) < least_bytes) return payload;
      reply.header('content-encoding', 'gzip').removeHeader('content-length');
      return gzipped(payload);
    }
    if (!(payload instanceof Readable)) return payload;
    reply.header('content-encoding', 'gzip').removeHeader('content-length');
    const packed = createGzip();
    payload.on('error', (error) => packed.destroy(error)).pipe(packed);
    packed.on('close', () => payload.destroy());
    return packed;
  });
}
