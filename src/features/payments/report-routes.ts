import { serveListFile } from '#features/downloads/list-file-routes.ts';
import { paymentsFile } from '#features/payments/list-file.ts';
import { listPayments, totalPayments } from '#features/payments/list-payments.ts';
import * as api from '#features/payments/report/api.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';

export function reportRoutes(app: App): void {
  serve(app, api.listPayments, ({ tx, organization, query }) =>
    listPayments(tx, organization.id, camel(query)),
  );
  serve(app, api.totalPayments, ({ tx, organization, query }) =>
    totalPayments(tx, organization.id, camel(query)),
  );
  serveListFile(app, api.exportPayments, paymentsFile, 'csv');
  serveListFile(app, api.exportPaymentsXlsx, paymentsFile, 'xlsx');
}
