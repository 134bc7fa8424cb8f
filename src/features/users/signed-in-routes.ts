import type { Entered } from '#features/users/enter.ts';
import { sessionOf } from '#features/users/queries.ts';
import type { PublicContext } from '#http/serve.ts';
import { openSession, setSessionCookie, staffCookie } from '#http/session.ts';
import type { Endpoint } from '#lib/endpoint.ts';

/** Whoever proved who they are gets a session, whichever way they came. */
export async function signedIn<E extends Endpoint>(context: PublicContext<E>, who: Entered) {
  const { app, reply, origin } = context;
  const { userId, organizationId, secondFactor } = who;
  const session = await openSession(
    app.db,
    { userId, secondFactor, ...(organizationId ? { organizationId } : {}) },
    origin,
  );
  setSessionCookie(app, reply, staffCookie, session);
  return sessionOf(app.db, who);
}
