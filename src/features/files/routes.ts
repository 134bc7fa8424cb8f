import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import * as api from '#features/files/api.ts';
import { addFile, removeFile, showFile } from '#features/files/change-files.ts';
import { type FileRow, fileReply, readFile, readFiles } from '#features/files/read-files.ts';
import type { App } from '#http/app.ts';
import { type Context, serve } from '#http/serve.ts';
import { serveFile } from '#http/serve-file.ts';
import { camel } from '#lib/casing.ts';
import { Refusal } from '#lib/errors.ts';
import { sha256 } from '#lib/secrets.ts';

/** Its hash stands for it where a body is compared (an idempotency key used again). */
class Upload {
  readonly hash: string;
  readonly #bytes: Buffer;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.hash = sha256(bytes);
  }
  get bytes(): Buffer {
    return this.#bytes;
  }
}

export function fileRoutes(app: App): void {
  app.fastify.register((fastify, _options, done) => {
    fastify.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer' },
      (_request, bytes, parsed) => parsed(null, new Upload(Buffer.from(bytes))),
    );
    serve({ ...app, fastify }, api.addFile, upload);
    done();
  });
  serve(app, api.listFiles, async ({ tx, organization, query }) => {
    const rows = await readFiles(tx, organization.id, {
      customerId: query.customer_id,
      invoiceId: query.invoice_id,
    });
    return { object: 'list' as const, data: await present(tx, organization.id, rows) };
  });
  serve(app, api.changeFile, async ({ tx, actor, organization, now, params, body }) => {
    const file = { organizationId: organization.id, fileId: params.id, ...camel(body) };
    await showFile(tx, actor, file, now);
    return one(tx, organization.id, params.id);
  });
  serve(app, api.removeFile, async ({ tx, actor, organization, now, params }) => {
    await removeFile(tx, actor, { organizationId: organization.id, fileId: params.id }, now);
    return { object: 'file' as const, id: params.id, removed: true as const };
  });
  serveFile(app, api.getFileContent, async ({ caller, params }) => {
    const { actor, organization } = caller;
    const file = await app.db.transaction(actor, (tx) => readFile(tx, organization.id, params.id));
    return fileReply({ db: app.db, actor, organizationId: organization.id }, file);
  });
}

async function upload({ tx, actor, organization, now, query, body }: Context<typeof api.addFile>) {
  if (!(body instanceof Upload))
    throw new Refusal('invalid_request', {
      message: 'Send the file itself as the body, with the content type application/octet-stream.',
      param: 'body',
    });
  const { fileId } = await addFile(
    tx,
    actor,
    {
      organizationId: organization.id,
      customerId: query.customer_id,
      invoiceId: query.invoice_id,
      fileName: query.file_name,
      bytes: body.bytes,
      customerSees: query.customer_sees === 'yes',
      goesWithMail: query.goes_with_mail === 'yes',
    },
    now,
  );
  return one(tx, organization.id, fileId);
}

async function one(tx: Tx, organizationId: string, id: string) {
  const [file] = await present(tx, organizationId, [await readFile(tx, organizationId, id)]);
  return file as NonNullable<typeof file>;
}

async function present(tx: Tx, organizationId: string, rows: readonly FileRow[]) {
  const people = await tx.rows<{ id: string; name: string | null }>(sql`select id, staff_name(user_id) as name
    from files where organization_id = ${organizationId} and id = any(${rows.map(({ id }) => id)}::text[])`);
  const nameOf = new Map(people.map(({ id, name }) => [id, name]));
  return rows.map((row) => ({
    object: 'file' as const,
    id: row.id,
    customer_id: row.customerId,
    invoice_id: row.invoiceId,
    file_name: row.fileName,
    content_type: row.contentType,
    size_bytes: row.sizeBytes,
    customer_sees: row.customerSees,
    goes_with_mail: row.goesWithMail,
    added_by: nameOf.get(row.id) ?? null,
    created_at: row.createdAt,
  }));
}
