import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { type DepositAsk, depositOf } from '#features/estimates/rules.ts';
import { type Line, type LineInput, totalsOf } from '#features/invoices/rules.ts';
import { addDays } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';
import { currencyDigits, formatMoney, maxAmount } from '#lib/money.ts';

export type EstimateInput = {
  customerId: string;
  estimateDate?: string | undefined;
  expiresOn?: string | undefined;
  poNumber?: string | undefined;
  memo?: string | undefined;
  lines: readonly LineInput[];
  depositPercent?: string | undefined;
  depositAmount?: bigint | undefined;
  depositAtOnce: boolean;
};

/** How long an offer stands where nobody says otherwise. */
const usualDays = 30;

const depositAsk = ({ depositPercent: percent, depositAmount: amount }: EstimateInput): DepositAsk =>
  percent !== undefined ? { percent } : amount !== undefined ? { amount } : undefined;

/** What the columns of an estimate say, worked out or refused. */
export function workOutEstimate(input: EstimateInput, currency: string, today: string) {
  const estimateDate = input.estimateDate ?? today;
  const expiresOn = input.expiresOn ?? addDays(estimateDate, usualDays);
  if (expiresOn < estimateDate) throw bad('expires_on', 'It expires before the date of the estimate.');
  const totals = totalsOf(input.lines, currencyDigits(currency));
  if (totals.total <= 0n) throw bad('lines', 'The total must be more than zero.');
  const amounts = [totals.subtotal, totals.tax, totals.total, ...totals.lines.map(({ amount }) => amount)];
  if (amounts.some((amount) => amount > maxAmount || amount < -maxAmount))
    throw bad(
      'lines',
      `An amount is above ${formatMoney(maxAmount, currency)}, the most that an estimate may say.`,
    );
  const asked = depositOf(depositAsk(input), totals.total);
  if ('error' in asked)
    throw bad(input.depositPercent === undefined ? 'deposit_amount' : 'deposit_percent', asked.error);
  return { ...totals, ...asked, estimateDate, expiresOn };
}

const bad = (param: string, message: string): Refusal => new Refusal('invalid_request', { message, param });

export async function writeEstimateLines(
  tx: Tx,
  organizationId: string,
  estimateId: string,
  lines: readonly Line[],
): Promise<void> {
  const column = <T>(pick: (line: Line) => T): T[] => lines.map(pick);
  await tx.run(sql`
    insert into estimate_lines (organization_id, estimate_id, line_no, item_name, description, quantity, unit_price,
      amount, taxable, tax_rate)
    select ${organizationId}, ${estimateId}, l.* from unnest(${lines.map((_, at) => at + 1)}::int[],
      ${column((l) => l.itemName)}::text[], ${column((l) => l.description)}::text[], ${column((l) => l.quantity)}::text[],
      ${column((l) => l.unitPrice)}::text[], ${column((l) => l.amount)}::bigint[], ${column((l) => l.taxable)}::boolean[],
      ${column((l) => l.taxRate)}::text[]) as l`);
}

export type EstimateSeller = { currency: string; timeZone: string };

export async function readEstimateSeller(tx: Tx, organizationId: string): Promise<EstimateSeller> {
  const row = await tx.row<EstimateSeller>(
    sql`select currency, time_zone from organizations where id = ${organizationId}`,
  );
  return must(row, 'the organization');
}
