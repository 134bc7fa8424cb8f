import { outboxOf } from '#features/correspondence/outbox.ts';
import { getEInvoice } from '#features/e-invoices/api.ts';
import * as api from '#features/invoices/api.ts';
import { invoiceFile } from '#features/invoices/document-of-invoice.ts';
import { draftSending } from '#features/invoices/draft-sending.ts';
import { invoiceAsEInvoice } from '#features/invoices/invoice-papers.ts';
import { sendInvoices } from '#features/invoices/send-invoices.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { serveFile } from '#http/serve-file.ts';
import { snake } from '#lib/casing.ts';

export function sendInvoiceRoutes(app: App): void {
  const makings = { secrets: app.secrets, outbox: outboxOf(app.config) };
  serve(app, api.sendInvoices, async ({ tx, actor, organization, now, body }) => {
    const report = await sendInvoices(
      tx,
      actor,
      { ...makings, organizationId: organization.id, invoiceIds: body.invoice_ids, skipSentToday: true },
      now,
    );
    return {
      object: 'send_report' as const,
      queued: report.sent.length,
      skipped: report.skipped.map(({ invoiceId, number, reason }) => ({
        invoice_id: invoiceId,
        number,
        reason,
      })),
    };
  });
  serve(app, api.draftSending, async ({ tx, organization, now, params }) => {
    const asked = { ...makings, organizationId: organization.id, invoiceId: params.id };
    return { object: 'send_draft' as const, ...snake(await draftSending(tx, asked, now)) };
  });
  serveFile(app, api.getInvoicePdf, ({ caller, params }) =>
    invoiceFile({ db: app.db, secrets: app.secrets, baseUrl: app.config.baseUrl }, caller.actor, {
      organizationId: caller.organization.id,
      invoiceId: params.id,
    }),
  );
  serveFile(app, getEInvoice, ({ caller, params, query }) =>
    invoiceAsEInvoice(
      { db: app.db, secrets: app.secrets, baseUrl: app.config.baseUrl },
      caller.actor,
      { organizationId: caller.organization.id, invoiceId: params.id },
      query.format,
    ),
  );
}
