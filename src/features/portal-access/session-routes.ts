import { systemActor } from '#db/db.ts';
import { enterProfile } from '#features/portal-access/enter-profile.ts';
import { type Ask, Detour } from '#features/portal-access/page-routes.ts';
import { type Person, readOffers, readPerson } from '#features/portal-access/queries.ts';
import { hasNews, nextStep, pathOf, safeNext } from '#features/portal-access/rules.ts';
import { originOf } from '#http/app.ts';
import {
  closeSession,
  findSession,
  openSession,
  portalCookie,
  type SessionRow,
  setSessionCookie,
} from '#http/session.ts';
import { systemNow } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

/** Open a session in this browser; the one it had is over. */
export async function openHere(
  ask: Ask,
  portalUserId: string,
): Promise<{ session: SessionRow; person: Person }> {
  const { app, request, reply } = ask;
  const old = request.cookies[portalCookie];
  if (old) await closeSession(app.db, old);
  const opened = await openSession(app.db, { portalUserId }, originOf(request));
  setSessionCookie(app, reply, portalCookie, opened);
  const session = must(await findSession(app.db, opened.token), 'the session just opened');
  const person = await app.db.transaction(systemActor('portal sign-in'), (tx) =>
    readPerson(tx, portalUserId),
  );
  return { session, person: must(person, 'the portal user') };
}

/**
 * Where signing in leads: the step that is still open; else, once, a new invitation; else the page that was
 * asked for.
 */
export async function signInHere(ask: Ask, portalUserId: string, next: string | undefined): Promise<string> {
  const { session, person } = await openHere(ask, portalUserId);
  const step = nextStep({ ...person, profiles: person.profiles.length });
  if (step !== 'active') return pathOf(step);
  const news = await ask.app.db.transaction(systemActor('portal sign-in'), async (tx) => {
    const offers = await readOffers(tx, person);
    await enterProfile(
      tx,
      {
        sessionId: session.id,
        person,
        customerId: undefined,
        signingIn: true,
        origin: originOf(ask.request),
      },
      systemNow(),
    );
    return hasNews(offers, person.lastSignInAt);
  });
  return news ? '/portal/choose' : (safeNext(next) ?? pathOf('active'));
}

/** A page for those who are at this very step; everyone else is led to theirs. */
export function onlyAt(step: string, at: string): void {
  if (step !== at) throw new Detour(pathOf(step as Parameters<typeof pathOf>[0]));
}
