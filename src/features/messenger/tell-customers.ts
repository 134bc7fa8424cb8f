import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { record } from '#db/events.ts';
import type { FeeNote } from '#features/card-fees/note-rules.ts';
import { readFeeNotes } from '#features/card-fees/read-fee-notes.ts';
import { type Channel, channelsOf, type MessageType } from '#features/correspondence/channel-rules.ts';
import { type Correspondent, readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Attachment } from '#features/correspondence/mailer.ts';
import type { MergeValues } from '#features/correspondence/merge-fields.ts';
import {
  type NewMessage,
  type QueuedMessage,
  queueMessages,
  readersNamed,
} from '#features/correspondence/queue-messages.ts';
import type { MessageState } from '#features/correspondence/rules.ts';
import { documentJob } from '#features/correspondence/sweep-messages.ts';
import { readTemplates, type Template, type Templates } from '#features/correspondence/templates.ts';
import { filesForMail } from '#features/files/mailed-files.ts';
import { type FileRow, readMailedFiles } from '#features/files/read-files.ts';
import { payLink } from '#features/invoices/pay-link.ts';
import { payableNow } from '#features/invoices/rules.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { statementLink } from '#features/invoices/statement-link.ts';
import { type Composition, composeMessage } from '#features/messenger/compose-message.ts';
import {
  lockToldInvoices,
  readEmailProblems,
  readToldCustomers,
  type ToldCustomer,
  type ToldInvoiceRow,
} from '#features/messenger/read-told.ts';
import { bringsInvoice, type Place, placeOf } from '#features/messenger/tell-rules.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import { sum } from '#lib/money.ts';

export type Tell = {
  type: MessageType;
  customerId: string;
  /** One message for all of them; at least one. */
  invoiceIds: readonly string[];
  /** At most one message for each `key:channel`, for ever. */
  key: string;
  /** Instead of the organization's template. */
  words?: Partial<Record<Channel, Template>>;
  /** Further merge values, for instance `late_fee.amount`. */
  values?: MergeValues;
  attachments?: readonly Attachment[];
  /** Sent by hand: these, instead of those that are on for the customer. */
  channels?: readonly Channel[];
};

export type Told = {
  key: string;
  messages: {
    channel: Channel;
    messageId: string;
    isNew: boolean;
    state: MessageState;
    /** The addresses, the number, or the name on the envelope. */
    to: readonly string[];
  }[];
  /** Why nothing could go. */
  none?: 'no_channel' | 'no_address';
};

type Ready = { tell: Tell; channel: Channel; invoiceIds: readonly string[]; message: NewMessage };
type Known = {
  organizationId: string;
  makings: MailMakings;
  from: Correspondent;
  templates: Templates;
  today: string;
  customers: ReadonlyMap<string, ToldCustomer>;
  invoices: ReadonlyMap<string, ToldInvoiceRow>;
  problems: ReadonlySet<string>;
  /** What paying by card costs on top, by the key of a tell. */
  fees: ReadonlyMap<string, FeeNote>;
  /** Those that go with the mails about an invoice, by its id. */
  files: ReadonlyMap<string, FileRow[]>;
};

/**
 * Tell customers about invoices, as these stand now, in each channel that is on for them; whoever bills with
 * a parent is told by the parent's settings, at the parent's addresses. For any number in a handful of
 * statements; nothing leaves before commit.
 */
export async function tellCustomers(
  tx: Tx,
  actor: Actor,
  input: MailMakings & { organizationId: string; tells: readonly Tell[] },
  now: Date,
): Promise<Told[]> {
  const { organizationId, tells } = input;
  if (tells.length === 0) return [];
  const known = await readKnown(tx, input, now);
  const planned = tells.map((tell) => planTell(known, tell));
  const ready = planned.flatMap(({ ready: each }) => each);
  const queued = await queueMessages(
    tx,
    actor,
    { organizationId, outbox: input.outbox, messages: ready.map(({ message }) => message) },
    now,
  );
  const pairs = ready.map((each, at) => ({ ...each, queued: must(queued[at], 'the queued message') }));
  await noteSent(tx, actor, { organizationId, made: pairs.filter((pair) => pair.queued.isNew) }, now);
  const ofTell = Map.groupBy(pairs, ({ tell }) => tell);
  return planned.map(({ tell, none }) => ({
    key: tell.key,
    messages: (ofTell.get(tell) ?? []).map(({ channel, message, queued: made }) => ({
      channel,
      ...made,
      to: readersNamed(message),
    })),
    ...(none ? { none } : {}),
  }));
}

/** Also for previews, which show a message without sending it. */
export async function readKnown(
  tx: Tx,
  input: MailMakings & { organizationId: string; tells: readonly Tell[] },
  now: Date,
): Promise<Known> {
  const { organizationId, tells } = input;
  const from = await readCorrespondent(tx, organizationId);
  const customers = await readToldCustomers(
    tx,
    organizationId,
    tells.map(({ customerId }) => customerId),
  );
  const invoices = await lockToldInvoices(
    tx,
    organizationId,
    tells.flatMap(({ invoiceIds }) => invoiceIds),
  );
  const today = dateIn(from.timeZone, now);
  const ofId = new Map(invoices.map((each) => [each.id, each]));
  const notes = await readFeeNotes(tx, {
    ...{ organizationId, today, locale: from.locale },
    amounts: tells.map(({ customerId, invoiceIds }) => ({
      ...{ customerId, invoiceIds, currency: from.currency },
      base: sum(invoiceIds.flatMap((id) => ofId.get(id) ?? []).map(payableNow)),
    })),
  });
  return {
    organizationId,
    makings: input,
    from,
    templates: await readTemplates(tx, organizationId),
    today,
    customers: new Map(customers.map((each) => [each.customerId, each])),
    invoices: ofId,
    problems: await readEmailProblems(tx, organizationId, customers),
    files: await readMailedFiles(tx, organizationId, [...ofId.keys()]),
    fees: new Map(tells.flatMap(({ key }, at) => (notes[at] ? [[key, notes[at]] as const] : []))),
  };
}

/** The messages of one tell, one for each channel in which it can go. */
function planTell(known: Known, tell: Tell): { tell: Tell; ready: Ready[]; none?: Told['none'] } {
  const customer = must(known.customers.get(tell.customerId), `the customer ${tell.customerId}`);
  const channels = tell.channels ?? channelsOf(customer.messageCells, tell.type);
  if (channels.length === 0) return { tell, ready: [], none: 'no_channel' };
  const composition = compositionOf(known, tell, customer);
  const ready = channels.flatMap((channel): Ready[] => {
    const place = placeOf(channel, customer, known.problems);
    if (!place) return [];
    const words = tell.words?.[channel] ?? known.templates(tell.type, channel, composition.isStatement);
    const message = messageOf(composition, { tell, channel, place, words });
    return [{ tell, channel, message, invoiceIds: composition.invoices.map(({ id }) => id) }];
  });
  return ready.length === 0 ? { tell, ready, none: 'no_address' } : { tell, ready };
}

/** What a message is made of. */
export function compositionOf(known: Known, tell: Tell, customer: ToldCustomer): Composition {
  const { organizationId, makings, from } = known;
  const invoices = [...new Set(tell.invoiceIds)]
    .map((id) => must(known.invoices.get(id), `the invoice ${id}`))
    .sort((a, b) => (a.dueDate === b.dueDate ? (a.id < b.id ? -1 : 1) : a.dueDate < b.dueDate ? -1 : 1));
  const invoice = must(invoices[0], 'an invoice to tell of');
  const isStatement = tell.type === 'statement' || invoices.length > 1;
  const { baseUrl } = makings.outbox;
  const link = isStatement
    ? statementLink(makings.secrets, baseUrl, { ...customer, id: tell.customerId, organizationId })
    : payLink(makings.secrets, baseUrl, { ...invoice, organizationId });
  const hasPdf = from.attachInvoicePdf && !isStatement && bringsInvoice(tell.type);
  return {
    from,
    outbox: makings.outbox,
    today: known.today,
    customer,
    invoices,
    isStatement,
    ...{ link, hasPdf },
    // A statement’s link leads to each invoice, and to its files there.
    files: isStatement ? undefined : filesForMail(known.files.get(invoice.id), { link, hasPapers: hasPdf }),
    values: tell.values ?? {},
    fee: known.fees.get(tell.key),
  };
}

function messageOf(
  made: Composition,
  by: { tell: Tell; channel: Channel; place: Place; words: Template },
): NewMessage {
  const { tell, channel, place } = by;
  return {
    kind: tell.type,
    channel,
    to: [],
    ...place,
    ...composeMessage(made, channel, by.words),
    customerId: tell.customerId,
    ...(made.isStatement ? {} : { invoiceId: made.invoices[0]?.id }),
    dedupeKey: `${tell.key}:${channel}`,
    awaitsDocument: channel === 'paper' || (channel === 'email' && made.hasPdf),
    fileIds: channel === 'email' ? made.files?.fileIds : undefined,
    ...(channel === 'sms' || !tell.attachments ? {} : { attachments: tell.attachments }),
  };
}

/** Note on the invoices what was told of them, and have the documents made that mails wait for. */
async function noteSent(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; made: readonly (Ready & { queued: QueuedMessage })[] },
  now: Date,
): Promise<void> {
  const { organizationId } = input;
  const sent = input.made.filter(({ queued }) => queued.state !== 'suppressed');
  const brought = sent.filter(({ tell }) => bringsInvoice(tell.type)).flatMap(({ invoiceIds }) => invoiceIds);
  await tx.run(sql`update invoices set first_sent_at = coalesce(first_sent_at, ${now}), last_sent_at = ${now}
    where organization_id = ${organizationId} and id = any(${[...new Set(brought)]})`);
  await record(
    tx,
    { actor, organizationId, now },
    sent.flatMap(({ tell, channel, invoiceIds, message, queued }) =>
      invoiceIds.map((invoiceId) => ({
        type: 'invoice.sent',
        subjectId: invoiceId,
        customerId: tell.customerId,
        data: {
          message_id: queued.messageId,
          message_type: tell.type,
          channel,
          to: readersNamed(message),
          ...(message.cc?.length ? { cc: message.cc } : {}),
        },
      })),
    ),
  );
  await enqueue(
    tx,
    sent
      .filter(({ channel, message }) => channel === 'email' && message.awaitsDocument)
      .map(({ queued }) => documentJob(organizationId, queued.messageId)),
  );
}
