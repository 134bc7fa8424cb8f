import { exportPayments } from '#features/payments/export-payments.ts';
import { listPayments, totalPayments } from '#features/payments/list-payments.ts';
import * as api from '#features/payments/report/api.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { serveText } from '#http/serve-file.ts';
import { camel } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';

export function reportRoutes(app: App): void {
  serve(app, api.listPayments, ({ tx, organization, query }) =>
    listPayments(tx, organization.id, camel(query)),
  );
  serve(app, api.totalPayments, ({ tx, organization, query }) =>
    totalPayments(tx, organization.id, camel(query)),
  );
  const files = { csv: api.exportPayments, xlsx: api.exportPaymentsXlsx } as const;
  for (const format of ['csv', 'xlsx'] as const)
    serveText(app, files[format], ({ caller, query }) => {
      const { actor, organization, now } = caller;
      const today = dateIn(organization.timeZone, now);
      const scope = { organizationId: organization.id, filter: camel(query), today };
      return {
        fileName: `payments-${query.status}-${today}.${format}`,
        text: exportPayments(app.db, actor, scope, format),
      };
    });
}
