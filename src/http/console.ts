import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyReply } from 'fastify';
import type { App } from '#http/app.ts';
import { Refusal } from '#lib/errors.ts';

const folder = fileURLToPath(new URL('../../dist/staff', import.meta.url));

// No script but our own files; Mantine writes style attributes, so styles may stand inline. Staff types card
// data into the gateways' own frames, on the gateways' origins.
const policyOf = (frameOrigins: readonly string[]): string =>
  [
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    `frame-src ${["'self'", 'blob:', ...frameOrigins].join(' ')}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

/**
 * The staff console: one built page for every address under /console, its files cached for good by their
 * hashed names.
 */
export async function serveConsole(
  app: Pick<App, 'fastify'>,
  frameOrigins: readonly string[],
): Promise<void> {
  const policy = policyOf(frameOrigins);
  await app.fastify.register(fastifyStatic, {
    root: `${folder}/assets`,
    prefix: '/console/assets/',
    immutable: true,
    maxAge: '365d',
    wildcard: true,
    decorateReply: false,
  });
  const page = () => {
    if (!existsSync(`${folder}/index.html`)) {
      throw new Refusal(
        'unavailable',
        'The console has not been built: run npm run build, or start with npm start.',
      );
    }
    return readFileSync(`${folder}/index.html`);
  };
  let built: Buffer | undefined;
  const handler = async (_request: unknown, reply: FastifyReply) => {
    built ??= page();
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', policy)
      .header('cache-control', 'no-cache')
      .send(built);
  };
  app.fastify.get('/console', handler);
  app.fastify.get('/console/*', handler);
  app.fastify.get('/', async (_request, reply) => reply.redirect('/console', 302));
}
