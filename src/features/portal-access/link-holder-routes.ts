import type { FastifyReply } from 'fastify';
import { onBehalfOf, systemActor, type Tx } from '#db/db.ts';
import { type CustomerRow, readCustomer } from '#features/customers/queries.ts';
import type { PayerScope } from '#features/invoices/portal-queries.ts';
import { type OrganizationRow, readOrganization } from '#features/organizations/queries.ts';
import type { PayerActor } from '#features/payments/portal-await-payment.ts';
import { blankDoor, type Door, openDoor, rememberHost } from '#features/portal-access/door-routes.ts';
import { sendLinkProblem } from '#features/portal-access/link-problem-routes.ts';
import type { Ask } from '#features/portal-access/page-routes.ts';
import { readAs } from '#features/portal-access/payer-routes.ts';
import { originOf } from '#http/app.ts';
import { findSession, staffCookie } from '#http/session.ts';
import { organizationNow } from '#lib/clock.ts';
import { dateIn } from '#lib/dates.ts';
import type { LinkProblemPage } from '#web/portal/views/problem-pages.ts';

/** Someone who holds a link: they see and pay what it opens, and nothing else of its customer. */
export type Guest = {
  base: string;
  door: Door;
  seller: OrganizationRow;
  customer: CustomerRow;
  scope: PayerScope;
  actor: Extract<PayerActor, { kind: 'payer_link' }>;
  now: Date;
  today: string;
};

export type Opened<G> = { guest: G } | { problem: FastifyReply };

/** A link as it was opened: whose papers it names, and whether its signature is one of ours. */
export type HeldLink = {
  base: string;
  purpose: LinkProblemPage['purpose'];
  /** Undefined: nothing of ours has this name. */
  named: { organizationId: string; customerId: string; invoiceId?: string; version: number } | undefined;
  holds(version: number): boolean;
  /** Whose papers show beside the customer's own. */
  together?(tx: Tx, customer: CustomerRow): Promise<string[]>;
};

/** The signature decides. A link that was good once is told so; anything else learns nothing. */
export async function openGuest(ask: Ask, link: HeldLink): Promise<Opened<Guest>> {
  const { base, purpose, named, holds } = link;
  if (named && holds(named.version)) return { guest: await guestOf(ask, link, named, base) };
  const version = named?.version ?? 0;
  const before = Array.from({ length: Math.min(version, 20) }, (_, at) => version - 1 - at);
  const revoked = named !== undefined && before.some(holds);
  const door = revoked ? await openDoor(ask, await sellerOf(ask, named)) : await blankDoor(ask);
  return { problem: sendLinkProblem(ask, door, { problem: revoked ? 'revoked' : 'unknown', purpose }) };
}

type Named = NonNullable<HeldLink['named']>;

async function guestOf(ask: Ask, link: HeldLink, named: Named, base: string): Promise<Guest> {
  const { organizationId, customerId, invoiceId } = named;
  const origin = originOf(ask.request);
  const who = { kind: 'payer_link' as const, organizationId, customerId, origin };
  const actor = invoiceId ? { ...who, invoiceId } : who;
  const { seller, customer } = await ask.app.db.transaction(actor, async (tx) => ({
    seller: await readOrganization(tx, organizationId),
    customer: await readCustomer(tx, organizationId, customerId),
  }));
  const { together } = link;
  const customerIds = together
    ? await ask.app.db.transaction(onBehalfOf(actor), (tx) => together(tx, customer))
    : [customerId];
  rememberHost(ask, seller.id);
  const now = organizationNow(seller);
  return {
    base,
    seller,
    customer,
    actor,
    now,
    door: await openDoor(ask, seller),
    scope: { organizationId, customerIds },
    today: dateIn(seller.timeZone, now),
  };
}

const sellerOf = (ask: Ask, { organizationId }: { organizationId: string }): Promise<OrganizationRow> =>
  ask.app.db.transaction(systemActor('pay link'), (tx) => readOrganization(tx, organizationId));

export const readGuest = <T>(ask: Ask, guest: Guest, work: (tx: Tx) => Promise<T>): Promise<T> =>
  readAs(ask, guest, work);

/** Someone of the organization looks at a page of its payers: that is no visit of theirs. */
export const isStaff = async ({ app, request }: Ask): Promise<boolean> =>
  (await findSession(app.db, request.cookies[staffCookie])) !== undefined;
