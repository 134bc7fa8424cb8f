import { sql } from 'kysely';
import type { Actor, Database } from '#db/db.ts';
import { record } from '#db/events.ts';
import { attachDocument } from '#features/correspondence/attach-document.ts';
import { type ClaimedMessage, claimMessage } from '#features/correspondence/claim-message.ts';
import type { Attachment } from '#features/correspondence/mailer.ts';
import { recordDeliveries } from '#features/correspondence/record-deliveries.ts';
import type { OneMessage } from '#features/correspondence/send-message.ts';
import { type MailMakings, type SendReport, sendInvoices } from '#features/invoices/send-invoices.ts';
import { organizationNow } from '#lib/clock.ts';
import { systemNow } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import type { FileReply } from '#lib/file-reply.ts';

/** What a mail waits for, by what it is about; each feature sets its own papers. */
export type PapersOf = (
  actor: Actor,
  message: { organizationId: string } & Pick<ClaimedMessage, 'invoiceId' | 'estimateId' | 'creditMemoId'>,
) => Promise<FileReply[]>;

type Deps = MailMakings & { db: Database; papersOf: PapersOf };

/** What the worker does to get invoices mailed. */
export const sendInvoiceJobs = (deps: Deps) => ({
  'attach-document': (payload: OneMessage) => attachPapers(deps, payload, systemNow()),
  'send-imported-invoices': (payload: { organizationId: string; subjectId: string }) =>
    sendImportedInvoices(deps, { organizationId: payload.organizationId, batchId: payload.subjectId }),
});

/** Set the papers that a message waits for, with nothing open, and let the message go. */
export async function attachPapers(
  deps: Pick<Deps, 'db' | 'papersOf'>,
  payload: OneMessage,
  realNow: Date,
): Promise<void> {
  const { organizationId, messageId } = payload;
  const actor: Actor = { kind: 'job', organizationId, name: 'attach-document' };
  const claimed = await deps.db.transaction(actor, (tx) =>
    claimMessage(tx, actor, { ...payload, awaitsDocument: true }, realNow),
  );
  if (!claimed) return;
  const rendered = await render(() => deps.papersOf(actor, { ...claimed, organizationId }));
  await deps.db.transaction(actor, (tx) =>
    'attachments' in rendered
      ? attachDocument(tx, actor, { organizationId, messageId, ...rendered }, realNow)
      : recordDeliveries(
          tx,
          actor,
          {
            organizationId,
            deliveries: [
              {
                messageId,
                outcome: { outcome: 'unknown', reason: `The PDF could not be made: ${rendered.reason}` },
              },
            ],
          },
          realNow,
        ),
  );
}

/**
 * A document that cannot be set is an outcome like a mail server that does not answer: tried again, then
 * shown to staff.
 */
async function render(
  papers: () => Promise<FileReply[]>,
): Promise<{ attachments: Attachment[] } | { reason: string }> {
  try {
    const attachments: Attachment[] = [];
    for (const { fileName, contentType, render: set } of await papers())
      attachments.push({ fileName, contentType, bytes: await set() });
    return { attachments };
  } catch (error) {
    return { reason: error instanceof Error ? error.message.slice(0, 300) : String(error) };
  }
}

/** Mail what an import brought in, when whoever imported asked for it; a second run mails nothing twice. */
export async function sendImportedInvoices(
  deps: MailMakings & { db: Database },
  input: { organizationId: string; batchId: string },
): Promise<void> {
  const { organizationId, batchId } = input;
  const actor: Actor = { kind: 'job', organizationId, name: 'send-imported-invoices' };
  const ids = await deps.db.transaction(actor, async (tx) => {
    const batch = await tx.row<{ sendInvoices: boolean }>(sql`select send_invoices from import_batches
      where organization_id = ${organizationId} and id = ${batchId} and kind = 'invoices'
        and state = 'imported'`);
    if (!batch?.sendInvoices) return [];
    const rows = await tx.rows<{
      id: string;
    }>(sql`select id from invoices where organization_id = ${organizationId}
      and import_batch_id = ${batchId} and issued_at is not null and closed_at is null
        and first_sent_at is null order by id`);
    return rows.map((row) => row.id);
  });
  const reports: SendReport[] = [];
  for (let at = 0; at < ids.length; at += 200) {
    reports.push(
      await deps.db.transaction(actor, async (tx) => {
        const organization = await tx.row<{ clockOffsetMs: bigint }>(
          sql`select clock_offset_ms from organizations where id = ${organizationId}`,
        );
        return sendInvoices(
          tx,
          actor,
          {
            secrets: deps.secrets,
            outbox: deps.outbox,
            organizationId,
            invoiceIds: ids.slice(at, at + 200),
            skipSentToday: true,
            dedupeKey: `import:${batchId}`,
          },
          organizationNow(must(organization, 'the organization')),
        );
      }),
    );
  }
  if (ids.length > 0) await reportSends(deps.db, actor, input, reports);
}

async function reportSends(
  db: Database,
  actor: Actor,
  { organizationId, batchId }: { organizationId: string; batchId: string },
  reports: readonly SendReport[],
): Promise<void> {
  const skipped = reports.flatMap((report) => report.skipped);
  await db.transaction(actor, async (tx) => {
    const organization = await tx.row<{ clockOffsetMs: bigint }>(
      sql`select clock_offset_ms from organizations where id = ${organizationId}`,
    );
    await record(
      tx,
      { actor, organizationId, now: organizationNow(must(organization, 'the organization')) },
      [
        {
          type: 'import.invoices_sent',
          subjectId: batchId,
          data: {
            queued: reports.reduce((total, report) => total + report.sent.length, 0),
            skipped_count: skipped.length,
            skipped: skipped
              .slice(0, 100)
              .map(({ invoiceId, number, reason }) => ({ invoice_id: invoiceId, number, reason })),
          },
        },
      ],
    );
  });
}
