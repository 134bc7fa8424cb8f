import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { readOrganization } from '#features/organizations/queries.ts';
import { addMethodByStaff } from '#features/payment-methods/add-method-by-staff.ts';
import * as api from '#features/payment-methods/api.ts';
import { authorizationFile } from '#features/payment-methods/authorization-document.ts';
import { hostedSlots } from '#features/payment-methods/hosted-slots.ts';
import { removeMethod } from '#features/payment-methods/remove-method.ts';
import { type SentLink, sendMethodLink } from '#features/payment-methods/send-method-link.ts';
import { setDefaultMethod } from '#features/payment-methods/set-default-method.ts';
import { type Gateways, routedGateways } from '#features/payments/gateways.ts';
import { heldAuthorization, heldCardAgreement } from '#features/payments/portal-rules.ts';
import { presentMethod, readMethod } from '#features/payments/queries.ts';
import { type App, pageOrigin } from '#http/app.ts';
import { serve, serveJourney } from '#http/serve.ts';
import { serveFile } from '#http/serve-file.ts';
import { dateIn } from '#lib/dates.ts';
import { notFound } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

type Deps = { gateways: Gateways; outbox: Outbox };

/** What staff and API keys do with stored methods; listing them is with the payments. */
export function paymentMethodRoutes(app: App, deps: Deps): void {
  serve(app, api.listMethodFields, async ({ tx, organization, request }) => {
    const routed = await routedGateways(tx, organization.id);
    const seller = await readOrganization(tx, organization.id);
    return {
      object: 'payment_method_fields' as const,
      payment_method_id: newId('paymentMethod'),
      slots: hostedSlots(deps.gateways, routed, pageOrigin(app, request)),
      card_agreement: heldCardAgreement(seller),
      liability: heldAuthorization(seller),
    };
  });
  serveJourney(app, api.createPaymentMethod, async ({ caller, body, origin }) => {
    const { actor, organization, now } = caller;
    const { customer_id: customerId, kind, token, authorization } = body;
    const methodId = body.payment_method_id ?? newId('paymentMethod');
    await addMethodByStaff(
      { db: app.db, ...deps },
      actor,
      { organizationId: organization.id, customerId, methodId, kind, token, authorization, origin },
      now,
    );
    return app.db.transaction(actor, (tx) => shown(tx, caller, methodId));
  });
  serve(app, api.setDefaultPaymentMethod, async ({ tx, actor, organization, now, params }) => {
    const organizationId = organization.id;
    const customerId = await ownerOf(tx, organizationId, params.id);
    const today = dateIn(organization.timeZone, now);
    await setDefaultMethod(tx, actor, { organizationId, customerId, methodId: params.id, today }, now);
    return shown(tx, { organization, now }, params.id);
  });
  serve(app, api.removePaymentMethod, async ({ tx, actor, organization, now, params }) => {
    const organizationId = organization.id;
    const customerId = await ownerOf(tx, organizationId, params.id);
    await removeMethod(tx, actor, { organizationId, customerId, methodId: params.id }, now);
    return { object: 'payment_method' as const, id: params.id, removed: true as const };
  });
  linkRoutes(app, deps);
}

function linkRoutes(app: App, deps: Deps): void {
  const { outbox } = deps;
  serve(app, api.invitePaymentMethod, async ({ tx, actor, organization, now, params, body }) => {
    const input = {
      organizationId: organization.id,
      customerId: params.id,
      mail: body.mail,
      offersAutopay: body.offer_autopay,
      outbox,
    };
    return presentLink(await sendMethodLink(tx, actor, input, now));
  });
  serve(app, api.requestAuthorization, async ({ tx, actor, organization, now, params, body }) => {
    const organizationId = organization.id;
    const customerId = await ownerOf(tx, organizationId, params.id);
    const input = { organizationId, customerId, methodId: params.id, mail: body.mail, outbox };
    return presentLink(await sendMethodLink(tx, actor, input, now));
  });
  serveFile(app, api.getAuthorization, ({ caller, params }) =>
    authorizationFile({ db: app.db }, caller.actor, {
      organizationId: caller.organization.id,
      methodId: params.id,
    }),
  );
}

const presentLink = ({ url, expiresAt, sentTo }: SentLink) => ({
  object: 'payment_method_link' as const,
  url,
  expires_at: expiresAt,
  sent_to: sentTo,
});

async function ownerOf(tx: Tx, organizationId: string, methodId: string): Promise<string> {
  const method = await tx.row<{ customerId: string }>(sql`select customer_id from payment_methods
    where organization_id = ${organizationId} and id = ${methodId} and state <> 'removed'`);
  if (!method) throw notFound('payment method', methodId);
  return method.customerId;
}

async function shown(
  tx: Tx,
  { organization, now }: { organization: { id: string; timeZone: string }; now: Date },
  methodId: string,
) {
  return presentMethod(await readMethod(tx, organization.id, methodId), dateIn(organization.timeZone, now));
}
