import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as api from '#features/imports/api.ts';
import { createImport } from '#features/imports/create-import.ts';
import { importKinds } from '#features/imports/field-rules.ts';
import { askForWork } from '#features/imports/jobs.ts';
import { listRows } from '#features/imports/list-rows.ts';
import { problemsCsv } from '#features/imports/problems-csv.ts';
import { getImport, listImports } from '#features/imports/queries.ts';
import { setImportMapping } from '#features/imports/set-import-mapping.ts';
import { startCheck, startImport, startUndo } from '#features/imports/start-work.ts';
import { templateCsv, templateName } from '#features/imports/templates.ts';
import type { App } from '#http/app.ts';
import { type Context, serve } from '#http/serve.ts';
import { callerOf } from '#http/session.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';
import { scopesOf } from '#lib/roles.ts';

/**
 * The body of an upload. Its length stands for it where a body is compared (an idempotency key used
 * again).
 */
type FileBody = AsyncIterable<Uint8Array> & { length: string };

const mostBytes = api.createImport.bodyLimit ?? 0;

async function* limited(file: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of file) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Refusal('too_large', 'The file is larger than 1 GiB. Split it.');
    yield chunk;
  }
}

function toFileBody(request: FastifyRequest, stream: AsyncIterable<Uint8Array>): FileBody {
  let isRead = false;
  return {
    length: request.headers['content-length'] ?? '',
    [Symbol.asyncIterator]: () => {
      // A transaction that is run again would find nothing left of the file.
      if (isRead) throw new Refusal('conflict', 'The upload was interrupted. Send the file again.');
      isRead = true;
      return limited(stream)[Symbol.asyncIterator]();
    },
  };
}

export function importRoutes(app: App): void {
  app.fastify.register((fastify, _options, done) => {
    // Files pass through as they come, on this route alone.
    fastify.addContentTypeParser(['text/csv', 'application/octet-stream'], (request, stream, done) =>
      done(null, toFileBody(request, stream)),
    );
    serve({ ...app, fastify }, api.createImport, upload);
    done();
  });
  serve(app, api.listImports, ({ tx, organization, query }) =>
    listImports(tx, organization.id, { limit: query.limit, startingAfter: query.starting_after }),
  );
  serve(app, api.getImport, ({ tx, organization, params }) => getImport(tx, organization.id, params.id));
  serve(app, api.setImportMapping, async ({ tx, actor, organization, now, params, body }) => {
    const { send_invoices: sendInvoices, ...edit } = body;
    await setImportMapping(
      tx,
      actor,
      { ...edit, sendInvoices, organizationId: organization.id, importId: params.id },
      now,
    );
    return getImport(tx, organization.id, params.id);
  });
  serve(app, api.listImportRows, ({ tx, actor, organization, params, query }) =>
    listRows(
      tx,
      actor,
      { organizationId: organization.id, importId: params.id },
      { limit: query.limit, afterLine: query.after_line, only: query.only },
    ),
  );
  for (const [endpoint, start] of [
    [api.checkImport, startCheck],
    [api.commitImport, startImport],
    [api.undoImport, startUndo],
  ] as const) {
    serve(app, endpoint, async ({ tx, actor, organization, now, params }) => {
      const one = { organizationId: organization.id, importId: params.id };
      await start(tx, actor, one, now);
      await askForWork(tx, one);
      return getImport(tx, organization.id, params.id);
    });
  }
  app.fastify.get<{ Params: { id: string } }>('/v1/imports/:id/problems.csv', (request, reply) =>
    sendProblems(app, request, reply),
  );
  app.fastify.get<{ Params: { file: string } }>('/v1/import-templates/:file', (request, reply) =>
    sendTemplate(request.params.file, reply),
  );
}

async function upload({ tx, actor, organization, now, query, body }: Context<typeof api.createImport>) {
  if (!body || !(Symbol.asyncIterator in body)) {
    throw new Refusal('invalid_request', {
      message: 'Send the file itself as the body, with the content type text/csv.',
      param: 'body',
    });
  }
  const { importId } = await createImport(
    tx,
    actor,
    { organizationId: organization.id, kind: query.kind, fileName: query.file_name, file: body as FileBody },
    now,
  );
  return getImport(tx, organization.id, importId);
}

const attachment = (reply: FastifyReply, fileName: string): FastifyReply =>
  reply
    .header('content-type', 'text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`);

async function sendProblems(
  app: App,
  request: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
) {
  const { actor, organization } = await callerOf(app, request);
  if (!scopesOf(actor).has('imports:write')) {
    throw new Refusal(
      'forbidden',
      'This needs the permission imports:write. Ask a superuser of your organization.',
    );
  }
  const importId = request.params.id;
  if (!isId('importBatch', importId)) throw notFound('import', importId);
  const { fileName, text } = await problemsCsv(app.db, actor, { organizationId: organization.id, importId });
  return attachment(reply, fileName).send(Readable.from(text, { objectMode: false }));
}

/** Our own layout tells nothing of anybody: it needs no sign-in. */
function sendTemplate(file: string, reply: FastifyReply): FastifyReply {
  const kind = importKinds.find((each) => file === `${each}.csv`);
  if (!kind) {
    const all = importKinds.map((each) => `${each}.csv`).join(', ');
    throw new Refusal('not_found', `There is no template of this name. Choose one of ${all}.`);
  }
  return attachment(reply, templateName[kind]).send(templateCsv(kind));
}
