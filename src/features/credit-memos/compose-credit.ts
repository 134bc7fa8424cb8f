import type { Tx } from '#db/db.ts';
import { type CreditLine, taxesOfCredit } from '#features/credit-memos/rules.ts';
import { composeLines, type DraftLine } from '#features/invoices/compose-draft.ts';
import { readHabits } from '#features/invoices/numbering.ts';
import { readExemption } from '#features/invoices/read-exemption.ts';
import type { TaxCharged } from '#features/taxes/rules.ts';
import { dateIn } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { formatMoney, maxAmount, sum } from '#lib/money.ts';

/** A line as an invoice has it, or only its amount, with its tax as an amount beside it. */
export type CreditLineInput = Partial<DraftLine> & { tax?: bigint | undefined };
export type NewCreditMemo = {
  customerId: string;
  lines: readonly CreditLineInput[];
  memoDate?: string | undefined;
  reason?: string | undefined;
};
export type ComposedCredit = {
  currency: string;
  memoDate: string;
  lines: CreditLine[];
  subtotal: bigint;
  taxes: TaxCharged[];
  tax: bigint;
  taxInside: bigint;
  total: bigint;
};

const blank: DraftLine = {
  itemName: '',
  description: '',
  quantity: '1',
  unitPrice: '0',
  taxable: false,
  taxRate: '0',
};

/** What a credit memo comes to, by the rules of an invoice's lines; or refused. */
export async function composeCredit(
  tx: Tx,
  organizationId: string,
  memo: Pick<NewCreditMemo, 'customerId' | 'lines' | 'memoDate'>,
  now: Date,
): Promise<ComposedCredit> {
  refuseBoth(memo.lines);
  const exempt = await readExemption(tx, organizationId, memo.customerId);
  const { currency, digits, timeZone } = await readHabits(tx, organizationId);
  const typed = memo.lines.map(({ tax: _, ...line }) => ({ ...blank, ...line }));
  const worked = await composeLines(tx, organizationId, { exempt, currency, digits, lines: typed });
  const lines = worked.lines.map((line, at) => ({ ...line, tax: memo.lines[at]?.tax ?? 0n }));
  const given = sum(lines.map((line) => line.tax));
  const tax = worked.tax + given;
  const taxes = taxesOfCredit({ ...worked, tax, lines });
  const total = worked.total + given;
  if (total <= 0n) throw bad('The total must be more than zero.', 'lines');
  if (total > maxAmount) {
    const most = formatMoney(maxAmount, currency);
    throw bad(`The total is above ${most}, the most that a credit memo may say.`, 'lines');
  }
  const taxInside = sum(taxes.filter(({ inclusive }) => inclusive).map(({ tax: inside }) => inside));
  const memoDate = memo.memoDate ?? dateIn(timeZone, now);
  return { currency, memoDate, lines, subtotal: worked.subtotal, taxes, tax, taxInside, total };
}

/** Tax is worked out from rates, or given; of one line not both. */
function refuseBoth(lines: readonly CreditLineInput[]): void {
  const at = lines.findIndex(({ tax, taxable, taxRateIds }) => tax && (taxable || taxRateIds?.length));
  if (at >= 0)
    throw bad(`Line ${at + 1}: give tax rates, or its tax as an amount, not both.`, `lines.${at}.tax`);
}

const bad = (message: string, param: string): Refusal => new Refusal('invalid_request', { message, param });
