import * as api from '#features/audit-log/api.ts';
import { exportAuditLog } from '#features/audit-log/export-audit-log.ts';
import { listActors, listAudit } from '#features/audit-log/read-audit-log.ts';
import { readCustomerRecord } from '#features/audit-log/read-customer-record.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { serveText } from '#http/serve-file.ts';
import { camel } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';

export function auditLogRoutes(app: App): void {
  serve(app, api.listAudit, ({ tx, organization, query }) => listAudit(tx, organization, camel(query)));
  serve(app, api.listAuditActors, ({ tx, organization }) => listActors(tx, organization.id));
  serve(app, api.getCustomerRecord, ({ tx, organization, params }) =>
    readCustomerRecord(tx, organization.id, params.id),
  );
  serveText(app, api.exportAudit, ({ caller, query }) => {
    const { actor, organization, now } = caller;
    return {
      fileName: `audit-log-${dateIn(organization.timeZone, now)}.csv`,
      text: exportAuditLog(app.db, actor, { asking: organization, filter: camel(query) }),
    };
  });
}
