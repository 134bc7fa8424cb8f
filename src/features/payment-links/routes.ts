import type { Outbox } from '#features/correspondence/outbox.ts';
import * as api from '#features/payment-links/api.ts';
import { makePaymentLink } from '#features/payment-links/make-payment-link.ts';
import {
  type Presenting,
  presentPaymentLink,
  readPaymentLink,
  readPaymentLinks,
} from '#features/payment-links/queries.ts';
import { withdrawPaymentLink } from '#features/payment-links/withdraw-payment-link.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';

/** As staff makes and follows them; what payers see is in portal-access/payment-link-routes.ts. */
export function paymentLinkApiRoutes(app: App, { outbox }: { outbox: Outbox }): void {
  const { secrets } = app;
  const by = (now: Date): Presenting => ({ secrets, baseUrl: outbox.baseUrl, now });
  serve(app, api.createPaymentLink, async ({ tx, actor, organization, now, body }) => {
    const { customer_id: customerId, expires_in_days: expiresInDays, ...rest } = body;
    const input = { ...rest, customerId, expiresInDays, organizationId: organization.id, outbox, secrets };
    const { paymentLinkId } = await makePaymentLink(tx, actor, input, now);
    return presentPaymentLink(await readPaymentLink(tx, organization.id, paymentLinkId), by(now));
  });
  serve(app, api.listPaymentLinks, async ({ tx, organization, now, query }) => {
    const { rows, hasMore } = await readPaymentLinks(tx, organization.id, camel(query));
    const data = rows.map((row) => presentPaymentLink(row, by(now)));
    return { object: 'list' as const, data, has_more: hasMore };
  });
  serve(app, api.getPaymentLink, async ({ tx, organization, now, params }) =>
    presentPaymentLink(await readPaymentLink(tx, organization.id, params.id), by(now)),
  );
  serve(app, api.withdrawPaymentLink, async ({ tx, actor, organization, now, params }) => {
    const about = { organizationId: organization.id, paymentLinkId: params.id };
    await withdrawPaymentLink(tx, actor, about, now);
    return presentPaymentLink(await readPaymentLink(tx, organization.id, params.id), by(now));
  });
}
