import type { FastifyReply } from 'fastify';
import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import { rememberHost } from '#features/portal-access/door-routes.ts';
import { enterProfile } from '#features/portal-access/enter-profile.ts';
import { type Ask, goTo, paramOf, portalRoute } from '#features/portal-access/page-routes.ts';
import { findMember, type Member } from '#features/portal-access/payer-routes.ts';
import { pathOf } from '#features/portal-access/rules.ts';
import type { App } from '#http/app.ts';
import { systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';

type Found = { organizationId: string; current: string | null };

/** Where an organization's customers find its portal; an address that it left leads to the one it has. */
export function addressRoutes(app: App): void {
  portalRoute(app, { method: 'GET', url: '/portal/:address', perMinute: 120 }, openAddress);
}

async function openAddress(ask: Ask): Promise<FastifyReply> {
  const slug = paramOf(ask.request, 'address').toLowerCase();
  const found = await ask.app.db.transaction(systemActor('portal address'), (tx) =>
    tx.row<Found>(sql`select a.organization_id, c.slug as current from portal_addresses a
      left join portal_addresses c on c.organization_id = a.organization_id and c.left_at is null
      where a.slug = ${slug}`),
  );
  if (!found)
    throw new Refusal('not_found', 'There is no such page here. Check the address, or ask who sent it.');
  if (found.current && found.current !== slug) return goTo(ask.reply, `/portal/${found.current}`);
  rememberHost(ask, found.organizationId);
  const member = await findMember(ask);
  if (!member) return goTo(ask.reply, '/portal/sign-in');
  if (member.step === 'active') await actThere(ask, member, found.organizationId);
  return goTo(ask.reply, pathOf(member.step));
}

/** Someone who is signed in and a customer there sees that customer's papers. */
async function actThere(ask: Ask, { session, person }: Member, organizationId: string): Promise<void> {
  const own = person.profiles.filter((profile) => profile.organizationId === organizationId);
  const [first] = own;
  if (!first || own.some(({ customerId }) => customerId === session.customerId)) return;
  await ask.app.db.transaction(systemActor('portal address'), (tx) =>
    enterProfile(
      tx,
      { sessionId: session.id, person, customerId: first.customerId, signingIn: false },
      systemNow(),
    ),
  );
}
