import * as api from '#features/audit-log/api.ts';
import { auditFile } from '#features/audit-log/list-file.ts';
import { listActors, listAudit } from '#features/audit-log/read-audit-log.ts';
import { readCustomerRecord } from '#features/audit-log/read-customer-record.ts';
import { serveListFile } from '#features/downloads/list-file-routes.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';

export function auditLogRoutes(app: App): void {
  serve(app, api.listAudit, ({ tx, organization, query }) => listAudit(tx, organization, camel(query)));
  serve(app, api.listAuditActors, ({ tx, organization }) => listActors(tx, organization.id));
  serve(app, api.getCustomerRecord, ({ tx, organization, params }) =>
    readCustomerRecord(tx, organization.id, params.id),
  );
  serveListFile(app, api.exportAudit, auditFile, 'csv');
}
