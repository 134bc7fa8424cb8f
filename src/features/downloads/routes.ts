import { getDownload } from '#features/downloads/api.ts';
import { bytesOfDownload, readDownload, refuseReader } from '#features/downloads/read-download.ts';
import type { App } from '#http/app.ts';
import { serveText } from '#http/serve-file.ts';

export function downloadRoutes(app: App): void {
  serveText(app, getDownload, async ({ caller, params }) => {
    const { actor, organization, now } = caller;
    const download = await app.db.transaction(actor, (tx) => readDownload(tx, organization.id, params.id));
    refuseReader(actor, download, now);
    const one = { organizationId: organization.id, downloadId: params.id };
    return { fileName: download.fileName, text: bytesOfDownload(app.db, actor, one) };
  });
}
