import type { FastifyReply } from 'fastify';
import { systemActor } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { changeEmail } from '#features/portal-access/change-email.ts';
import { openDoor } from '#features/portal-access/door-routes.ts';
import { forgive } from '#features/portal-access/guards.ts';
import { sendLinkProblem } from '#features/portal-access/link-problem-routes.ts';
import {
  type Ask,
  goTo,
  isHead,
  momentWords,
  paramOf,
  portalRoute,
  queryOf,
  sendPage,
  textOf,
} from '#features/portal-access/page-routes.ts';
import {
  checkMember,
  findMember,
  type Payer,
  payerOf,
  payerShell,
} from '#features/portal-access/payer-routes.ts';
import { passwordRefused } from '#features/portal-access/proof-routes.ts';
import { requestEmailChange } from '#features/portal-access/request-email-change.ts';
import { sameEmail } from '#features/portal-access/rules.ts';
import type { App } from '#http/app.ts';
import { systemNow } from '#lib/dates.ts';
import { zEmail } from '#lib/endpoint.ts';
import { Refusal } from '#lib/errors.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { loginEmailPage } from '#web/portal/views/login-email-page.ts';

/**
 * Another address for one's login: asked for with the password, confirmed by the link that is mailed to it.
 */
export function loginEmailRoutes(app: App, mail: Outbox): void {
  portalRoute(app, { method: 'GET', url: '/portal/email' }, async (ask) => sendForm(ask, await payerOf(ask)));
  portalRoute(app, { method: 'POST', url: '/portal/email', perMinute: 30 }, askForChange);
  portalRoute(app, { method: 'GET', url: '/portal/email/:token', perMinute: 60 }, (ask) =>
    confirm(ask, mail),
  );
}

function sendForm(ask: Ask, payer: Payer, form?: FormState): FastifyReply {
  const shell = payerShell(payer);
  return sendPage(
    ask.reply,
    loginEmailPage(shell, {
      action: '/portal/email',
      backUrl: '/portal/profile',
      email: payer.person.email,
      sent: queryOf(ask.request, 'sent') === 'yes',
      ...(form ? { form } : {}),
    }),
    { nonce: shell.nonce, status: form ? 422 : 200 },
  );
}

async function askForChange(ask: Ask): Promise<FastifyReply> {
  const payer = await payerOf(ask);
  checkMember(ask, payer);
  const { person } = payer;
  const email = textOf(ask.request, 'email', 254);
  const values = { email };
  if (!zEmail.safeParse(email).success) {
    const words = 'Enter your new email address, such as name@example.com.';
    return sendForm(ask, payer, { values, errors: { email: words } });
  }
  if (sameEmail(email, person.email)) {
    return sendForm(ask, payer, { values, errors: { email: 'You sign in with this address already.' } });
  }
  const now = systemNow();
  const refused = await passwordRefused(ask, payer, now);
  if (refused) return sendForm(ask, payer, { ...refused, values });
  const next = await ask.app.db.transaction(systemActor('portal email'), async (tx) => {
    await forgive(tx, person.email);
    return requestEmailChange(tx, { person, email }, now);
  });
  if (!next) return goTo(ask.reply, '/portal/email?sent=yes');
  const message = `You have asked several times. You can ask again at ${momentWords(next, now, payer.seller)}.`;
  return sendForm(ask, payer, { values, message });
}

async function confirm(ask: Ask, mail: Outbox): Promise<FastifyReply> {
  if (isHead(ask.request)) return ask.reply.code(204).send();
  const member = await findMember(ask);
  if (!member) return goTo(ask.reply, '/portal/sign-in?note=email_sign_in');
  const done = await ask.app.db.transaction(systemActor('portal email'), (tx) =>
    changeEmail(
      tx,
      {
        token: paramOf(ask.request, 'token'),
        portalUserId: member.person.id,
        keepSessionId: member.session.id,
        mail,
      },
      systemNow(),
    ),
  );
  if (done.verdict === 'problem') {
    return sendLinkProblem(ask, await openDoor(ask), { problem: done.problem, purpose: 'login_email' });
  }
  if (done.verdict === 'taken') {
    throw new Refusal('conflict', 'This address has a login of its own by now. Please choose another one.');
  }
  return goTo(ask.reply, '/portal/profile?note=email_changed');
}
