import type { FastifyReply, FastifyRequest } from 'fastify';
import { doorShell, openDoor } from '#features/portal-access/door-routes.ts';
import { newShell, sendPage } from '#features/portal-access/page-routes.ts';
import type { App } from '#http/app.ts';
import { asRefusal } from '#http/errors.ts';
import { newToken } from '#lib/secrets.ts';
import { type ErrorPage, errorPage } from '#web/portal/views/problem-pages.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

const shown: Record<number, ErrorPage['status']> = {
  401: 403,
  403: 403,
  404: 404,
  405: 405,
  409: 409,
  410: 404,
  413: 413,
  422: 409,
  429: 429,
  503: 503,
};

/** Whatever went wrong on a page, as a page: a refusal in its own words, a defect of ours without any. */
export async function sendErrorPage(
  app: App | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
): Promise<FastifyReply> {
  const refusal = asRefusal(error);
  if (!refusal) request.log.error({ err: error }, 'page failed');
  const status = refusal ? refusal.status : 500;
  const { retryAfter } = refusal?.details ?? {};
  if (retryAfter) reply.header('retry-after', String(Math.ceil(retryAfter)));
  const shell = await shellOf(app, request, reply);
  const atPortal = request.url.startsWith('/portal');
  // What is not there is told in the page's own words: ours would repeat an id to whoever guessed it.
  const message = refusal && status !== 404 ? { message: refusal.message } : {};
  return sendPage(
    reply,
    errorPage(shell, {
      status: shown[status] ?? 500,
      requestId: request.id,
      ...message,
      ...(atPortal ? { homeUrl: '/portal' } : {}),
    }),
    { nonce: shell.nonce, status },
  );
}

async function shellOf(
  app: App | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<PortalShell> {
  const plain = () => newShell(newToken(), undefined, undefined);
  // The page that tells of a broken database needs none.
  return app ? openDoor({ app, request, reply }).then((door) => doorShell(door), plain) : plain();
}
