import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

// At quality 5 Brotli takes as long as gzip, and its replies are a fifteenth smaller.
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
const packings = {
  br: {
    whole: (text: string | Buffer) => promisify(brotliCompress)(text, quality),
    stream: () => createBrotliCompress(quality),
  },
  gzip: { whole: promisify<string | Buffer, Buffer>(gzip), stream: () => createGzip() },
};
const isText = /^(text\/(html|css|csv|plain|javascript)|application\/(json|javascript)|image\/svg\+xml)\b/;
// A reply that fits into one packet does not arrive sooner for being smaller.
const least_bytes = 1024;

/**
 * Text goes over the wire packed: a portal page weighs a quarter. Secrets in a page cannot be guessed from
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
    const taken = String(request.headers['accept-encoding']);
    const encoding = /\bbr\b/.test(taken) ? 'br' : /\bgzip\b/.test(taken) ? 'gzip' : undefined;
    if (!encoding) return payload;
    if (typeof payload === 'string' || Buffer.isBuffer(payload)) {
      if (Buffer.byteLength(payload) < least_bytes) return payload;
      reply.header('content-encoding', encoding).removeHeader('content-length');
      return packings[encoding].whole(payload);
    }
    if (!(payload instanceof Readable)) return payload;
    reply.header('content-encoding', encoding).removeHeader('content-length');
    const packed = packings[encoding].stream();
    payload.on('error', (error) => packed.destroy(error)).pipe(packed);
    packed.on('close', () => payload.destroy());
    return packed;
  });
}
