import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { assessLateFees } from '#features/late-fees/assess-late-fees.ts';
import { removeLateFee } from '#features/late-fees/remove-late-fee.ts';
import { type NewPolicy, setLateFeePolicy } from '#features/late-fees/set-late-fee-policy.ts';
import { waiveLateFee } from '#features/late-fees/waive-late-fee.ts';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { Refusal } from '#lib/errors.ts';
import { type Books, given } from './given.ts';

const usual: NewPolicy = {
  isActive: true,
  amountType: 'flat',
  flatAmount: 2_500n,
  percent: '0',
  compounds: false,
  graceDays: 0,
  everyDays: 10,
  maxFees: null,
  capAmount: null,
  capPercent: null,
  minimumBalance: 0n,
  booking: 'on_invoice',
  ownItem: 'Late fee',
  ownDueDays: 14,
  termsText: '',
  termsInMemo: false,
  termsInReminders: false,
  effectiveFrom: '2026-01-01',
  jurisdiction: null,
};

/** Noon in New York on a day. */
export const noon = (day: string): Date => new Date(`${day}T16:00:00Z`);
/** The same books, on another day. */
export const on = (books: Books, day: string): Books => ({ ...books, now: noon(day) });

export const agree = (books: Books, over: Partial<NewPolicy> = {}, day = '2026-03-02') =>
  books.tx((tx) =>
    setLateFeePolicy(
      tx,
      books.actor,
      { organizationId: books.organizationId, policy: { ...usual, ...over } },
      noon(day),
    ),
  );

/** The part of a day's work that posts late fees. */
export const workLateFees = ({ db, organizationId }: Books, today: string): Promise<void> =>
  assessLateFees(db, { organizationId, today, now: noon(today) });

export const waive = (books: Books, invoiceId: string, sequence: number, day: string) =>
  books.tx((tx) =>
    waiveLateFee(
      tx,
      books.actor,
      { organizationId: books.organizationId, invoiceId, sequence, reason: 'A good customer' },
      noon(day),
    ),
  );

export const remove = (books: Books, lateFeeId: string, day: string) =>
  books.tx((tx) =>
    removeLateFee(
      tx,
      books.actor,
      { organizationId: books.organizationId, lateFeeId, reason: 'Our mistake' },
      noon(day),
    ),
  );

export type FeeRow = { id: string; sequence: number; state: string; fellDueOn: string; amount: bigint };
export const feesOf = (books: Books, invoiceId: string): Promise<FeeRow[]> =>
  books.tx((tx) =>
    tx.rows<FeeRow>(sql`select id, sequence, state, fell_due_on, amount from late_fees
      where organization_id = ${books.organizationId} and invoice_id = ${invoiceId} order by sequence`),
  );
/** `2026-03-13 posted 2500`, in order. */
export const saidOf = async (books: Books, invoiceId: string): Promise<string[]> =>
  (await feesOf(books, invoiceId)).map(({ fellDueOn, state, amount }) => `${fellDueOn} ${state} ${amount}`);

/** An invoice over 1,000.00, due on 2 March, with a fee of 25.00 every ten days from the 3rd. */
export async function late(terms: Partial<NewPolicy> = {}) {
  const books = await given.organization();
  await agree(books, terms);
  const customerId = await given.customer(books);
  const invoiceId = await given.invoice(books, customerId, 100_000n, { dueDate: '2026-03-02' });
  return { books, customerId, invoiceId };
}

export const inOrder = async (books: Books) =>
  assert.deepEqual((await checkLedger(books.db, books.organizationId)).problems, []);
export const refused = (code: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Refusal, String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  return true;
};
