import type { FastifyReply } from 'fastify';
import { onBehalfOf } from '#db/db.ts';
import { openDispute } from '#features/collections/open-dispute.ts';
import { mayDispute, readOpenDispute } from '#features/collections/portal-queries.ts';
import { readPayerInvoice } from '#features/invoices/portal-queries.ts';
import { idOf } from '#features/portal-access/invoice-routes.ts';
import { type Ask, goTo, portalRoute, sendPage, textOf } from '#features/portal-access/page-routes.ts';
import { checkMember, payerOf, visitOf } from '#features/portal-access/payer-routes.ts';
import type { Visit } from '#features/portal-access/visit.ts';
import type { App } from '#http/app.ts';
import { Refusal } from '#lib/errors.ts';
import { disputePage } from '#web/portal/views/dispute-page.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';

/** Somebody who objects to an invoice that they see: signed in, or by a link. */
export type Objection = Pick<Visit, 'seller' | 'scope' | 'actor' | 'now' | 'read' | 'shell'> & {
  invoiceId: string;
  url: string;
  backUrl: string;
};

/** The form in which a payer says what is wrong with an invoice. */
export function disputeRoutes(app: App): void {
  const url = '/portal/invoices/:id/dispute';
  portalRoute(app, { method: 'GET', url }, async (ask) =>
    showDispute(ask, disputeOf(ask, visitOf(ask, await payerOf(ask)))),
  );
  portalRoute(app, { method: 'POST', url, perMinute: 20 }, async (ask) => {
    const payer = await payerOf(ask);
    checkMember(ask, payer);
    return takeDispute(ask, disputeOf(ask, visitOf(ask, payer)));
  });
}

export function disputeOf(ask: Ask, visit: Visit): Objection {
  const invoiceId = idOf(ask);
  const backUrl = `${visit.base}/invoices/${invoiceId}`;
  return { ...visit, invoiceId, url: `${backUrl}/dispute`, backUrl };
}

export async function showDispute(ask: Ask, objection: Objection, form?: FormState): Promise<FastifyReply> {
  const { scope, seller, invoiceId, url, backUrl } = objection;
  const { invoice, dispute } = await objection.read(async (tx) => ({
    invoice: await readPayerInvoice(tx, scope, invoiceId),
    dispute: await readOpenDispute(tx, seller.id, invoiceId),
  }));
  // Said already, or nothing to pay: the invoice itself says how it stands.
  if (!mayDispute(invoice, dispute)) return goTo(ask.reply, backUrl);
  const shell = objection.shell();
  const page = disputePage(shell, {
    number: invoice.number,
    action: url,
    backUrl,
    ...(form ? { form } : {}),
  });
  return sendPage(ask.reply, page, { nonce: shell.nonce, status: form ? 422 : 200 });
}

export async function takeDispute(ask: Ask, objection: Objection): Promise<FastifyReply> {
  const { scope, seller, actor, now, invoiceId, backUrl } = objection;
  const reason = textOf(ask.request, 'reason', 2000);
  // Seen by this payer, before anything is written with the organization's rights.
  await objection.read((tx) => readPayerInvoice(tx, scope, invoiceId));
  if (!reason) {
    return showDispute(ask, objection, { errors: { reason: 'Please say in a few words what is wrong.' } });
  }
  const input = { organizationId: seller.id, invoiceId, reason, restsUntil: null, byCustomer: true };
  try {
    await ask.app.db.transaction(onBehalfOf(actor), (tx) => openDispute(tx, actor, input, now));
  } catch (error) {
    // A second click, or a payment meanwhile: the invoice says how it stands.
    if (error instanceof Refusal && (error.code === 'state_refused' || error.code === 'nothing_due'))
      return goTo(ask.reply, backUrl);
    throw error;
  }
  return goTo(ask.reply, `${backUrl}?note=disputed`);
}
