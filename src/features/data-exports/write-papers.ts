import { sql } from 'kysely';
import type { Work } from '#features/data-exports/work-data-export.ts';
import { fileReply, readFilesAfter } from '#features/files/read-files.ts';
import { plainFileName } from '#features/files/rules.ts';
import { invoiceFile } from '#features/invoices/document-of-invoice.ts';

const perBatch = 50;

/** The files that staff keeps, in a folder for each customer. False: it was stopped. */
export async function addFiles({ deps, organizationId, actor, archive, step }: Work): Promise<boolean> {
  for (let after = ''; ; ) {
    const files = await deps.db.transaction(actor, (tx) =>
      readFilesAfter(tx, organizationId, { after, limit: perBatch }),
    );
    for (const file of files) {
      const { customerId, fileName } = file;
      if (!(await step(fileName, 1, 0))) return false;
      const bytes = await fileReply({ db: deps.db, actor, organizationId }, file).render();
      await archive.add(`files/${customerId}/${plainFileName(fileName)}`, [new Uint8Array(bytes)]);
    }
    const last = files.at(-1);
    if (!last || files.length < perBatch) return true;
    after = last.id;
  }
}

/** A PDF of each invoice that was issued, set with nothing open. False: it was stopped. */
export async function addPapers({ deps, organizationId, actor, archive, step }: Work): Promise<boolean> {
  const links = { db: deps.db, secrets: deps.secrets, baseUrl: deps.outbox.baseUrl };
  for (let after = ''; ; ) {
    const invoices = await deps.db.transaction(actor, (tx) =>
      tx.rows<{ id: string }>(sql`select id from invoices where organization_id = ${organizationId}
        and id > ${after} and issued_at is not null order by id limit ${perBatch}`),
    );
    for (const { id } of invoices) {
      const file = await invoiceFile(links, actor, { organizationId, invoiceId: id });
      if (!(await step(file.fileName, 1, 0))) return false;
      await archive.add(`invoices/${file.fileName}`, [new Uint8Array(await file.render())]);
    }
    const last = invoices.at(-1);
    if (!last || invoices.length < perBatch) return true;
    after = last.id;
  }
}
