import {
  bodyLines,
  type DraftLine,
  emptyLine,
  type Habit,
  lineErrors,
  lineFrom,
} from '#features/invoices/ui/staff/draft-lines.ts';
import type { LineRooms } from '#features/invoices/ui/staff/line-row.tsx';
import { type Rhythm, rhythmBody, rhythmChecks } from '#features/schedules/ui/staff/rhythm-fields.tsx';
import type { Schedule } from '#features/schedules/ui/staff/schedule-words.tsx';
import { addDays } from '#lib/dates.ts';
import { readTyped, toTyped } from '#lib/money.ts';

/** What other rooms put into the dialog; the shell hands it in. */
export type EditRooms = LineRooms;

export type EditValues = Rhythm & {
  description: string;
  new_rhythm: boolean;
  amount: string;
  payment_method_id: string;
  oldest: boolean;
  receipt_to_customer: boolean;
  receipt_to_organization: boolean;
  agreement_held: boolean;
  lines: DraftLine[];
  due_days: number;
  issue: boolean;
};
type Here = Habit & { today: string };

export const valuesOf = (schedule: Schedule, here: Here): EditValues => ({
  description: schedule.description,
  new_rhythm: false,
  unit: schedule.unit,
  every: schedule.every,
  starts_on: schedule.next_on && schedule.next_on > here.today ? schedule.next_on : addDays(here.today, 1),
  end: schedule.times !== null ? 'times' : schedule.ends_on !== null ? 'date' : 'never',
  times: schedule.times ?? 12,
  ends_on: schedule.ends_on ?? '',
  amount: toTyped(schedule.amount, here.currency, here.locale),
  payment_method_id: schedule.payment_method?.id ?? '',
  oldest: schedule.applies_to !== 'unapplied_cash',
  receipt_to_customer: schedule.receipt_to_customer,
  receipt_to_organization: schedule.receipt_to_organization,
  agreement_held: false,
  lines: schedule.invoice?.lines.map((line) => lineFrom(line, here)) ?? [emptyLine()],
  due_days: schedule.invoice?.due_days ?? 30,
  issue: schedule.invoice?.issue ?? true,
});

const amountOf = (text: string, { currency, locale }: Habit): bigint =>
  readTyped(text, currency, locale) ?? 0n;

export const checksOf = ({ kind }: Schedule, here: Here) => ({
  amount: (text: string) =>
    kind === 'invoice' || amountOf(text, here) > 0n ? null : 'Give an amount above zero',
  payment_method_id: (id: string) =>
    kind === 'invoice' || id ? null : 'Choose the stored method that is charged',
  lines: (lines: DraftLine[]) =>
    kind === 'payment' || lineErrors(lines, here).size === 0 ? null : 'Some lines are not complete',
  starts_on: (on: string, all: EditValues) =>
    all.new_rhythm ? rhythmChecks(here.today).starts_on(on) : null,
  ends_on: (on: string, all: EditValues) =>
    all.new_rhythm ? rhythmChecks(here.today).ends_on(on, all) : null,
});

export function bodyOf({ kind }: Schedule, values: EditValues, here: Here) {
  const shared = {
    description: values.description,
    ...(values.new_rhythm ? rhythmBody(values) : {}),
  };
  if (kind === 'invoice')
    return {
      ...shared,
      lines: bodyLines(values.lines, here).map(({ service_date: _, ...line }) => line),
      due_days: values.due_days,
      issue: values.issue,
    };
  return {
    ...shared,
    amount: Number(amountOf(values.amount, here)),
    payment_method_id: values.payment_method_id,
    applies_to: values.oldest ? ('oldest_invoices' as const) : ('unapplied_cash' as const),
    receipt_to_customer: values.receipt_to_customer,
    receipt_to_organization: values.receipt_to_organization,
    ...(values.agreement_held ? { agreement_held: true } : {}),
  };
}
