import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { record } from '#db/events.ts';
import { readFeeNotes } from '#features/card-fees/read-fee-notes.ts';
import { type Correspondent, readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Attachment } from '#features/correspondence/mailer.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { type NewMessage, queueMessages } from '#features/correspondence/queue-messages.ts';
import { documentJob } from '#features/correspondence/sweep-messages.ts';
import { readInvoiceFacts } from '#features/e-invoices/read-facts.ts';
import { missingFacts, missingWords } from '#features/e-invoices/rules.ts';
import { filesForMail, type MailedFiles } from '#features/files/mailed-files.ts';
import { readMailedFiles } from '#features/files/read-files.ts';
import { roomTaken } from '#features/files/rules.ts';
import { payLink } from '#features/invoices/pay-link.ts';
import { readSendable, type Sendable } from '#features/invoices/read-sendable.ts';
import { payableNow } from '#features/invoices/rules.ts';
import { invoiceMail } from '#features/invoices/send-invoice-mail.ts';
import { decideSend } from '#features/invoices/send-invoice-rules.ts';
import { dateIn } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import type { Secrets } from '#lib/secrets.ts';

/** What a mail with a link in it is made with. */
export type MailMakings = { secrets: Pick<Secrets, 'sign'>; outbox: Outbox };

export type SendInvoices = MailMakings & {
  organizationId: string;
  invoiceIds: readonly string[];
  to?: readonly string[] | undefined;
  cc?: readonly string[] | undefined;
  subject?: string | undefined;
  body?: string | undefined;
  attachPdf?: boolean | undefined;
  /** Files that go with this sending alone. */
  files?: readonly Attachment[] | undefined;
  /** The same, where each invoice has its own. */
  filesOf?: ReadonlyMap<string, readonly Attachment[]> | undefined;
  /** Leave out what went out today already. */
  skipSentToday: boolean;
  /** For a job that may run twice: the second time makes no second mail. */
  dedupeKey?: string | undefined;
};

export type SendReport = {
  sent: { invoiceId: string; messageId: string }[];
  skipped: {
    invoiceId: string;
    number: string;
    code: 'not_found' | 'state_refused' | 'invalid_request';
    reason: string;
    param?: string;
  }[];
};

type Ready = { row: Sendable; to: string[]; cc: string[] };

/** Mail invoices, each with its one way to pay; what cannot go is reported with the reason. */
export async function sendInvoices(
  tx: Tx,
  actor: Actor,
  input: SendInvoices,
  now: Date,
): Promise<SendReport> {
  const { organizationId } = input;
  const from = await readCorrespondent(tx, organizationId);
  const rows = new Map(
    (await readSendable(tx, organizationId, input.invoiceIds, 'locked')).map((row) => [row.id, row]),
  );
  const today = dateIn(from.timeZone, now);
  const skipped: SendReport['skipped'] = [];
  const ready: Ready[] = [];
  for (const invoiceId of new Set(input.invoiceIds)) {
    const row = rows.get(invoiceId);
    if (!row) {
      skipped.push({ invoiceId, number: '', code: 'not_found', reason: 'There is no such invoice.' });
      continue;
    }
    const verdict = decideSend(row, input);
    const wentToday =
      input.skipSentToday && row.lastSentAt !== null && dateIn(from.timeZone, row.lastSentAt) === today;
    if (!verdict.ok) skipped.push({ ...verdict, invoiceId, number: row.number });
    else if (wentToday)
      skipped.push({
        invoiceId,
        number: row.number,
        code: 'state_refused',
        reason: 'It was sent today already.',
      });
    else ready.push({ row, to: verdict.to, cc: verdict.cc });
  }
  const { lacking, wants } = await checkEInvoices(tx, organizationId, ready);
  const complete = ready.filter(({ row }) => !lacking.has(row.id));
  const { sent, heldBack } = await queue(tx, actor, { ...input, from, ready: complete, today, wants }, now);
  return { sent, skipped: [...skipped, ...heldBack, ...lacking.values()] };
}

/** What a structured e-invoice lacks is said before anything goes out. */
async function checkEInvoices(tx: Tx, organizationId: string, ready: readonly Ready[]) {
  const ids = ready.map(({ row }) => row.id);
  const wanting = (await readInvoiceFacts(tx, organizationId, ids)).filter(({ wants }) => wants !== 'none');
  const lacking = new Map<string, SendReport['skipped'][number]>();
  for (const { id, facts, wants } of wanting) {
    const missing = missingFacts(facts, wants);
    const [first] = missing;
    if (!first) continue;
    const told = { code: 'state_refused' as const, reason: missingWords(missing), param: first.field };
    lacking.set(id, { invoiceId: id, number: facts.number, ...told });
  }
  return { lacking, wants: new Set(wanting.map(({ id }) => id)) };
}

type Queue = SendInvoices & {
  from: Correspondent;
  ready: readonly Ready[];
  today: string;
  /** Those that a structured e-invoice goes along with. */
  wants: ReadonlySet<string>;
};

/** Who wants a structured e-invoice gets it with its paper, whatever the habit is. */
const bringsPdf = ({ attachPdf, from, wants }: Queue, invoiceId: string): boolean =>
  wants.has(invoiceId) || (attachPdf ?? from.attachInvoicePdf);

function roomForOwn(own: readonly Attachment[], hasPapers: boolean): number {
  const sizes = own.map(({ bytes }) => bytes.length);
  const taken = roomTaken(sizes, { hasPapers });
  if (taken !== undefined) return taken;
  const message = 'These files are too large for one mail: 8 MB together always fit. Leave one out.';
  throw new Refusal('invalid_request', { message, param: 'files', fields: { files: message } });
}

const withOwn = (own: readonly Attachment[], files: MailedFiles | undefined): MailedFiles | undefined =>
  own.length === 0
    ? files
    : {
        fileIds: files?.fileIds ?? [],
        attached: [...own.map(({ fileName }) => fileName), ...(files?.attached ?? [])],
        linked: files?.linked ?? [],
      };

async function writeMails(tx: Tx, input: Queue): Promise<NewMessage[]> {
  const { organizationId, from, ready } = input;
  const notes = await readFeeNotes(tx, {
    ...{ organizationId, locale: from.locale, today: input.today },
    amounts: ready.map(({ row }) => ({ ...row, base: payableNow(row), invoiceIds: [row.id] })),
  });
  const filesOf = await readMailedFiles(
    tx,
    organizationId,
    ready.map(({ row }) => row.id),
  );
  return ready.map(({ row, to, cc }, at): NewMessage => {
    const link = payLink(input.secrets, input.outbox.baseUrl, { ...row, organizationId });
    const hasPdf = bringsPdf(input, row.id);
    const own = input.filesOf?.get(row.id) ?? input.files ?? [];
    const taken = roomForOwn(own, hasPdf);
    const files = withOwn(own, filesForMail(filesOf.get(row.id), { link, hasPapers: hasPdf, taken }));
    return {
      kind: 'invoice',
      to,
      cc,
      customerId: row.customerId,
      invoiceId: row.id,
      awaitsDocument: hasPdf,
      attachments: own,
      fileIds: files?.fileIds,
      ...(input.dedupeKey ? { dedupeKey: `${input.dedupeKey}:${row.id}` } : {}),
      ...invoiceMail({
        from,
        outbox: input.outbox,
        invoice: row,
        today: input.today,
        hasPdf,
        subject: input.subject,
        body: input.body,
        fee: notes[at],
        ...{ link, files },
      }),
    };
  });
}

async function queue(
  tx: Tx,
  actor: Actor,
  input: Queue,
  now: Date,
): Promise<{ sent: SendReport['sent']; heldBack: SendReport['skipped'] }> {
  const { organizationId, from, ready } = input;
  const messages = await writeMails(tx, input);
  const queued = await queueMessages(tx, actor, { organizationId, outbox: input.outbox, messages }, now);
  const made = ready.flatMap((each, index) => {
    const message = queued[index];
    return message?.isNew && message.state !== 'suppressed'
      ? [{ ...each, messageId: message.messageId }]
      : [];
  });
  // A copy to oneself is no delivery: the customer has yet to get it.
  const own = new Set([from.email, from.replyTo, ...from.notifyEmails].map((email) => email?.toLowerCase()));
  const delivered = made
    .filter(({ to }) => !to.every((email) => own.has(email.toLowerCase())))
    .map(({ row }) => row.id);
  await tx.run(sql`update invoices set first_sent_at = coalesce(first_sent_at, ${now}), last_sent_at = ${now}
    where organization_id = ${organizationId} and id = any(${delivered})`);
  await record(
    tx,
    { actor, organizationId, now },
    made.map(({ row, to, cc, messageId }) => ({
      type: 'invoice.sent',
      subjectId: row.id,
      customerId: row.customerId,
      data: {
        message_id: messageId,
        to,
        ...(cc.length > 0 ? { cc } : {}),
        ...(bringsPdf(input, row.id) ? { attached_pdf: true } : {}),
      },
    })),
  );
  const waiting = made.filter(({ row }) => bringsPdf(input, row.id));
  await enqueue(
    tx,
    waiting.map(({ messageId }) => documentJob(organizationId, messageId)),
  );
  return {
    sent: made.map(({ row, messageId }) => ({ invoiceId: row.id, messageId })),
    heldBack: ready
      .filter((_, index) => queued[index]?.state === 'suppressed')
      .map(({ row, to }) => ({ invoiceId: row.id, number: row.number, ...heldBackWords(to) })),
  };
}

const heldBackWords = (to: readonly string[]) => ({
  code: 'state_refused' as const,
  param: 'to',
  reason:
    `Mail to ${to.join(', ')} came back or was reported as spam. Give another address, ` +
    'or choose "Try again" on the customer.',
});
