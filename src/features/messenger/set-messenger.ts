import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { record } from '#db/events.ts';
import { type Preview, type Previews, previewMessages } from '#features/messenger/preview-messages.ts';
import { type MessengerSettings, readMessengerSettings } from '#features/messenger/read-candidates.ts';
import { addDays, type CalendarDate, dateIn } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { formatMoney } from '#lib/money.ts';

type Settable = Pick<
  MessengerSettings,
  | 'newInvoiceWhen'
  | 'newInvoiceDelayDays'
  | 'statementDay'
  | 'workHour'
  | 'sendToInactive'
  | 'reminderLimitMessages'
  | 'reminderLimitDays'
>;
/** What no invoice and no statement goes out earlier by. */
const ofLater: readonly (keyof Settable)[] = ['workHour', 'reminderLimitMessages', 'reminderLimitDays'];

/** What becomes of messages that a change would send at once: they go, or are left to a person. */
export type Waiting = 'send' | 'leave';

type SetMessenger = {
  organizationId: string;
  changes: { [Name in keyof Settable]?: Settable[Name] | undefined };
  waiting?: Waiting | undefined;
};

/**
 * Change when messages go out by themselves. A change that would send something at once is refused until it
 * is said what becomes of that: the preview shows it.
 */
export async function setMessenger(tx: Tx, actor: Actor, input: SetMessenger, now: Date): Promise<void> {
  const { organizationId, changes, waiting } = input;
  await tx.run(sql`select from organizations where id = ${organizationId} for update`);
  const before = await readMessengerSettings(tx, organizationId);
  const changed = changedNames(before, changes);
  if (changed.length === 0) return;
  const today = dateIn(before.timeZone, now);
  const { statementDay = before.statementDay, reminderLimitMessages = before.reminderLimitMessages } =
    changes;
  await tx.run(sql`update organizations set
    new_invoice_when = ${changes.newInvoiceWhen ?? before.newInvoiceWhen},
    new_invoice_delay_days = ${changes.newInvoiceDelayDays ?? before.newInvoiceDelayDays},
    statement_day = ${statementDay}, reminder_limit_messages = ${reminderLimitMessages},
    reminder_limit_days = ${changes.reminderLimitDays ?? before.reminderLimitDays},
    work_hour = ${changes.workHour ?? before.workHour},
    send_to_inactive = ${changes.sendToInactive ?? before.sendToInactive},
    statements_from = ${changed.includes('statementDay') ? today : before.statementsFrom}
    where id = ${organizationId}`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'organization.updated', subjectId: organizationId, data: { changes: changed } },
  ]);
  if (changed.every((name) => ofLater.includes(name))) return;
  const preview = await previewMessages(tx, { organizationId }, now);
  if (preview.newInvoices.count + preview.statements.count === 0) return;
  if (!waiting)
    throw new Refusal('invalid_request', { message: askWhatOf(preview, before), param: 'waiting' });
  if (waiting === 'leave') await leaveEarlier(tx, organizationId, now, today);
  else await enqueue(tx, [messengerJob(organizationId)]);
}

function askWhatOf({ newInvoices, statements }: Previews, { currency }: { currency: string }): string {
  const counted = ({ count, total }: Preview, noun: string): string[] =>
    count === 0 ? [] : [`${count} ${noun}${count === 1 ? '' : 's'} over ${formatMoney(total, currency)}`];
  const both = [...counted(newInvoices, 'invoice'), ...counted(statements, 'statement')].join(' and ');
  return `With this, ${both} would go out at once. Say "send", or "leave" to begin with what comes after now.`;
}

function changedNames(before: MessengerSettings, changes: SetMessenger['changes']): (keyof Settable)[] {
  return (Object.keys(changes) as (keyof Settable)[]).filter(
    (name) => changes[name] !== undefined && changes[name] !== before[name],
  );
}

const leaveEarlier = (tx: Tx, organizationId: string, now: Date, today: CalendarDate) =>
  tx.run(sql`update organizations set new_invoices_since = ${now}, statements_from = ${addDays(today, 1)}
    where id = ${organizationId}`);

const messengerJob = (organizationId: string) => ({
  job: 'work-messenger',
  key: `messenger:${organizationId}`,
  payload: { organizationId },
  maxAttempts: 3,
});

/**
 * From now on messages go out by themselves. What was issued before goes too only when a person wants that:
 * most books that are brought in were mailed by whatever came before.
 */
export async function goLive(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; earlier: Waiting },
  now: Date,
): Promise<void> {
  const { organizationId, earlier } = input;
  await tx.run(sql`select from organizations where id = ${organizationId} for update`);
  const before = await readMessengerSettings(tx, organizationId);
  if (before.automaticMessagesSince !== null)
    throw new Refusal('state_refused', 'Messages go out by themselves already.');
  const today = dateIn(before.timeZone, now);
  await tx.run(sql`update organizations set automatic_messages_since = ${now}, statements_from = ${today}
    where id = ${organizationId}`);
  await record(tx, { actor, organizationId, now }, [
    { type: 'organization.went_live', subjectId: organizationId, data: { earlier_invoices: earlier } },
  ]);
  if (earlier === 'leave') await leaveEarlier(tx, organizationId, now, today);
  else await enqueue(tx, [messengerJob(organizationId)]);
}

/** Nothing goes out by itself any more, until the organization goes live again. Messages by hand still go. */
export async function holdMessages(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string },
  now: Date,
): Promise<void> {
  const { organizationId } = input;
  const held = await tx.run(sql`update organizations set automatic_messages_since = null
    where id = ${organizationId} and automatic_messages_since is not null`);
  if (held === 0) throw new Refusal('state_refused', 'Messages are held already.');
  await record(tx, { actor, organizationId, now }, [
    { type: 'organization.held', subjectId: organizationId },
  ]);
}
