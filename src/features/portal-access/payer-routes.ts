import { sql } from 'kysely';
import { type Actor, systemActor, type Tx } from '#db/db.ts';
import { type CustomerRow, readCustomer } from '#features/customers/queries.ts';
import { shownTogether } from '#features/customers/shown-together.ts';
import type { PayerScope } from '#features/invoices/portal-queries.ts';
import { type OrganizationRow, readOrganization } from '#features/organizations/queries.ts';
import { acceptedVersion } from '#features/payment-terms/queries.ts';
import { mustAccept } from '#features/payment-terms/rules.ts';
import type { PayerActor } from '#features/payments/portal-await-payment.ts';
import { enterProfile } from '#features/portal-access/enter-profile.ts';
import { type Ask, Detour, newShell } from '#features/portal-access/page-routes.ts';
import { type Person, type ProfileRow, readPerson } from '#features/portal-access/queries.ts';
import { inProfile } from '#features/portal-access/record-steps.ts';
import { nextStep, pathOf, type Step } from '#features/portal-access/rules.ts';
import type { Visit } from '#features/portal-access/visit.ts';
import { originOf } from '#http/app.ts';
import { checkCsrf, csrfToken, findSession, portalCookie, type SessionRow } from '#http/session.ts';
import { organizationNow } from '#lib/clock.ts';
import { dateIn, systemNow } from '#lib/dates.ts';
import type { Origin } from '#lib/origin.ts';
import type { Notice } from '#web/portal/views/parts.ts';
import type { PortalShell, Profile } from '#web/portal/views/shell.ts';

/** Someone with a portal login, wherever they are on the way in. */
export type Member = { session: SessionRow; person: Person; step: Step; origin: Origin };

/** A member who is all the way in, acting for one customer. */
export type Payer = Member & {
  actor: Extract<Actor, { kind: 'portal_user' }>;
  seller: OrganizationRow;
  customer: CustomerRow;
  scope: PayerScope;
  now: Date;
  today: string;
};

export async function findMember({ app, request }: Ask): Promise<Member | undefined> {
  const session = await findSession(app.db, request.cookies[portalCookie]);
  if (!session?.portalUserId) return undefined;
  const { portalUserId } = session;
  const person = await app.db.transaction(systemActor('portal session'), (tx) =>
    readPerson(tx, portalUserId),
  );
  if (!person) return undefined;
  const step = nextStep({ ...person, profiles: person.profiles.length });
  return { session, person, step, origin: originOf(request) };
}

/** The member, or the way to sign in and back. */
export async function memberOf(ask: Ask): Promise<Member> {
  const member = await findMember(ask);
  if (member) return member;
  const path = ask.request.url.split('?')[0] ?? '';
  throw new Detour(
    ask.request.method === 'GET' && path !== '/portal'
      ? `/portal/sign-in?next=${encodeURIComponent(path)}`
      : '/portal/sign-in',
  );
}

/** The payer, or the way to the step that is still open. */
export async function payerOf(ask: Ask, at?: 'terms'): Promise<Payer> {
  const member = await memberOf(ask);
  if (member.step !== 'active') throw new Detour(pathOf(member.step));
  const { person, session } = member;
  return ask.app.db.transaction(systemActor('portal session'), async (tx) => {
    const current = person.profiles.find((each) => each.customerId === session.customerId);
    // A profile that was withdrawn, or none chosen yet in this browser: the first one that is left.
    if (!current)
      await enterProfile(
        tx,
        { sessionId: session.id, person, customerId: undefined, signingIn: false },
        systemNow(),
      );
    const payer = await readPayer(tx, member, current ?? (person.profiles[0] as ProfileRow));
    if (at !== 'terms') await detourToTerms(tx, ask, payer);
    return payer;
  });
}

/** A new version of the seller's terms that asks for it is accepted before anything else is shown. */
async function detourToTerms(tx: Tx, ask: Ask, { seller, person }: Payer): Promise<void> {
  if (seller.termsAskVersion === null) return;
  const accepted = await acceptedVersion(tx, seller.id, person.id);
  if (!mustAccept(seller.termsAskVersion, accepted)) return;
  const path = ask.request.method === 'GET' ? (ask.request.url.split('?')[0] ?? '') : '';
  throw new Detour(`/portal/terms?next=${encodeURIComponent(path === '/portal' ? '' : path)}`);
}

async function readPayer(tx: Tx, member: Member, profile: ProfileRow): Promise<Payer> {
  const { organizationId, customerId } = profile;
  const [seller, customer] = [
    await readOrganization(tx, organizationId),
    await readCustomer(tx, organizationId, customerId),
  ];
  const now = organizationNow(seller);
  return {
    ...member,
    seller,
    customer,
    now,
    today: dateIn(seller.timeZone, now),
    actor: inProfile(member.person.id, profile, member.origin),
    scope: { organizationId, customerIds: await shownTogether(tx, organizationId, customer) },
  };
}

/**
 * Read as the payer: the database shows the payer's own papers, and those of sub-customers where they show
 * with the parent's.
 */
export const readAs = <T>(
  ask: Ask,
  payer: { actor: PayerActor; scope: PayerScope },
  work: (tx: Tx) => Promise<T>,
): Promise<T> =>
  ask.app.db.transaction(payer.actor, async (tx) => {
    await tx.rows(sql`select set_config('owed.customer_ids', ${payer.scope.customerIds.join(',')}, true)`);
    return work(tx);
  });

/** What a payer who is signed in stands before. */
export function visitOf(ask: Ask, payer: Payer): Visit {
  const { seller, customer, scope, actor, now, today } = payer;
  return {
    ...{ seller, customer, scope, actor, now, today },
    base: '/portal',
    signedIn: true,
    read: (work) => readAs(ask, payer, work),
    shell: (flash) => payerShell(payer, flash),
  };
}

const profileView = (row: ProfileRow): Profile => ({
  id: row.customerId,
  customerName: row.customerName,
  organizationName: row.organizationName,
  ...(row.logoHash ? { logoUrl: `/logos/${row.organizationId}/${row.logoHash.slice(0, 16)}` } : {}),
});
export const profileViews = (rows: readonly ProfileRow[]): Profile[] => rows.map(profileView);

export function payerShell(payer: Payer, flash?: Notice): PortalShell {
  const profiles = profileViews(payer.person.profiles);
  const current = profiles.find((each) => each.id === payer.customer.id);
  const shell = newShell(csrfToken(payer.session), payer.seller, flash);
  if (!current) return shell;
  return {
    ...shell,
    signedIn: {
      email: payer.person.email,
      current,
      profiles,
      switchUrl: '/portal/switch',
      signOutUrl: '/portal/sign-out',
      sections: {
        invoices: '/portal',
        history: '/portal/history',
        methods: '/portal/methods',
        profile: '/portal/profile',
      },
      questionsUrl: '/portal/questions',
    },
    askUrl: '/portal/questions/new',
  };
}

export const checkMember = (ask: Ask, member: Pick<Member, 'session'>): void =>
  checkCsrf(member.session, (ask.request.body as Record<string, unknown> | undefined)?.csrf);
