import type { FastifyReply } from 'fastify';
import { systemActor } from '#db/db.ts';
import { checkDoor, doorShell, openDoor } from '#features/portal-access/door-routes.ts';
import { forgive } from '#features/portal-access/guards.ts';
import { sendLinkProblem } from '#features/portal-access/link-problem-routes.ts';
import { findLink } from '#features/portal-access/link-tokens.ts';
import {
  type Ask,
  goTo,
  paramOf,
  portalRoute,
  secretOf,
  sendPage,
} from '#features/portal-access/page-routes.ts';
import { checkMember, type Payer, payerOf, payerShell } from '#features/portal-access/payer-routes.ts';
import { passwordRefused } from '#features/portal-access/proof-routes.ts';
import { resetPassword, setPassword } from '#features/portal-access/reset-password.ts';
import { linkProblem } from '#features/portal-access/rules.ts';
import { signInHere } from '#features/portal-access/session-routes.ts';
import { hashPassword } from '#features/users/passwords.ts';
import { passwordProblem } from '#features/users/rules.ts';
import type { App } from '#http/app.ts';
import { systemNow } from '#lib/dates.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { newPasswordPage } from '#web/portal/views/sign-in-pages.ts';

/** A new password: by the link in a mail, or by someone who is signed in. */
export function passwordRoutes(app: App): void {
  portalRoute(app, { method: 'GET', url: '/portal/reset/:token', perMinute: 60 }, (ask) => resetPage(ask));
  portalRoute(app, { method: 'POST', url: '/portal/reset/:token', perMinute: 30 }, reset);
  portalRoute(app, { method: 'GET', url: '/portal/password' }, async (ask) =>
    sendChange(ask, await payerOf(ask)),
  );
  portalRoute(app, { method: 'POST', url: '/portal/password', perMinute: 30 }, change);
}

async function resetPage(ask: Ask, form?: FormState): Promise<FastifyReply> {
  const token = paramOf(ask.request, 'token');
  const door = await openDoor(ask);
  const link = await ask.app.db.transaction(systemActor('portal reset'), (tx) => findLink(tx, token));
  const problem = linkProblem(link, 'password_reset', systemNow());
  if (!link || problem)
    return sendLinkProblem(ask, door, { problem: problem ?? 'unknown', purpose: 'password' }, token);
  const shell = doorShell(door);
  return sendPage(
    ask.reply,
    newPasswordPage(shell, {
      action: `/portal/reset/${encodeURIComponent(token)}`,
      askCurrent: false,
      email: link.email,
      ...(form ? { form } : {}),
    }),
    { nonce: shell.nonce, status: form ? 422 : 200 },
  );
}

async function reset(ask: Ask): Promise<FastifyReply> {
  const token = paramOf(ask.request, 'token');
  const door = await openDoor(ask);
  checkDoor(ask, door);
  const password = secretOf(ask.request, 'password');
  const link = await ask.app.db.transaction(systemActor('portal reset'), (tx) => findLink(tx, token));
  const weak = passwordProblem(password, link?.email ?? '');
  if (weak) return resetPage(ask, { errors: { password: weak } });
  const passwordHash = await hashPassword(password);
  const done = await ask.app.db.transaction(systemActor('portal reset'), (tx) =>
    resetPassword(tx, { token, passwordHash }, systemNow()),
  );
  if (done.verdict === 'problem')
    return sendLinkProblem(ask, door, { problem: done.problem, purpose: 'password' }, token);
  return goTo(ask.reply, await signInHere(ask, done.portalUserId, undefined));
}

function sendChange(ask: Ask, payer: Payer, form?: FormState): FastifyReply {
  const shell = payerShell(payer);
  return sendPage(
    ask.reply,
    newPasswordPage(shell, {
      action: '/portal/password',
      askCurrent: true,
      email: payer.person.email,
      ...(form ? { form } : {}),
    }),
    { nonce: shell.nonce, status: form ? 422 : 200 },
  );
}

async function change(ask: Ask): Promise<FastifyReply> {
  const payer = await payerOf(ask);
  checkMember(ask, payer);
  const { person, session } = payer;
  const password = secretOf(ask.request, 'password');
  const weak = passwordProblem(password, person.email);
  if (weak) return sendChange(ask, payer, { errors: { password: weak } });
  const refused = await passwordRefused(ask, payer, systemNow());
  if (refused) return sendChange(ask, payer, refused);
  const passwordHash = await hashPassword(password);
  await ask.app.db.transaction(systemActor('portal password'), async (tx) => {
    await setPassword(tx, { portalUserId: person.id, passwordHash, keepSessionId: session.id });
    await forgive(tx, person.email);
  });
  return goTo(ask.reply, '/portal/profile?note=password_changed');
}
