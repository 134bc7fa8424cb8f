import * as api from '#features/data-exports/api.ts';
import { listDataExports, presentDataExport } from '#features/data-exports/queries.ts';
import { cancelDataExport, startDataExport } from '#features/data-exports/start-data-export.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';

export function dataExportRoutes(app: App): void {
  serve(app, api.startDataExport, async ({ tx, actor, organization, now, body }) => {
    const ask = { organizationId: organization.id, ...camel(body) };
    const { exportId } = await startDataExport(tx, actor, ask, now);
    return presentDataExport(tx, organization.id, exportId);
  });
  serve(app, api.listDataExports, ({ tx, organization, query }) =>
    listDataExports(tx, organization.id, camel(query)),
  );
  serve(app, api.getDataExport, ({ tx, organization, params }) =>
    presentDataExport(tx, organization.id, params.id),
  );
  serve(app, api.cancelDataExport, async ({ tx, actor, organization, now, params }) => {
    await cancelDataExport(tx, actor, { organizationId: organization.id, exportId: params.id }, now);
    return presentDataExport(tx, organization.id, params.id);
  });
}
