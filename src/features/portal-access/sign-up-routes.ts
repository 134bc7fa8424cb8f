import type { FastifyReply } from 'fastify';
import { sql } from 'kysely';
import { systemActor, type Tx } from '#db/db.ts';
import { type OrganizationRow, readOrganization } from '#features/organizations/queries.ts';
import { createAccount } from '#features/portal-access/create-account.ts';
import {
  checkDoor,
  type Door,
  doorShell,
  openDoor,
  rememberHost,
} from '#features/portal-access/door-routes.ts';
import { sendLinkProblem } from '#features/portal-access/link-problem-routes.ts';
import { findLink, type LinkRow } from '#features/portal-access/link-tokens.ts';
import {
  type Ask,
  goTo,
  paramOf,
  portalRoute,
  secretOf,
  sendPage,
  textOf,
} from '#features/portal-access/page-routes.ts';
import { findMember } from '#features/portal-access/payer-routes.ts';
import { linkProblem, pathOf, sameEmail } from '#features/portal-access/rules.ts';
import { openHere } from '#features/portal-access/session-routes.ts';
import { hashPassword } from '#features/users/passwords.ts';
import { passwordProblem } from '#features/users/rules.ts';
import type { App } from '#http/app.ts';
import { systemNow } from '#lib/dates.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { createLoginPage, signUpRefusedPage } from '#web/portal/views/sign-up-pages.ts';

/** Steps one and two: the link in the welcome mail, and the login it creates. */
export function signUpRoutes(app: App): void {
  portalRoute(app, { method: 'GET', url: '/portal/welcome/:token', perMinute: 60 }, welcome);
  portalRoute(app, { method: 'GET', url: '/portal/sign-up' }, async ({ reply }) =>
    goTo(reply, '/portal/sign-in?note=need_invitation'),
  );
  portalRoute(app, { method: 'POST', url: '/portal/sign-up', perMinute: 60 }, signUp);
}

type Opened = { link: LinkRow; seller: OrganizationRow; stands: boolean; accountId: string | undefined };

async function openInvitation(tx: Tx, token: string): Promise<Opened | undefined> {
  const link = await findLink(tx, token);
  if (!link?.organizationId || link.purpose !== 'portal_invitation') return undefined;
  const seller = await readOrganization(tx, link.organizationId);
  const standing = await tx.row(sql`select 1 as stands from portal_invitations i
    join customers c on c.organization_id = i.organization_id and c.id = i.customer_id
    where i.organization_id = ${seller.id} and i.customer_id = ${link.customerId} and i.revoked_at is null
      and lower(i.email) = lower(${link.email}) and lower(c.email) = lower(i.email) and c.deactivated_at is null`);
  const account = await tx.row<{ id: string }>(sql`select id from portal_users
    where realm = ${seller.mode} and lower(email) = lower(${link.email})`);
  return { link, seller, stands: standing !== undefined, accountId: account?.id };
}

async function welcome(ask: Ask): Promise<FastifyReply> {
  const token = paramOf(ask.request, 'token');
  const opened = await ask.app.db.transaction(systemActor('portal sign-up'), (tx) =>
    openInvitation(tx, token),
  );
  if (!opened)
    return sendLinkProblem(ask, await openDoor(ask), { problem: 'unknown', purpose: 'invitation' });
  const { link, seller, accountId } = opened;
  rememberHost(ask, seller.id);
  const door = await openDoor(ask, seller);
  const member = await findMember(ask);
  const foreign =
    member && member.person.realm === seller.mode && !sameEmail(member.person.email, link.email);
  if (foreign) return sendLinkProblem(ask, door, { problem: 'foreign', purpose: 'invitation' });
  if (member && member.person.id === accountId)
    return goTo(ask.reply, member.step === 'active' ? '/portal/choose' : pathOf(member.step));
  if (accountId) return goTo(ask.reply, '/portal/sign-in?note=invited&next=/portal/choose');
  if (!opened.stands) return sendLinkProblem(ask, door, { problem: 'revoked', purpose: 'invitation' });
  const problem = linkProblem(link, 'portal_invitation', systemNow());
  if (problem) return sendLinkProblem(ask, door, { problem, purpose: 'invitation' }, token);
  return sendCreate(ask, door, token);
}

function sendCreate(ask: Ask, door: Door, invitation: string, form?: FormState): FastifyReply {
  const shell = doorShell(door);
  return sendPage(
    ask.reply,
    createLoginPage(shell, {
      action: '/portal/sign-up',
      invitation,
      signInUrl: '/portal/sign-in',
      ...(form ? { form } : {}),
    }),
    { nonce: shell.nonce, status: form ? 422 : 200 },
  );
}

async function signUp(ask: Ask): Promise<FastifyReply> {
  const door = await openDoor(ask);
  checkDoor(ask, door);
  const { request, reply } = ask;
  const [token, email, password] = [
    textOf(request, 'invitation', 100),
    textOf(request, 'email', 254),
    secretOf(request, 'password'),
  ];
  const errors: Record<string, string> = {};
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) errors.email = 'Enter your email address, such as name@example.com.';
  const weak = passwordProblem(password, email);
  if (weak) errors.password = weak;
  if (Object.keys(errors).length > 0) return sendCreate(ask, door, token, { values: { email }, errors });
  const passwordHash = await hashPassword(password);
  const made = await ask.app.db.transaction(systemActor('portal sign-up'), (tx) =>
    createAccount(tx, { token, email, passwordHash }, systemNow()),
  );
  if (made.verdict === 'link')
    return sendLinkProblem(ask, door, { problem: made.problem, purpose: 'invitation' }, token);
  if (made.verdict === 'exists') return goTo(reply, '/portal/sign-in?note=invited&next=/portal/choose');
  if (made.verdict === 'not_invited') {
    const shell = doorShell(door);
    const page = signUpRefusedPage(shell, { retryUrl: `/portal/welcome/${encodeURIComponent(token)}` });
    return sendPage(reply, page, { nonce: shell.nonce, status: 422 });
  }
  await openHere(ask, made.portalUserId);
  return goTo(reply, pathOf('choose'));
}
