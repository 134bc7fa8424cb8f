import type { FastifyReply } from 'fastify';
import { systemActor } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { checkDoor, type Door, doorShell, openDoor } from '#features/portal-access/door-routes.ts';
import { type Ask, momentWords, portalRoute, sendPage, textOf } from '#features/portal-access/page-routes.ts';
import { renewLink } from '#features/portal-access/renew-link.ts';
import type { App } from '#http/app.ts';
import { systemNow } from '#lib/dates.ts';
import type { LinkProblemPage } from '#web/portal/views/problem-pages.ts';
import { errorPage, linkProblemPage, linkSentPage } from '#web/portal/views/problem-pages.ts';

const statuses = { expired: 410, used: 410, revoked: 410, foreign: 403, unknown: 404 } as const;

/** Whoever came by one of these may never have had a login. */
const needsNoLogin: ReadonlySet<string> = new Set([
  'invoice',
  'statement',
  'payment_page',
  'estimate',
  'question',
]);

/** A link that does not open what it was for: what is wrong, and the remedy. `token` offers a fresh one. */
export function sendLinkProblem(
  ask: Ask,
  door: Door,
  about: Pick<LinkProblemPage, 'problem' | 'purpose'>,
  token?: string,
): FastifyReply {
  const shell = doorShell(door);
  const renewable =
    token !== undefined &&
    about.problem !== 'foreign' &&
    about.problem !== 'unknown' &&
    about.problem !== 'revoked';
  return sendPage(
    ask.reply,
    linkProblemPage(shell, {
      ...about,
      ...(needsNoLogin.has(about.purpose) ? {} : { signInUrl: '/portal/sign-in' }),
      ...(renewable ? { renew: { action: '/portal/renew', token } } : {}),
    }),
    { nonce: shell.nonce, status: statuses[about.problem] },
  );
}

export function renewRoute(app: App, mail: Outbox): void {
  portalRoute(app, { method: 'POST', url: '/portal/renew', perMinute: 20 }, async (ask) => {
    const door = await openDoor(ask);
    checkDoor(ask, door);
    const now = systemNow();
    const next = await app.db.transaction(systemActor('portal renew'), (tx) =>
      renewLink(tx, { token: textOf(ask.request, 'token', 100), mail }, now),
    );
    const shell = doorShell(door);
    if (!next) return sendPage(ask.reply, linkSentPage(shell), { nonce: shell.nonce });
    const when = momentWords(next, now, door);
    const message = `Several links were sent to this address of late. You can have another one at ${when}.`;
    return sendPage(ask.reply, errorPage(shell, { status: 429, requestId: ask.request.id, message }), {
      nonce: shell.nonce,
      status: 429,
    });
  });
}
