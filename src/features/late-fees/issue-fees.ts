import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { createInvoices } from '#features/invoices/create-invoices.ts';
import type { NewLateFee } from '#features/late-fees/write-late-fees.ts';
import { addDays, type CalendarDate } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';
import { toDecimal } from '#lib/money.ts';

/**
 * Issue late fees as invoices of their own: dated as they fell due, and to be paid some days from when they
 * are told of, so that after days without work none is late before anybody could have paid it.
 */
export async function issueFees(
  tx: Tx,
  by: { actor: Actor; organizationId: string; today: CalendarDate },
  fees: readonly NewLateFee[],
  now: Date,
): Promise<Map<NewLateFee, string>> {
  if (fees.length === 0) return new Map();
  const { organizationId, today } = by;
  const numbers = await freeNumbers(tx, organizationId, fees);
  const invoices = fees.map((fee, at) => ({
    ...documentOf(fee, today),
    number: must(numbers[at], 'a number of each'),
  }));
  const { invoiceIds } = await createInvoices(tx, by.actor, { organizationId, invoices, issue: true }, now);
  return new Map(fees.map((fee, at) => [fee, must(invoiceIds[at], 'an invoice of each')]));
}

function documentOf({ invoice, policy, on, amount, sequence }: NewLateFee, today: CalendarDate) {
  const { id, customerId, currency, number, dueDate } = invoice;
  const description = `Late fee ${sequence} of invoice ${number}, which was due on ${dueDate}`;
  const line = { itemName: policy.ownItem, description, quantity: '1', amount, taxable: false, taxRate: '0' };
  return {
    customerId,
    currency,
    lateFeeOf: id,
    invoiceDate: on,
    dueDate: addDays(on > today ? on : today, policy.ownDueDays),
    subtotal: amount,
    tax: 0n,
    total: amount,
    lines: [{ ...line, unitPrice: toDecimal(amount, currency) }],
  };
}

const mostTries = 100;

/** The number of the late invoice with that of the fee behind it, as far as none has it. */
async function freeNumbers(
  tx: Tx,
  organizationId: string,
  fees: readonly NewLateFee[],
): Promise<(string | undefined)[]> {
  const numbers: (string | undefined)[] = fees.map(() => undefined);
  const given = new Set<string>();
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const open = fees.flatMap((fee, at) =>
      numbers[at] === undefined ? [{ at, number: numberOf(fee, tries) }] : [],
    );
    if (open.length === 0) return numbers;
    const taken = await tx.rows<{ number: string }>(sql`select number from invoices
      where organization_id = ${organizationId} and number = any(${open.map(({ number }) => number)}::text[])`);
    const isTaken = new Set(taken.map(({ number }) => number));
    for (const { at, number } of open) {
      if (isTaken.has(number) || given.has(number)) continue;
      given.add(number);
      numbers[at] = number;
    }
  }
  throw new Refusal('conflict', `The first ${mostTries} numbers for a late fee as an invoice are taken.`);
}

/** A number holds 60 characters; of a longer one the end is cut off. */
function numberOf({ invoice, sequence }: NewLateFee, tries: number): string {
  const end = `-F${sequence}${tries === 1 ? '' : `-${tries}`}`;
  return `${invoice.number.slice(0, 60 - end.length)}${end}`;
}
