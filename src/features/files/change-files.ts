import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { checkFile } from '#features/files/check-file.ts';
import { readFile } from '#features/files/read-files.ts';
import { mostFiles } from '#features/files/rules.ts';
import { notFound, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { sha256 } from '#lib/secrets.ts';

export type About = { customerId?: string | undefined; invoiceId?: string | undefined };

/** Keep a file with a customer or one of its invoices. */
export async function addFile(
  tx: Tx,
  actor: Actor,
  input: About & {
    organizationId: string;
    fileName: string;
    bytes: Buffer;
    customerSees: boolean;
    goesWithMail?: boolean;
  },
  now: Date,
): Promise<{ fileId: string }> {
  const { organizationId, bytes, goesWithMail = false } = input;
  const { fileName, contentType } = checkFile(input.fileName, bytes);
  const { customerId, invoiceId } = await ownerOf(tx, organizationId, input);
  if (goesWithMail && !invoiceId) throw ofInvoicesOnly();
  await refuseTooMany(tx, organizationId, { customerId, invoiceId });
  const id = newId('file');
  await tx.run(sql`insert into files (organization_id, id, customer_id, invoice_id, file_name, content_type, size_bytes,
      hash, customer_sees, goes_with_mail, user_id, created_at)
    values (${organizationId}, ${id}, ${customerId}, ${invoiceId}, ${fileName}, ${contentType}, ${bytes.length},
      ${sha256(bytes)}, ${input.customerSees || goesWithMail}, ${goesWithMail},
      ${actor.kind === 'user' ? actor.userId : null}, ${now})`);
  await tx.run(
    sql`insert into file_bytes (organization_id, file_id, bytes) values (${organizationId}, ${id}, ${bytes})`,
  );
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'customer.file_added',
      subjectId: invoiceId ?? customerId,
      customerId,
      data: { file_id: id, name: fileName },
    },
  ]);
  return { fileId: id };
}

const ofInvoicesOnly = (): Refusal =>
  new Refusal('invalid_request', {
    message: 'A file of a customer goes with no mail. Add it to the invoice that it belongs to.',
    param: 'goes_with_mail',
  });

/** Locked, so that two uploads at once count each other. */
async function ownerOf(tx: Tx, organizationId: string, { customerId, invoiceId }: About) {
  if (Boolean(customerId) === Boolean(invoiceId))
    throw new Refusal('invalid_request', {
      message: 'Say whose file it is: a customer_id or an invoice_id, one of them.',
      param: 'customer_id',
    });
  if (invoiceId) {
    const invoice = await tx.row<{ customerId: string }>(sql`select customer_id from invoices
      where organization_id = ${organizationId} and id = ${invoiceId} for no key update`);
    if (!invoice) throw notFound('invoice', invoiceId);
    return { customerId: invoice.customerId, invoiceId };
  }
  const customer = await tx.row<{ id: string }>(sql`select id from customers
    where organization_id = ${organizationId} and id = ${customerId} for no key update`);
  if (!customer) throw notFound('customer', customerId ?? '');
  return { customerId: customer.id, invoiceId: null };
}

async function refuseTooMany(
  tx: Tx,
  organizationId: string,
  { customerId, invoiceId }: { customerId: string; invoiceId: string | null },
): Promise<void> {
  const about = invoiceId
    ? sql`invoice_id = ${invoiceId}`
    : sql`customer_id = ${customerId} and invoice_id is null`;
  const row = await tx.row<{ n: number }>(sql`select count(*)::int as n from files
    where organization_id = ${organizationId} and ${about}`);
  if ((row?.n ?? 0) >= mostFiles)
    throw new Refusal('state_refused', `There are ${mostFiles} files already. Remove one first.`);
}

/** Show a file to its customer, or let it go with its invoice’s mails; what goes by mail is shown too. */
export async function showFile(
  tx: Tx,
  actor: Actor,
  input: {
    organizationId: string;
    fileId: string;
    customerSees?: boolean | undefined;
    goesWithMail?: boolean | undefined;
  },
  now: Date,
): Promise<void> {
  const { organizationId, fileId } = input;
  const file = await readFile(tx, organizationId, fileId);
  const goesWithMail = input.goesWithMail ?? (file.goesWithMail && input.customerSees !== false);
  const customerSees = goesWithMail || (input.customerSees ?? file.customerSees);
  if (goesWithMail && !file.invoiceId) throw ofInvoicesOnly();
  if (file.customerSees === customerSees && file.goesWithMail === goesWithMail) return;
  await tx.run(sql`update files set customer_sees = ${customerSees}, goes_with_mail = ${goesWithMail}
    where organization_id = ${organizationId} and id = ${fileId}`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'customer.file_changed',
      subjectId: file.invoiceId ?? file.customerId,
      customerId: file.customerId,
      data: {
        file_id: fileId,
        name: file.fileName,
        customer_sees: customerSees,
        goes_with_mail: goesWithMail,
      },
    },
  ]);
}

/** Remove a file for good; that it was there stays in the log. */
export async function removeFile(
  tx: Tx,
  actor: Actor,
  { organizationId, fileId }: { organizationId: string; fileId: string },
  now: Date,
): Promise<void> {
  const file = await readFile(tx, organizationId, fileId);
  await tx.run(sql`delete from files where organization_id = ${organizationId} and id = ${fileId}`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'customer.file_removed',
      subjectId: file.invoiceId ?? file.customerId,
      customerId: file.customerId,
      data: { file_id: fileId, name: file.fileName },
    },
  ]);
}
