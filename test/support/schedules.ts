import { sql } from 'kysely';
import { chargeDuePayments } from '#features/schedules/charge-due-payments.ts';
import { createSchedules } from '#features/schedules/create-schedules.ts';
import { failScheduledCharge } from '#features/schedules/fail-scheduled-charge.ts';
import { makeDueInvoices } from '#features/schedules/make-due-invoices.ts';
import { templateOf } from '#features/schedules/template-rules.ts';
import type {
  NewInvoiceSchedule,
  NewPaymentSchedule,
  NewSchedule,
} from '#features/schedules/write-schedules.ts';
import { addDays } from '#lib/dates.ts';
import { type Books, given } from './given.ts';

/** Noon in New York on a day. */
export const noon = (day: string): Date => new Date(`${day}T16:00:00Z`);

const origin = { ip: '203.0.113.7', userAgent: 'test' };
const line = {
  itemName: 'Rent',
  description: '',
  quantity: '1',
  unitPrice: '100',
  taxable: false,
  taxRate: '0',
};

/** 100.00 on the 31st of each month, from 31 March 2026. */
export const invoiceSchedule = (
  customerId: string,
  over: Partial<NewInvoiceSchedule> = {},
): NewInvoiceSchedule => ({
  kind: 'invoice',
  customerId,
  description: 'Rent',
  unit: 'month',
  every: 1,
  startsOn: '2026-03-31',
  times: null,
  endsOn: null,
  document: templateOf({ lines: [line], memo: 'Thank you' }),
  dueDays: 10,
  issues: true,
  ...over,
});

/** 25.00 each month from 31 March 2026 by a stored card, kept as unapplied cash. */
export const paymentSchedule = (
  customerId: string,
  paymentMethodId: string,
  over: Partial<NewPaymentSchedule> = {},
): NewPaymentSchedule => ({
  kind: 'payment',
  customerId,
  description: 'Membership',
  unit: 'month',
  every: 1,
  startsOn: '2026-03-31',
  times: null,
  endsOn: null,
  amount: 2_500n,
  paymentMethodId,
  appliesTo: 'unapplied_cash',
  receiptToCustomer: false,
  receiptToOrganization: false,
  agreement: { by: 'held', origin },
  ...over,
});

export const schedule = async (books: Books, made: NewSchedule, day = '2026-03-02'): Promise<string> => {
  const { scheduleIds } = await books.tx((tx) =>
    createSchedules(tx, books.actor, { organizationId: books.organizationId, schedules: [made] }, noon(day)),
  );
  return scheduleIds[0] as string;
};

/** A customer with a stored card and a payment schedule. */
export async function paying(over: Partial<NewPaymentSchedule> = {}, books?: Books) {
  const own = books ?? (await given.organization());
  const customerId = await given.customer(own);
  const methodId = await given.storedMethod(own, customerId);
  return {
    books: own,
    customerId,
    methodId,
    scheduleId: await schedule(own, paymentSchedule(customerId, methodId, over)),
  };
}

/** What a day does for schedules. */
export async function workSchedules({ db, organizationId }: Books, today: string): Promise<void> {
  const day = { organizationId, today, now: noon(today) };
  await makeDueInvoices(db, day);
  await chargeDuePayments(db, day);
}

/** Every day from one to another, as a worker that is never down. */
export async function workEachDay(books: Books, from: string, to: string): Promise<void> {
  for (let day = from; day <= to; day = addDays(day, 1)) await workSchedules(books, day);
}

/** `2026-03-31 made`, in order. */
export const daysOf = async (books: Books, scheduleId: string): Promise<string[]> => {
  const rows = await books.tx((tx) =>
    tx.rows<{ day: string; state: string }>(sql`select day, state from schedule_occurrences
      where organization_id = ${books.organizationId} and schedule_id = ${scheduleId} order by day`),
  );
  return rows.map(({ day, state }) => `${day} ${state}`);
};

export type Standing = {
  state: string;
  taken: number;
  nextOn: string | null;
  retryOn: string | null;
  pauseReason: string | null;
};
export const standing = async (books: Books, scheduleId: string): Promise<Standing> => {
  const row = await books.tx((tx) =>
    tx.row<Standing>(sql`select state, taken, next_on, retry_on, pause_reason from schedules
      where organization_id = ${books.organizationId} and id = ${scheduleId}`),
  );
  return row as Standing;
};

export type PaymentOf = {
  id: string;
  receivedOn: string;
  amount: bigint;
  applied: bigint;
  authorizationId: string;
};
export const paymentsOf = (books: Books, customerId: string): Promise<PaymentOf[]> =>
  books.tx((tx) =>
    tx.rows<PaymentOf>(sql`select id, received_on, amount, applied, authorization_id from payments
      where organization_id = ${books.organizationId} and customer_id = ${customerId} order by id`),
  );

/** The reaction to a charge that failed. */
export const failed = (books: Books, paymentId: string, today: string) =>
  books.tx((tx) =>
    failScheduledCharge(
      tx,
      books.actor,
      { organizationId: books.organizationId, paymentId, today },
      noon(today),
    ),
  );
