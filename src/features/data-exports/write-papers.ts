import { sql } from 'kysely';
import { type Folder, folderIn } from '#features/data-exports/archive.ts';
import { filesOfMessage, readMessagesAfter } from '#features/data-exports/message-files.ts';
import {
  bytesOf,
  filesAfter,
  type Store,
  type StoredFile,
  stores,
} from '#features/data-exports/stored-bytes.ts';
import { isSpoilt } from '#features/data-exports/unreadable.ts';
import type { Work } from '#features/data-exports/work-data-export.ts';
import { plainFileName } from '#features/files/rules.ts';
import { invoiceFile } from '#features/invoices/document-of-invoice.ts';

const perBatch = 50;

/** Every file that is kept, a folder for each kind. False: it was stopped. */
export async function addFiles(work: Work): Promise<boolean> {
  const folders = Map.groupBy(stores, ({ folder }) => folder);
  for (const [name, kept] of folders) {
    const folder = folderIn(work.archive, name);
    for (const store of kept) if (!(await addStore(work, store, folder))) return false;
    await folder.close();
  }
  return true;
}

async function addStore(work: Work, store: Store, folder: Folder): Promise<boolean> {
  const { deps, organizationId, actor, step } = work;
  for (let after: string[] | undefined; ; ) {
    const files = await deps.db.transaction(actor, (tx) =>
      tx.rows(filesAfter(store, organizationId, { after, limit: perBatch })),
    );
    if (files.length > 0 && !(await step(`${store.folder}/`, files.length, 0))) return false;
    for (const file of files) await addStored(work, store, { folder, file });
    after = files.at(-1)?.key;
    if (!after || files.length < perBatch) return true;
  }
}

/**
 * The last part of a path was typed by somebody: nothing in it may lead out of its folder, and any disk takes
 * it. Not hidden either, and Windows drops dots and spaces at an end.
 */
export function plainPath(path: string): string {
  const at = path.indexOf('/') + 1;
  const name = path.slice(at).replaceAll(/[/\\:*?"<>|]/g, '_');
  return path.slice(0, at) + plainFileName(plainFileName(name).replaceAll(/^[.\s]+|[.\s]+$/g, ''));
}

async function addStored(
  { deps, organizationId, actor, unreadable }: Work,
  store: Store,
  { folder, file }: { folder: Folder; file: StoredFile },
): Promise<void> {
  const path = plainPath(file.path);
  const missed = (reason: string) => unreadable.push({ path: `${store.folder}/${path}`, reason });
  try {
    const kept = await deps.db.transaction(actor, (tx) => tx.row(bytesOf(store, organizationId, file.key)));
    if (!kept?.bytes) {
      missed(kept ? 'Its bytes are not in the database.' : 'It was removed while the archive was made.');
      return;
    }
    const { sha256 } = await folder.add(path, [new Uint8Array(kept.bytes)]);
    if (file.hash && file.hash !== sha256)
      missed(`These are not the bytes that came: their SHA-256 was ${file.hash}.`);
  } catch (error) {
    if (!isSpoilt(error)) throw error;
    missed(`The database cannot read it: ${error.message}.`);
  }
}

/** Every message as it was written, with what it carried. False: it was stopped. */
export async function addMessages(work: Work): Promise<boolean> {
  const { deps, organizationId, actor, archive, step, unreadable } = work;
  const folder = folderIn(archive, 'messages');
  const showsLinks = await isSandbox(work);
  for (let after = ''; ; ) {
    const messages = await deps.db.transaction(actor, (tx) =>
      readMessagesAfter(tx, organizationId, { after, limit: perBatch }),
    );
    if (messages.length > 0 && !(await step('messages/', messages.length, 0))) return false;
    for (const message of messages) {
      try {
        const files = await deps.db.transaction(actor, (tx) =>
          filesOfMessage(tx, organizationId, { message, showsLinks }),
        );
        for (const { path, bytes } of files) await folder.add(path, [new Uint8Array(bytes)]);
      } catch (error) {
        if (!isSpoilt(error)) throw error;
        const path = `messages/${message.month}/${message.id}`;
        unreadable.push({ path, reason: `The database cannot read it: ${error.message}.` });
      }
    }
    const last = messages.at(-1);
    if (!last || messages.length < perBatch) break;
    after = last.id;
  }
  await folder.close();
  return true;
}

/** Practice accounts open nothing real; of others nobody gets a link that opens an account. */
const isSandbox = ({ deps, organizationId, actor }: Work): Promise<boolean> =>
  deps.db.transaction(actor, async (tx) => {
    const row = await tx.row<{ mode: string }>(
      sql`select mode from organizations where id = ${organizationId}`,
    );
    return row?.mode === 'sandbox';
  });

/** A PDF of each invoice that was issued, set with nothing open. False: it was stopped. */
export async function addPapers({ deps, organizationId, actor, archive, step }: Work): Promise<boolean> {
  const links = { db: deps.db, secrets: deps.secrets, baseUrl: deps.outbox.baseUrl };
  const folder = folderIn(archive, 'invoices');
  for (let after = ''; ; ) {
    const invoices = await deps.db.transaction(actor, (tx) =>
      tx.rows<{ id: string }>(sql`select id from invoices where organization_id = ${organizationId}
        and id > ${after} and issued_at is not null order by id limit ${perBatch}`),
    );
    for (const { id } of invoices) {
      const file = await invoiceFile(links, actor, { organizationId, invoiceId: id });
      if (!(await step(file.fileName, 1, 0))) return false;
      await folder.add(file.fileName, [new Uint8Array(await file.render())]);
    }
    const last = invoices.at(-1);
    if (!last || invoices.length < perBatch) break;
    after = last.id;
  }
  await folder.close();
  return true;
}
