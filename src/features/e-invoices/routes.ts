import * as api from '#features/e-invoices/api.ts';
import {
  readEInvoiceBuyer,
  readEInvoicePolicy,
  setEInvoiceBuyer,
  setEInvoicePolicy,
} from '#features/e-invoices/set-e-invoices.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel, snake } from '#lib/casing.ts';

export function eInvoiceRoutes(app: App): void {
  serve(app, api.getEInvoicePolicy, async ({ tx, organization }) => ({
    object: 'e_invoice_policy' as const,
    format: await readEInvoicePolicy(tx, organization.id),
  }));
  serve(app, api.setEInvoicePolicy, async ({ tx, actor, organization, now, body }) => {
    await setEInvoicePolicy(tx, actor, { organizationId: organization.id, ...body }, now);
    return { object: 'e_invoice_policy' as const, ...body };
  });
  serve(app, api.getEInvoiceBuyer, async ({ tx, organization, params }) => ({
    object: 'e_invoice_buyer' as const,
    customer_id: params.id,
    ...snake(await readEInvoiceBuyer(tx, organization.id, params.id)),
  }));
  serve(app, api.setEInvoiceBuyer, async ({ tx, actor, organization, now, params, body }) => {
    const about = { organizationId: organization.id, customerId: params.id };
    await setEInvoiceBuyer(tx, actor, { ...about, ...camel(body) }, now);
    return { object: 'e_invoice_buyer' as const, customer_id: params.id, ...body };
  });
}
