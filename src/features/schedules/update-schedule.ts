import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { readOrganization } from '#features/organizations/queries.ts';
import { type Agreed, goesBeyond, takesOther, wasWords } from '#features/schedules/agreement-rules.ts';
import { lockMethodsOf, usableMethod } from '#features/schedules/lock-for-schedules.ts';
import { lockSchedule, progressOf, type ScheduleRow } from '#features/schedules/read-schedule.ts';
import { refuseUnannounced } from '#features/schedules/refuse-unannounced.ts';
import { type Progress, placeAt, placeFrom, seriesRefusal, startRefusal } from '#features/schedules/rules.ts';
import { type InvoiceTemplate, totalsOfTemplate } from '#features/schedules/template-rules.ts';
import { type Agreement, writeAgreement } from '#features/schedules/write-agreement.ts';
import { snakeKey } from '#lib/casing.ts';
import { addDays, type CalendarDate, dateIn } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';

type Changed = Pick<
  ScheduleRow,
  | 'description'
  | 'unit'
  | 'every'
  | 'startsOn'
  | 'times'
  | 'endsOn'
  | 'receiptToCustomer'
  | 'receiptToOrganization'
> & {
  amount: bigint;
  paymentMethodId: string;
  appliesTo: 'oldest_invoices' | 'unapplied_cash';
  document: InvoiceTemplate;
  dueDays: number;
  issues: boolean;
};
export type ScheduleChanges = { [K in keyof Changed]?: Changed[K] | undefined };

/**
 * Change what a schedule does from its next date on. What was made stays, and a charge that failed is not
 * tried again with another amount. A change that takes more from the payer than was agreed to, or elsewhere
 * or at other times, needs a new agreement.
 */
export async function updateSchedule(
  tx: Tx,
  actor: Actor,
  input: {
    organizationId: string;
    scheduleId: string;
    changes: ScheduleChanges;
    agreement?: Agreement | undefined;
  },
  now: Date,
): Promise<void> {
  const { organizationId, scheduleId } = input;
  const changes = given(input.changes);
  const before = await lockSchedule(tx, organizationId, scheduleId);
  if (before.state === 'completed')
    throw new Refusal('state_refused', 'This schedule has ended. Make a new one.');
  refuseOtherKind(before, changes);
  const seller = await readOrganization(tx, organizationId);
  const today = dateIn(seller.timeZone, now);
  const after: ScheduleRow = { ...before, ...changes };
  if (after.document) after.amount = totalsOfTemplate(after.document, after.currency).total;
  const progress = progressAfter(before, after, today);
  if (after.kind === 'payment')
    after.authorizationId = await agreed(tx, actor, { ...input, before, after, seller, today }, now);
  if (after.authorizationId === before.authorizationId)
    await refuseUnannounced(tx, { organizationId, before, after, next: progress.next?.on, today });
  await write(tx, organizationId, { row: after, ...progress }, now);
  const changed = Object.fromEntries(
    Object.entries(changes)
      .filter(([key]) => key !== 'document')
      .map(([key, value]) => [snakeKey(key), value]),
  );
  const about = { subjectId: scheduleId, customerId: before.customerId };
  const was = after.kind === 'payment' && takesOther(before, after) ? { was: wasWords(before, seller) } : {};
  await record(tx, { actor, organizationId, now }, [
    { ...about, type: 'schedule.updated', data: { ...changed, ...was } },
  ]);
}

const given = (changes: ScheduleChanges): Partial<Changed> =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));

const ofInvoices = ['document', 'dueDays', 'issues'] as const;
const ofPayments = [
  'amount',
  'paymentMethodId',
  'appliesTo',
  'receiptToCustomer',
  'receiptToOrganization',
] as const;

function refuseOtherKind({ kind }: ScheduleRow, changes: ScheduleChanges): void {
  const foreign = (kind === 'invoice' ? ofPayments : ofInvoices).find((key) => changes[key] !== undefined);
  if (!foreign) return;
  const param = snakeKey(foreign);
  throw new Refusal('invalid_request', {
    message: `A schedule of this kind has no ${param.replaceAll('_', ' ')}.`,
    param,
  });
}

/** A new rhythm begins with its own first date, tomorrow at the earliest; another end keeps the dates. */
function progressAfter(before: ScheduleRow, after: ScheduleRow, today: CalendarDate): Progress {
  const { taken, next } = progressOf(before);
  const isNew =
    before.unit !== after.unit || before.every !== after.every || before.startsOn !== after.startsOn;
  const start = isNew ? startRefusal(after.startsOn, today) : undefined;
  const refusal = start ? { param: 'starts_on', message: start } : seriesRefusal(after);
  if (refusal) throw new Refusal('invalid_request', refusal);
  const place = isNew
    ? placeAt(after, 0, taken)
    : next
      ? placeAt(after, next.index, taken)
      : placeFrom(after, addDays(today, 1), taken);
  if (place) return { taken, next: place };
  throw new Refusal('invalid_request', {
    message: `No date would be left: ${taken} have been made. End the schedule instead.`,
    param: after.endsOn === null ? 'times' : 'ends_on',
  });
}

type Agreeing = Parameters<typeof updateSchedule>[2] & {
  before: ScheduleRow;
  after: ScheduleRow;
  seller: { name: string; locale: string; timeZone: string };
  today: CalendarDate;
};

/** The agreement that stands from now on: the one there is, or a new one. */
async function agreed(tx: Tx, actor: Actor, asked: Agreeing, now: Date): Promise<string> {
  const { organizationId, before, after, agreement, seller, today } = asked;
  const standing = await tx.row<{ id: string }>(sql`select id from authorizations a
    where organization_id = ${organizationId} and id = ${before.authorizationId} and not exists (
      select from authorization_revocations r where r.organization_id = a.organization_id and r.authorization_id = a.id)`);
  if (standing && !agreement && !goesBeyond(termsOf(before), termsOf(after))) return standing.id;
  if (!agreement)
    throw new Refusal('state_refused', {
      message: standing
        ? 'This goes beyond what the customer agreed to. Ask for the new terms, and say that you hold the agreement.'
        : 'The customer took the agreement back. Ask for a new one, and say that you hold it.',
      param: 'agreement_held',
    });
  const methodId = termsOf(after).paymentMethodId;
  const methods = await lockMethodsOf(tx, organizationId, [methodId]);
  const { customerId } = after;
  const method = usableMethod(methods.get(methodId), customerId, today);
  return writeAgreement(
    tx,
    actor,
    { organizationId, customerId, seller, method, agreed: termsOf(after), agreement },
    now,
  );
}

const termsOf = (row: ScheduleRow): Agreed => ({ ...row, paymentMethodId: row.paymentMethodId ?? '' });

async function write(
  tx: Tx,
  organizationId: string,
  changed: { row: ScheduleRow } & Progress,
  now: Date,
): Promise<void> {
  const { row, next } = changed;
  await tx.run(sql`update schedules set description = ${row.description}, amount = ${row.amount}, unit = ${row.unit},
    every = ${row.every}, starts_on = ${row.startsOn}, times = ${row.times}, ends_on = ${row.endsOn},
    retry_day = case when amount = ${row.amount} then retry_day end,
    retry_on = case when amount = ${row.amount} then retry_on end,
    next_on = ${next?.on ?? null}, next_index = ${next?.index ?? 0},
    document = ${row.document === null ? null : JSON.stringify(row.document)}::jsonb, due_days = ${row.dueDays},
    issues = ${row.issues}, payment_method_id = ${row.paymentMethodId}, authorization_id = ${row.authorizationId},
    applies_to = ${row.appliesTo}, receipt_to_customer = ${row.receiptToCustomer},
    receipt_to_organization = ${row.receiptToOrganization}, updated_at = ${now}
    where organization_id = ${organizationId} and id = ${row.id}`);
}
