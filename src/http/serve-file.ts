import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { App, Caller } from '#http/app.ts';
import { authorize, fastifyPath, parse } from '#http/serve.ts';
import type { Endpoint } from '#lib/endpoint.ts';
import type { FileReply } from '#lib/file-reply.ts';
import { sha256 } from '#lib/secrets.ts';

export type FileContext<E extends Endpoint> = {
  caller: Caller;
  params: z.output<E['params']>;
  query: z.output<E['query']>;
  request: FastifyRequest;
};

/** Who asks, and what of: as a handler of files is told. */
async function contextOf<E extends Endpoint>(app: App, endpoint: E, request: FastifyRequest) {
  const caller = await authorize(app, endpoint, request);
  const params = parse(endpoint.params, request.params, 'path');
  const query = parse(endpoint.query, request.query, 'query');
  return { caller, request, params, query } as FileContext<E>;
}

type Answer = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

function mount(app: App, endpoint: Endpoint, handler: Answer): void {
  app.endpoints.push(endpoint);
  app.fastify.route({ method: endpoint.method, url: fastifyPath(endpoint.path), handler });
}

/** Mount an endpoint that answers a file: kept by the browser alone and only while it is the latest. */
export function serveFile<E extends Endpoint>(
  app: App,
  endpoint: E,
  handler: (context: FileContext<E>) => Promise<FileReply>,
): void {
  mount(app, endpoint, async (request, reply) => {
    const file = await handler(await contextOf(app, endpoint, request));
    const headers = fileHeaders(file);
    reply.headers(headers);
    if (request.headers['if-none-match'] === headers.etag) return reply.code(304).send();
    return reply.send(await file.render());
  });
}

/** Mount an endpoint that makes a file of what it is sent and keeps nothing: asking twice makes it twice. */
export function serveMadeFile<E extends Endpoint>(
  app: App,
  endpoint: E,
  handler: (context: FileContext<E> & { body: z.output<E['body']> }) => Promise<FileReply>,
): void {
  mount(app, endpoint, async (request, reply) => {
    const context = await contextOf(app, endpoint, request);
    const body = parse(endpoint.body, request.body ?? undefined, 'body') as z.output<E['body']>;
    const file = await handler({ ...context, body });
    reply.headers({ ...fileHeaders(file), 'cache-control': 'no-store' });
    return reply.send(await file.render());
  });
}

type MadeOnTheWay = { fileName: string; text: AsyncIterable<string | Uint8Array> };

/** Mount an endpoint that answers a file as it is made, of any length: nothing of it is kept anywhere. */
export function serveText<E extends Endpoint>(
  app: App,
  endpoint: E,
  handler: (context: FileContext<E>) => MadeOnTheWay | Promise<MadeOnTheWay>,
): void {
  mount(app, endpoint, async (request, reply) => {
    const { fileName, text } = await handler(await contextOf(app, endpoint, request));
    const isText = endpoint.fileType?.startsWith('text/') ?? false;
    return reply
      .header('content-type', `${endpoint.fileType}${isText ? '; charset=utf-8' : ''}`)
      .header('content-disposition', `attachment; ${fileNames(fileName)}`)
      .header('cache-control', 'private, no-store')
      .send(text instanceof Readable ? text : Readable.from(text, { objectMode: false }));
  });
}

const shownInPlace = new Set(['application/pdf', 'image/png', 'image/jpeg']);

/** For files that someone else authorizes, the portal's for one. */
export function fileHeaders(file: Pick<FileReply, 'contentType' | 'fileName' | 'version' | 'inPlace'>) {
  const inPlace = file.inPlace !== false && shownInPlace.has(file.contentType);
  return {
    'content-type': file.contentType,
    'content-disposition': `${inPlace ? 'inline' : 'attachment'}; ${fileNames(file.fileName)}`,
    'cache-control': 'private, no-cache',
    'x-content-type-options': 'nosniff',
    etag: `"${sha256(file.version).slice(0, 32)}"`,
    // Whatever else it holds, it must not act as a page of ours.
    ...(inPlace ? {} : { 'content-security-policy': "default-src 'none'; sandbox" }),
  };
}

/** A plain name for old programs, and the true one after RFC 5987. */
function fileNames(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%]/g, '_');
  const full = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename="${plain}"; filename*=UTF-8''${full}`;
}
