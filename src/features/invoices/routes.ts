import type { Tx } from '#db/db.ts';
import { serveListFile } from '#features/downloads/list-file-routes.ts';
import * as api from '#features/invoices/api.ts';
import { draftInvoice } from '#features/invoices/draft-invoice.ts';
import { draftRoutes } from '#features/invoices/draft-routes.ts';
import { exemptInvoice } from '#features/invoices/exempt-invoice.ts';
import { issueInvoice } from '#features/invoices/issue-invoice.ts';
import { invoicesFile } from '#features/invoices/list-file.ts';
import * as fileApi from '#features/invoices/list-files/api.ts';
import { payLink } from '#features/invoices/pay-link.ts';
import { presentLine, presentTax } from '#features/invoices/present-line.ts';
import {
  listInvoices,
  presentInvoice,
  readInvoice,
  readLines,
  readPaymentsOf,
} from '#features/invoices/queries.ts';
import { taxesOfInvoice } from '#features/invoices/rules.ts';
import { sendInvoiceRoutes } from '#features/invoices/send-invoice-routes.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import type { App, OrganizationContext } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel, snake } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';

export type Reader = { tx: Tx; organization: OrganizationContext; now: Date };

export function invoiceRoutes(app: App): void {
  const one = async ({ tx, organization, now }: Reader, id: string) => {
    const row = await readInvoice(tx, organization.id, id);
    const lines = await readLines(tx, organization.id, id);
    return {
      ...presentInvoice(row, dateIn(organization.timeZone, now)),
      lines: lines.map(presentLine),
      taxes: taxesOfInvoice({ ...row, lines }).map(presentTax),
      payments: (await readPaymentsOf(tx, organization.id, id)).map(snake),
      pay_url: payLink(app.secrets, app.config.baseUrl, { ...row, organizationId: organization.id }),
    };
  };
  serve(app, api.listInvoices, async ({ tx, organization, now, query }) => {
    const today = dateIn(organization.timeZone, now);
    const { rows, hasMore } = await listInvoices(tx, organization.id, today, camel(query));
    return {
      object: 'list' as const,
      data: rows.map((row) => presentInvoice(row, today)),
      has_more: hasMore,
    };
  });
  serve(app, api.getInvoice, (context) => one(context, context.params.id));
  serve(app, api.createInvoice, async (context) => {
    const { tx, actor, organization, now, body } = context;
    const { issue, lines, ...invoice } = body;
    const { invoiceId } = await draftInvoice(
      tx,
      actor,
      { organizationId: organization.id, invoice: { ...camel(invoice), lines: lines.map(camel) }, issue },
      now,
    );
    return one(context, invoiceId);
  });
  serve(app, api.issueInvoice, async (context) => {
    const { tx, actor, organization, now, params } = context;
    await issueInvoice(tx, actor, { organizationId: organization.id, invoiceId: params.id }, now);
    return one(context, params.id);
  });
  serve(app, api.voidInvoice, async (context) => {
    const { tx, actor, organization, now, params, body } = context;
    await voidInvoice(
      tx,
      actor,
      { organizationId: organization.id, invoiceId: params.id, reason: body.reason },
      now,
    );
    return one(context, params.id);
  });
  serve(app, api.updateInvoice, async (context) => {
    const { tx, actor, organization, now, params, body } = context;
    await exemptInvoice(
      tx,
      actor,
      { organizationId: organization.id, invoiceId: params.id, ...camel(body) },
      now,
    );
    return one(context, params.id);
  });
  serveListFile(app, fileApi.invoicesCsv, invoicesFile, 'csv');
  serveListFile(app, fileApi.invoicesXlsx, invoicesFile, 'xlsx');
  draftRoutes(app, one);
  sendInvoiceRoutes(app);
}
