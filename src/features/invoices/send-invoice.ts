import type { Actor, Tx } from '#db/db.ts';
import type { Attachment } from '#features/correspondence/mailer.ts';
import { checkTemplate } from '#features/correspondence/merge-fields.ts';
import { checkFile } from '#features/files/check-file.ts';
import { freeNames, plainFileName } from '#features/files/rules.ts';
import { type SendInvoices, sendInvoices } from '#features/invoices/send-invoices.ts';
import { must, Refusal } from '#lib/errors.ts';

type SendInvoice = Omit<SendInvoices, 'invoiceIds' | 'skipSentToday'> & { invoiceId: string };

/**
 * Mail one invoice, now, to the customer or to the readers given; what stands in the way is said with its
 * remedy.
 */
export async function sendInvoice(
  tx: Tx,
  actor: Actor,
  input: SendInvoice,
  now: Date,
): Promise<{ messageId: string }> {
  const { invoiceId, ...rest } = input;
  refuseBadWords(input);
  const report = await sendInvoices(
    tx,
    actor,
    { ...rest, invoiceIds: [invoiceId], skipSentToday: false },
    now,
  );
  const [refused] = report.skipped;
  if (refused)
    throw new Refusal(refused.code, {
      message: refused.reason,
      ...(refused.param ? { param: refused.param } : {}),
    });
  return { messageId: must(report.sent[0], 'the message').messageId };
}

/** Files of one sending, each what its name says, under names that differ. */
export function filesToSend(files: readonly { fileName: string; base64: string }[] = []): Attachment[] {
  const names = freeNames(files.map(({ fileName }) => plainFileName(fileName)));
  return files.map(({ base64 }, at) => {
    const bytes = Buffer.from(base64, 'base64');
    return { ...checkFile(must(names[at], 'a name'), bytes, 'files'), bytes };
  });
}

/** Words of one sending that name a field which there is not. */
export function refuseBadWords(words: Pick<SendInvoices, 'subject' | 'body'>): void {
  for (const param of ['subject', 'body'] as const) {
    const [problem] = checkTemplate(words[param] ?? '');
    if (problem)
      throw new Refusal('invalid_request', { message: problem, param, fields: { [param]: problem } });
  }
}
