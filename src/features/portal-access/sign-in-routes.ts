import type { FastifyReply } from 'fastify';
import { systemActor } from '#db/db.ts';
import { checkDoor, type Door, doorShell, openDoor } from '#features/portal-access/door-routes.ts';
import { noteOf } from '#features/portal-access/notes.ts';
import {
  type Ask,
  goTo,
  momentWords,
  portalRoute,
  queryOf,
  secretOf,
  sendPage,
  textOf,
} from '#features/portal-access/page-routes.ts';
import { checkMember, findMember } from '#features/portal-access/payer-routes.ts';
import { requestReset } from '#features/portal-access/request-reset.ts';
import { pathOf, safeNext } from '#features/portal-access/rules.ts';
import { signInHere } from '#features/portal-access/session-routes.ts';
import { signInPortalUser } from '#features/portal-access/sign-in.ts';
import type { App } from '#http/app.ts';
import { closeSession, portalCookie } from '#http/session.ts';
import { systemNow } from '#lib/dates.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { forgotPasswordPage, lockedPage, signInPage } from '#web/portal/views/sign-in-pages.ts';

/** The door for those who have a login, and the way back in for those who forgot the password. */
export function signInRoutes(app: App): void {
  portalRoute(app, { method: 'GET', url: '/portal/sign-in' }, showSignIn);
  portalRoute(app, { method: 'POST', url: '/portal/sign-in', perMinute: 120 }, signIn);
  portalRoute(app, { method: 'POST', url: '/portal/sign-out' }, signOut);
  portalRoute(app, { method: 'GET', url: '/portal/forgot' }, async (ask) =>
    sendForgot(ask, await openDoor(ask)),
  );
  portalRoute(app, { method: 'POST', url: '/portal/forgot', perMinute: 60 }, forgot);
}

async function showSignIn(ask: Ask): Promise<FastifyReply> {
  const member = await findMember(ask);
  if (member) return goTo(ask.reply, pathOf(member.step));
  return sendSignIn(ask, await openDoor(ask), queryOf(ask.request, 'next'));
}

function sendSignIn(ask: Ask, door: Door, next: string | undefined, form?: FormState): FastifyReply {
  const shell = doorShell(door, form ? undefined : noteOf(queryOf(ask.request, 'note')));
  const path = safeNext(next);
  return sendPage(
    ask.reply,
    signInPage(shell, {
      action: '/portal/sign-in',
      forgotUrl: '/portal/forgot',
      ...(path ? { next: path } : {}),
      ...(form ? { form } : {}),
    }),
    { nonce: shell.nonce, status: form ? 401 : 200 },
  );
}

async function signIn(ask: Ask): Promise<FastifyReply> {
  const door = await openDoor(ask);
  checkDoor(ask, door);
  const { request, reply } = ask;
  const [email, next] = [textOf(request, 'email', 254), textOf(request, 'next', 300)];
  const now = systemNow();
  const answer = await signInPortalUser(
    ask.app.db,
    { email, password: secretOf(request, 'password'), prefer: door.host?.mode ?? 'live' },
    now,
  );
  if (answer.verdict === 'right') return goTo(reply, await signInHere(ask, answer.portalUserId, next));
  if (answer.verdict === 'wrong') {
    return sendSignIn(ask, door, next, {
      values: { email },
      message: 'Email and password do not go together. Check both and try again.',
    });
  }
  const shell = doorShell(door);
  const retryAfter = Math.ceil((answer.until.getTime() - now.getTime()) / 1000);
  return sendPage(
    reply.header('retry-after', String(retryAfter)),
    lockedPage(shell, { until: momentWords(answer.until, now, door), forgotUrl: '/portal/forgot' }),
    { nonce: shell.nonce, status: 429 },
  );
}

async function signOut(ask: Ask): Promise<FastifyReply> {
  const member = await findMember(ask);
  if (member) checkMember(ask, member);
  const token = ask.request.cookies[portalCookie];
  if (member && token) await closeSession(ask.app.db, token);
  ask.reply.clearCookie(portalCookie, { path: '/' });
  return goTo(ask.reply, '/portal/sign-in?note=signed_out');
}

function sendForgot(ask: Ask, door: Door, form?: FormState, sent = false): FastifyReply {
  const shell = doorShell(door);
  return sendPage(
    ask.reply,
    forgotPasswordPage(shell, {
      action: '/portal/forgot',
      signInUrl: '/portal/sign-in',
      sent,
      ...(form ? { form } : {}),
    }),
    { nonce: shell.nonce, status: form ? 422 : 200 },
  );
}

async function forgot(ask: Ask): Promise<FastifyReply> {
  const door = await openDoor(ask);
  checkDoor(ask, door);
  const email = textOf(ask.request, 'email', 254);
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) {
    return sendForgot(ask, door, {
      values: { email },
      errors: { email: 'Enter your email address, such as name@example.com.' },
    });
  }
  const now = systemNow();
  const next = await ask.app.db.transaction(systemActor('portal forgot'), (tx) =>
    requestReset(tx, email, now),
  );
  if (!next) return sendForgot(ask, door, undefined, true);
  const when = momentWords(next, now, door);
  return sendForgot(ask, door, {
    values: { email },
    message: `You have asked several times. You can ask again at ${when}.`,
  });
}
