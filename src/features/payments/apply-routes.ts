import * as api from '#features/payments/api.ts';
import { applyPayment } from '#features/payments/apply-payment.ts';
import { getPayment } from '#features/payments/report-queries.ts';
import { unapplyPayment } from '#features/payments/unapply-payment.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';

export function applyRoutes(app: App): void {
  serve(app, api.applyPayment, async ({ tx, actor, organization, now, params, body }) => {
    const at = { organizationId: organization.id, paymentId: params.id };
    await applyPayment(tx, actor, { ...at, applications: body.applications.map(camel) }, now);
    return getPayment(tx, organization.id, params.id);
  });
  serve(app, api.unapplyPayment, async ({ tx, actor, organization, now, params, body }) => {
    const at = { organizationId: organization.id, paymentId: params.id };
    await unapplyPayment(tx, actor, { ...at, invoiceId: body.invoice_id }, now);
    return getPayment(tx, organization.id, params.id);
  });
}
