import type { FastifyReply } from 'fastify';
import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { acceptAgreement } from '#features/portal-access/accept-agreement.ts';
import { chooseProfiles } from '#features/portal-access/choose-profiles.ts';
import { confirmEmail } from '#features/portal-access/confirm-email.ts';
import { openDoor } from '#features/portal-access/door-routes.ts';
import { enterProfile } from '#features/portal-access/enter-profile.ts';
import { mailWait } from '#features/portal-access/guards.ts';
import { sendLinkProblem } from '#features/portal-access/link-problem-routes.ts';
import { noteOf } from '#features/portal-access/notes.ts';
import {
  type Ask,
  allOf,
  goTo,
  isHead,
  momentWords,
  newShell,
  paramOf,
  portalRoute,
  queryOf,
  sendPage,
  textOf,
} from '#features/portal-access/page-routes.ts';
import {
  checkMember,
  findMember,
  type Member,
  memberOf,
  profileViews,
} from '#features/portal-access/payer-routes.ts';
import { currentAgreement, readOffers } from '#features/portal-access/queries.ts';
import { nextStep, pathOf, sectionsOf } from '#features/portal-access/rules.ts';
import { sendConfirmation } from '#features/portal-access/send-confirmation.ts';
import { onlyAt } from '#features/portal-access/session-routes.ts';
import { type App, originOf } from '#http/app.ts';
import { csrfToken } from '#http/session.ts';
import { dateIn, systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';
import { agreementPage, chooseProfilePage, confirmEmailPage } from '#web/portal/views/sign-up-pages.ts';

/** Steps three to five: choose profiles, confirm the email address, accept the agreement. */
export function stepRoutes(app: App, mail: Outbox): void {
  portalRoute(app, { method: 'GET', url: '/portal/choose' }, (ask) => choosePage(ask));
  portalRoute(app, { method: 'POST', url: '/portal/choose' }, (ask) => choose(ask, mail));
  portalRoute(app, { method: 'GET', url: '/portal/check-email' }, checkEmailPage);
  portalRoute(app, { method: 'POST', url: '/portal/check-email' }, (ask) => resend(ask, mail));
  portalRoute(app, { method: 'GET', url: '/portal/confirm/:token', perMinute: 60 }, confirm);
  portalRoute(app, { method: 'GET', url: '/portal/agreement' }, readAgreement);
  portalRoute(app, { method: 'POST', url: '/portal/agreement' }, accept);
}

async function memberShell(ask: Ask, member: Member): Promise<PortalShell> {
  const door = await openDoor(ask);
  return newShell(csrfToken(member.session), door.host, noteOf(queryOf(ask.request, 'note')));
}

async function choosePage(ask: Ask, message?: string): Promise<FastifyReply> {
  const member = await memberOf(ask);
  const offers = await ask.app.db.transaction(systemActor('portal sign-up'), (tx) =>
    readOffers(tx, member.person),
  );
  const open = offers.filter((offer) => !offer.chosen);
  if (open.length === 0 && member.step !== 'choose') return goTo(ask.reply, pathOf(member.step));
  const shell = await memberShell(ask, member);
  const none =
    open.length === 0
      ? 'No customer record carries your email address any more. Please ask the business that invited you.'
      : undefined;
  const words = message ?? none;
  return sendPage(
    ask.reply,
    chooseProfilePage(shell, {
      action: '/portal/choose',
      profiles: profileViews(open),
      mode: member.step === 'active' ? 'add' : 'sign_up',
      ...(words ? { form: { errors: { profile: words } } } : {}),
    }),
    { nonce: shell.nonce, status: message ? 422 : 200 },
  );
}

async function choose(ask: Ask, mail: Outbox): Promise<FastifyReply> {
  const member = await memberOf(ask);
  checkMember(ask, member);
  const customerIds = allOf(ask.request, 'profile');
  if (customerIds.length === 0) return choosePage(ask, 'Choose at least one profile.');
  const { person, session, step } = member;
  const now = systemNow();
  const added = await ask.app.db.transaction(systemActor('portal sign-up'), async (tx) => {
    const done = await chooseProfiles(tx, { person, customerIds, mail }, now);
    const first = done.added[0];
    if (step === 'active' && first) {
      const profiles = [...person.profiles, ...done.added];
      await enterProfile(
        tx,
        {
          sessionId: session.id,
          person: { ...person, profiles },
          customerId: first.customerId,
          signingIn: false,
        },
        now,
      );
    }
    return done.added.length;
  });
  if (step === 'active') return goTo(ask.reply, added > 0 ? '/portal?note=profile_added' : '/portal');
  return goTo(ask.reply, pathOf(nextStep({ ...person, profiles: 1 })));
}

async function checkEmailPage(ask: Ask): Promise<FastifyReply> {
  const member = await memberOf(ask);
  onlyAt(member.step, 'confirm');
  const { email } = member.person;
  const now = systemNow();
  const next = await ask.app.db.transaction(systemActor('portal sign-up'), (tx) =>
    mailWait(tx, 'confirmation', email, now),
  );
  const shell = await memberShell(ask, member);
  const door = await openDoor(ask);
  return sendPage(
    ask.reply,
    confirmEmailPage(shell, {
      email,
      action: '/portal/check-email',
      resent: queryOf(ask.request, 'sent') === 'yes',
      ...(next ? { resendAfter: momentWords(next, now, door) } : {}),
    }),
    { nonce: shell.nonce },
  );
}

async function resend(ask: Ask, mail: Outbox): Promise<FastifyReply> {
  const member = await memberOf(ask);
  checkMember(ask, member);
  onlyAt(member.step, 'confirm');
  const { sent } = await ask.app.db.transaction(systemActor('portal sign-up'), (tx) =>
    sendConfirmation(tx, { person: member.person, mail, again: true }, systemNow()),
  );
  return goTo(ask.reply, sent ? '/portal/check-email?sent=yes' : '/portal/check-email');
}

async function confirm(ask: Ask): Promise<FastifyReply> {
  // Some mail programs look at a link's head before its reader opens it.
  if (isHead(ask.request)) return ask.reply.code(204).send();
  const token = paramOf(ask.request, 'token');
  const member = await findMember(ask);
  const done = await ask.app.db.transaction(systemActor('portal sign-up'), (tx) =>
    confirmEmail(tx, { token, signedInAs: member?.person.id }, systemNow()),
  );
  if (done.verdict === 'problem') {
    return sendLinkProblem(
      ask,
      await openDoor(ask),
      { problem: done.problem, purpose: 'confirmation' },
      token,
    );
  }
  if (!member) return goTo(ask.reply, `/portal/sign-in?note=${done.verdict}_sign_in`);
  const step = nextStep({
    ...member.person,
    emailConfirmedAt: systemNow(),
    profiles: member.person.profiles.length,
  });
  return goTo(ask.reply, `${pathOf(step)}?note=${done.verdict}`);
}

async function readAgreement(ask: Ask): Promise<FastifyReply> {
  const member = await memberOf(ask);
  onlyAt(member.step, 'agreement');
  const { agreement, before } = await ask.app.db.transaction(systemActor('portal sign-up'), async (tx) => ({
    agreement: await currentAgreement(tx),
    before: await tx.row(
      sql`select 1 as before from agreement_acceptances where portal_user_id = ${member.person.id} limit 1`,
    ),
  }));
  const shell = await memberShell(ask, member);
  return sendPage(
    ask.reply,
    agreementPage(shell, {
      action: '/portal/agreement',
      name: 'Portal user agreement',
      version: String(agreement.version),
      effectiveOn: dateIn('UTC', agreement.effectiveAt),
      sections: sectionsOf(agreement.text),
      mode: before ? 'new_version' : 'sign_up',
      signOutUrl: '/portal/sign-out',
    }),
    { nonce: shell.nonce },
  );
}

async function accept(ask: Ask): Promise<FastifyReply> {
  const member = await memberOf(ask);
  checkMember(ask, member);
  onlyAt(member.step, 'agreement');
  const { person, session } = member;
  const now = systemNow();
  try {
    await ask.app.db.transaction(systemActor('portal sign-up'), async (tx) => {
      const origin = originOf(ask.request);
      await acceptAgreement(tx, { person, version: textOf(ask.request, 'version', 20), origin }, now);
      const entering = { sessionId: session.id, person, customerId: undefined, signingIn: true, origin };
      await enterProfile(tx, entering, now);
    });
  } catch (error) {
    // A newer version came out while this one was read: it is shown.
    if (error instanceof Refusal && error.code === 'state_refused')
      return goTo(ask.reply, pathOf('agreement'));
    throw error;
  }
  return goTo(ask.reply, '/portal');
}
