import type { FastifyReply } from 'fastify';
import type { Actor, Tx } from '#db/db.ts';
import type { About } from '#features/files/change-files.ts';
import { fileReply, readFiles } from '#features/files/read-files.ts';
import { sendFile } from '#features/portal-access/file-routes.ts';
import { type Ask, paramOf } from '#features/portal-access/page-routes.ts';
import { notFound } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';
import type { InvoiceSheet } from '#web/portal/views/invoice-sheet.ts';

/** The files that the organization shows with an invoice. Read as the payer: the others are left out. */
export async function filesOf(
  tx: Tx,
  organizationId: string,
  { invoiceId, url }: { invoiceId: string; url: string },
): Promise<InvoiceSheet['attachments']> {
  const files = await readFiles(tx, organizationId, { invoiceId });
  return files.map(({ id, fileName }) => ({ name: fileName, url: `${url}/files/${id}` }));
}

/** One of an invoice, for whoever may see the invoice: the payer's own role reads it. */
export const sendInvoiceFile = (
  ask: Ask,
  { invoiceId, ...seen }: { actor: Actor; organizationId: string; invoiceId: string },
): Promise<FastifyReply> => sendFileOf(ask, seen, { invoiceId });

/** One of those that the organization shows, of an invoice or of the customer itself. */
export async function sendFileOf(
  ask: Ask,
  seen: { actor: Actor; organizationId: string },
  about: About,
): Promise<FastifyReply> {
  const id = paramOf(ask.request, 'file');
  if (!isId('file', id)) throw notFound('file', 'in this address');
  const { db } = ask.app;
  const files = await db.transaction(seen.actor, (tx) => readFiles(tx, seen.organizationId, about));
  const shown = files.find((each) => each.id === id);
  if (!shown) throw notFound('file', 'in this address');
  return sendFile(ask, fileReply({ db, ...seen }, shown));
}
