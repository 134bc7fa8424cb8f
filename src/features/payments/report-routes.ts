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
  serveText(app, api.exportPayments, ({ caller, query }) => {
    const { actor, organization, now } = caller;
    const today = dateIn(organization.timeZone, now);
    return {
      fileName: `payments-${query.status}-${today}.csv`,
      text: exportPayments(app.db, actor, { organizationId: organization.id, filter: camel(query), today }),
    };
  });
}
