import { PDFDocument } from '@cantoo/pdf-lib';
import { ZipWriter } from '@zip.js/zip.js';
import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { actorOf, askOf, type BulkActionRow, readBulkAction } from '#features/bulk-actions/queries.ts';
import { type ChosenRow, readChosenRows } from '#features/bulk-actions/read-chosen.ts';
import { finish, writeOutcomes } from '#features/bulk-actions/write-outcomes.ts';
import {
  downloadWriter,
  dropDownload,
  finishDownload,
  hasWriter,
  openDownload,
  restsBeforeAnother_s,
} from '#features/downloads/write-download.ts';
import { invoiceFile } from '#features/invoices/document-of-invoice.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { secondsLater, systemNow } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

export type One = { organizationId: string; bulkActionId: string };
export type Deps = MailMakings & { db: Database };

/** How long a file of papers can be fetched. */
const kept_s = 7 * 86_400;
const batch = 10;

/** Takes one paper after the other, and ends the file. */
type Binder = { add(name: string, pdf: Buffer): Promise<void>; end(): Promise<void> };

/**
 * The papers of many invoices as one file. Each is read in a transaction and set with nothing open. What was
 * begun and not finished is made anew: a file has no half.
 */
export async function makePapers(deps: Deps, one: One, now: () => Date): Promise<void> {
  const { organizationId, bulkActionId } = one;
  const job: Actor = { kind: 'job', organizationId, name: 'bulk-action' };
  const begun = await deps.db.transaction(job, async (tx) => {
    const work = await readBulkAction(tx, organizationId, bulkActionId, true);
    if (work.state !== 'running') return undefined;
    if (work.downloadId) {
      if (await hasWriter(tx, organizationId, work.downloadId)) return lookLater(tx, one);
      await dropDownload(tx, organizationId, work.downloadId);
    }
    const file = { fileName: fileNameOf(work), scopes: ['invoices:read' as const] };
    const expiresAt = secondsLater(now(), kept_s);
    const downloadId = await openDownload(tx, { organizationId, ...file, expiresAt }, now());
    await tx.run(sql`delete from bulk_action_rows where organization_id = ${organizationId}
      and bulk_action_id = ${bulkActionId}`);
    await tx.run(sql`update bulk_actions set download_id = ${downloadId}, done = 0, refused = 0, done_through = ''
      where organization_id = ${organizationId} and id = ${bulkActionId}`);
    return { work, downloadId };
  });
  if (!begun) return;
  const { work, downloadId } = begun;
  const writer = downloadWriter({ db: deps.db, actor: job, organizationId, downloadId });
  const binder = work.action === 'pdf_zip' ? zipBinder(writer.write) : await bookBinder(writer.write);
  if (!(await bindAll(deps, one, binder))) return;
  await binder.end();
  const made = await writer.end();
  await deps.db.transaction(job, async (tx) => {
    await finishDownload(tx, { organizationId, downloadId, ...made }, now());
    await finish(tx, organizationId, await readBulkAction(tx, organizationId, bulkActionId, true), now());
  });
}

/** Somebody is at it; should that one die, it is begun anew. */
async function lookLater(tx: Tx, one: One): Promise<undefined> {
  const runAt = secondsLater(systemNow(), restsBeforeAnother_s);
  await enqueue(tx, [
    { job: 'work-bulk-action', key: `bulk-action:${one.bulkActionId}:again`, payload: one, runAt },
  ]);
}

const fileNameOf = ({ action, askedOn }: BulkActionRow): string =>
  action === 'pdf_zip' ? `Invoices ${askedOn}.zip` : `Invoices ${askedOn}.pdf`;

/** False: it was cancelled meanwhile. */
async function bindAll(deps: Deps, { organizationId, bulkActionId }: One, binder: Binder): Promise<boolean> {
  const job: Actor = { kind: 'job', organizationId, name: 'bulk-action' };
  const names = new Set<string>();
  for (;;) {
    const next = await deps.db.transaction(job, async (tx) => {
      const work = await readBulkAction(tx, organizationId, bulkActionId);
      if (work.state !== 'running') return undefined;
      const by = { after: work.doneThrough, before: work.createdAt, limit: batch };
      return { work, rows: await readChosenRows(tx, askOf(organizationId, work), by) };
    });
    if (!next) return false;
    if (next.rows.length === 0) return true;
    for (const row of next.rows) await bind(deps, { organizationId, work: next.work, row, names }, binder);
    const outcomes = next.rows.map(({ id, label }) => ({ id, label, rule: null, reason: null }));
    await deps.db.transaction(job, (tx) => writeOutcomes(tx, organizationId, next.work, outcomes));
  }
}

type Binding = { organizationId: string; work: BulkActionRow; row: ChosenRow; names: Set<string> };

async function bind(
  deps: Deps,
  { organizationId, work, row, names }: Binding,
  binder: Binder,
): Promise<void> {
  const links = { db: deps.db, secrets: deps.secrets, baseUrl: deps.outbox.baseUrl };
  const about = { organizationId, invoiceId: row.id };
  const file = await invoiceFile(links, actorOf(organizationId, work), about);
  // Two numbers may differ only in what no file name takes.
  const name = names.has(file.fileName) ? file.fileName.replace(/\.pdf$/, ` ${row.id}.pdf`) : file.fileName;
  names.add(name);
  await binder.add(name, Buffer.from(must(await file.render(), 'the paper')));
}

function zipBinder(write: (bytes: Uint8Array) => Promise<void>): Binder {
  const zip = new ZipWriter(new WritableStream({ write }), { useWebWorkers: false });
  return {
    // A PDF is compressed already.
    add: async (name, pdf) => {
      await zip.add(name, new Blob([new Uint8Array(pdf)]).stream(), { level: 0 });
    },
    end: async () => {
      await zip.close();
    },
  };
}

/** One PDF to print on both sides: each invoice begins on the front of a sheet. */
async function bookBinder(write: (bytes: Uint8Array) => Promise<void>): Promise<Binder> {
  const book = await PDFDocument.create();
  return {
    add: async (_name, pdf) => {
      if (book.getPageCount() % 2 === 1) {
        const { width, height } = book.getPage(book.getPageCount() - 1).getSize();
        book.addPage([width, height]);
      }
      const one = await PDFDocument.load(pdf);
      for (const page of await book.copyPages(one, one.getPageIndices())) book.addPage(page);
    },
    end: async () => write(await book.save()),
  };
}
