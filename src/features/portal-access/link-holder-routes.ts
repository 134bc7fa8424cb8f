import type { FastifyReply } from 'fastify';
import { systemActor } from '#db/db.ts';
import { type CustomerRow, readCustomer } from '#features/customers/queries.ts';
import { holdsPayLink } from '#features/invoices/pay-link.ts';
import { findLinkedInvoice, type LinkedInvoice, type PayerScope } from '#features/invoices/portal-queries.ts';
import { type OrganizationRow, readOrganization } from '#features/organizations/queries.ts';
import type { PayerActor } from '#features/payments/portal-await-payment.ts';
import { blankDoor, type Door, openDoor, rememberHost } from '#features/portal-access/door-routes.ts';
import { sendLinkProblem } from '#features/portal-access/link-problem-routes.ts';
import { type Ask, paramOf } from '#features/portal-access/page-routes.ts';
import { organizationNow } from '#lib/clock.ts';
import { dateIn } from '#lib/dates.ts';
import { isId } from '#lib/ids.ts';

/**
 * Someone who holds the link of one invoice: they see and pay that invoice, and nothing else of its customer.
 */
export type Holder = {
  base: string;
  door: Door;
  linked: LinkedInvoice;
  seller: OrganizationRow;
  customer: CustomerRow;
  actor: Extract<PayerActor, { kind: 'payer_link' }>;
  now: Date;
  today: string;
};

export type LinkHandler = (ask: Ask, holder: Holder) => Promise<FastifyReply>;

/** The signature decides. A link that was good once is told so; anything else learns nothing. */
export async function openLink(ask: Ask): Promise<{ holder: Holder } | { problem: FastifyReply }> {
  const { app, request } = ask;
  const [id, signature] = [paramOf(request, 'invoiceId'), paramOf(request, 'signature')];
  const linked = isId('invoice', id)
    ? await app.db.transaction(systemActor('pay link'), (tx) => findLinkedInvoice(tx, id))
    : undefined;
  const holds = (version: number): boolean =>
    linked !== undefined && holdsPayLink(app.secrets, { ...linked, linkVersion: version }, signature);
  if (!linked || !holds(linked.linkVersion)) {
    const before = Array.from(
      { length: Math.min(linked?.linkVersion ?? 0, 20) },
      (_, at) => (linked?.linkVersion ?? 0) - 1 - at,
    );
    const problem = before.some(holds) ? ('revoked' as const) : ('unknown' as const);
    const door =
      problem === 'revoked' && linked
        ? await openDoor(ask, await sellerOf(ask, linked))
        : await blankDoor(ask);
    return { problem: sendLinkProblem(ask, door, { problem, purpose: 'invoice' }) };
  }
  const actor = {
    kind: 'payer_link' as const,
    organizationId: linked.organizationId,
    customerId: linked.customerId,
    invoiceId: linked.id,
  };
  const { seller, customer } = await app.db.transaction(actor, async (tx) => ({
    seller: await readOrganization(tx, linked.organizationId),
    customer: await readCustomer(tx, linked.organizationId, linked.customerId),
  }));
  rememberHost(ask, seller.id);
  const now = organizationNow(seller);
  const door = await openDoor(ask, seller);
  return {
    holder: {
      base: `/i/${id}/${signature}`,
      door,
      linked,
      seller,
      customer,
      actor,
      now,
      today: dateIn(seller.timeZone, now),
    },
  };
}

const sellerOf = (ask: Ask, linked: LinkedInvoice): Promise<OrganizationRow> =>
  ask.app.db.transaction(systemActor('pay link'), (tx) => readOrganization(tx, linked.organizationId));

export const scopeOf = (holder: Holder): PayerScope => ({
  organizationId: holder.seller.id,
  customerIds: [holder.customer.id],
});
