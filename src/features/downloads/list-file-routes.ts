import * as api from '#features/downloads/api.ts';
import type { Format, ListFile } from '#features/downloads/list-file.ts';
import { listListFiles, presentListFile, readListFile } from '#features/downloads/list-file-queries.ts';
import { cancelListFile, startListFile } from '#features/downloads/start-list-file.ts';
import { type ListFiles, paging } from '#features/downloads/write-list-file.ts';
import type { App } from '#http/app.ts';
import { parse, serve } from '#http/serve.ts';
import { serveText } from '#http/serve-file.ts';
import { camel } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';
import type { Endpoint, Scope } from '#lib/endpoint.ts';
import { Refusal } from '#lib/errors.ts';
import { demand, scopesOf } from '#lib/roles.ts';

/** Lists as files. Whoever may not read a list has no file of it, nor sees that there is one. */
export function listFileRoutes(app: App, listFiles: ListFiles): void {
  serve(app, api.startListFile, async ({ tx, actor, organization, now, body }) => {
    const { list, format, search, ids } = body;
    const file = listFiles[list];
    const scope = file.list.scope as Scope;
    demand(actor, scope);
    // What the list itself would not take is refused now, not when nobody looks any more.
    parse(file.list.query.omit(paging).strict(), search, 'search');
    if (ids && !file.choosable)
      throw new Refusal('invalid_request', {
        message: `Rows of ${file.title.toLowerCase()} cannot be chosen one by one. Leave ids out.`,
        param: 'ids',
      });
    const ask = { organizationId: organization.id, list, format, search, ids, scope };
    const { listFileId } = await startListFile(tx, actor, ask, now);
    return presentListFile(tx, organization.id, listFileId);
  });
  serve(app, api.listListFiles, ({ tx, actor, organization, query }) =>
    listListFiles(tx, organization.id, scopesOf(actor), camel(query)),
  );
  serve(app, api.getListFile, async ({ tx, actor, organization, params }) => {
    demand(actor, (await readListFile(tx, organization.id, params.id)).scope);
    return presentListFile(tx, organization.id, params.id);
  });
  serve(app, api.cancelListFile, async ({ tx, actor, organization, now, params }) => {
    demand(actor, (await readListFile(tx, organization.id, params.id)).scope);
    await cancelListFile(tx, actor, { organizationId: organization.id, listFileId: params.id }, now);
    return presentListFile(tx, organization.id, params.id);
  });
}

/** Mount an endpoint that answers the file of a list at once, as it is read: for programs that ask for it. */
export function serveListFile(app: App, endpoint: Endpoint, file: ListFile, format: Format): void {
  serveText(app, endpoint, ({ caller, query }) => {
    const { actor, organization, now } = caller;
    const bytes = file.bytes(
      { actor, organization, now, ids: undefined, query, inTx: (read) => app.db.transaction(actor, read) },
      format,
    );
    const day = dateIn(organization.timeZone, now);
    const name = file.title.toLowerCase().replaceAll(' ', '-');
    const status = typeof query.status === 'string' ? `-${query.status}` : '';
    return { fileName: `${name}${status}-${day}.${format}`, text: bytes };
  });
}
