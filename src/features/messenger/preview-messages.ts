import type { Tx } from '#db/db.ts';
import { type Channel, channelsOf, type MessageType } from '#features/correspondence/channel-rules.ts';
import {
  type MessengerSettings,
  type Place,
  readMessengerSettings,
  readUnsent,
} from '#features/messenger/read-candidates.ts';
import { readEmailProblems, type ToldCustomer } from '#features/messenger/read-told.ts';
import { whyNotNewInvoice } from '#features/messenger/rules.ts';
import { readStatementsDue, statementDayDue } from '#features/messenger/send-statements.ts';
import { placeOf } from '#features/messenger/tell-rules.ts';
import { type CalendarDate, dateIn } from '#lib/dates.ts';

/** What would be sent: to whom, about how much, by which channels. */
export type PreviewedMessage = {
  customerId: string;
  customerName: string;
  /** Null: a statement. */
  invoiceId: string | null;
  number: string | null;
  amount: bigint;
  channels: Channel[];
};

export type Preview = { count: number; total: bigint; first: PreviewedMessage[] };

export type Previews = { today: CalendarDate; newInvoices: Preview; statements: Preview };

type Changeable = 'newInvoiceWhen' | 'newInvoiceDelayDays' | 'statementDay' | 'sendToInactive';
/** Settings as they would be, to see what they would send. */
export type PreviewedChange = { [Name in Changeable]?: MessengerSettings[Name] | undefined } & {
  /** As if the organization went live now, and sent what was issued before. */
  goLive?: boolean | undefined;
};

const mostListed = 100;
const perPage = 1000;

/**
 * What would go out today, by the settings as they are or would be: decided by the same rules as the sending
 * itself. Sums are of all, the list is of the first.
 */
export async function previewMessages(
  tx: Tx,
  input: { organizationId: string; change?: PreviewedChange },
  now: Date,
): Promise<Previews> {
  const settings = changedSettings(
    await readMessengerSettings(tx, input.organizationId),
    input.change ?? {},
    now,
  );
  const day = { tx, organizationId: input.organizationId, settings, now };
  return {
    today: dateIn(settings.timeZone, now),
    newInvoices: await previewNewInvoices(day),
    statements: await previewStatements(day),
  };
}

type Day = { tx: Tx; organizationId: string; settings: MessengerSettings; now: Date };

function changedSettings(before: MessengerSettings, change: PreviewedChange, now: Date): MessengerSettings {
  const statementDay = change.statementDay === undefined ? before.statementDay : change.statementDay;
  const beginsToday = change.goLive || statementDay !== before.statementDay;
  return {
    ...before,
    statementDay,
    newInvoiceWhen: change.newInvoiceWhen ?? before.newInvoiceWhen,
    newInvoiceDelayDays: change.newInvoiceDelayDays ?? before.newInvoiceDelayDays,
    sendToInactive: change.sendToInactive ?? before.sendToInactive,
    statementsFrom: beginsToday ? dateIn(before.timeZone, now) : before.statementsFrom,
    automaticMessagesSince: change.goLive ? now : before.automaticMessagesSince,
  };
}

async function previewNewInvoices({ tx, organizationId, settings, now }: Day): Promise<Preview> {
  const today = dateIn(settings.timeZone, now);
  const preview = emptyPreview();
  let after: Place | undefined;
  do {
    const rows = await readUnsent(tx, organizationId, {
      after,
      since: settings.newInvoicesSince,
      limit: perPage,
      today,
    });
    const due = rows.filter(
      (invoice) => whyNotNewInvoice({ rule: settings, invoice, today, now }) === undefined,
    );
    await addTo(
      tx,
      preview,
      { organizationId, type: 'new_invoice' },
      due.map(({ id, number, balanceDue, ...invoice }) => ({
        ...invoice,
        invoiceId: id,
        number,
        amount: balanceDue,
      })),
    );
    const last = rows.length === perPage ? rows.at(-1) : undefined;
    after = last?.issuedAt ? { issuedAt: last.issuedAt, id: last.id } : undefined;
  } while (after);
  return preview;
}

async function previewStatements({ tx, organizationId, settings, now }: Day): Promise<Preview> {
  const preview = emptyPreview();
  if (!statementDayDue(settings, { today: dateIn(settings.timeZone, now), now })) return preview;
  const seen = new Set<string>();
  let after: string | undefined = '';
  while (after !== undefined) {
    const page = { after, limit: perPage, sendToInactive: settings.sendToInactive };
    const { due, last } = await readStatementsDue(tx, organizationId, page);
    const fresh = due.filter(({ customerId }) => !seen.has(customerId));
    for (const { customerId } of fresh) seen.add(customerId);
    await addTo(
      tx,
      preview,
      { organizationId, type: 'statement' },
      fresh.map(({ total, ...each }) => ({ ...each, invoiceId: null, number: null, amount: total })),
    );
    after = last;
  }
  return preview;
}

const emptyPreview = (): Preview => ({ count: 0, total: 0n, first: [] });

type Addressed = Omit<PreviewedMessage, 'channels'> & { reader: ToldCustomer };

/** Counts those that have an address in a channel that is on for them. */
async function addTo(
  tx: Tx,
  preview: Preview,
  by: { organizationId: string; type: MessageType },
  messages: readonly Addressed[],
): Promise<void> {
  const readers = messages.map(({ reader }) => reader);
  const problems =
    messages.length > 0 ? await readEmailProblems(tx, by.organizationId, readers) : new Set<string>();
  for (const { reader, customerId, customerName, invoiceId, number, amount } of messages) {
    const reaching = channelsOf(reader.messageCells, by.type).filter((channel) => {
      const place = placeOf(channel, reader, problems);
      return place !== undefined && !('suppressedBy' in place);
    });
    if (reaching.length === 0) continue;
    preview.count += 1;
    preview.total += amount;
    if (preview.first.length < mostListed)
      preview.first.push({ customerId, customerName, invoiceId, number, amount, channels: reaching });
  }
}
