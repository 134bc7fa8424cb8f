import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { type DepositAsk, depositOf } from '#features/estimates/rules.ts';
import { composeLines, type DraftLine } from '#features/invoices/compose-draft.ts';
import { lineColumnNames, lineColumns } from '#features/invoices/line-columns.ts';
import { readExemption } from '#features/invoices/read-exemption.ts';
import type { Line } from '#features/invoices/rules.ts';
import { addDays } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';
import { currencyDigits, sum } from '#lib/money.ts';

export type EstimateInput = {
  customerId: string;
  estimateDate?: string | undefined;
  expiresOn?: string | undefined;
  poNumber?: string | undefined;
  memo?: string | undefined;
  /** Off the whole, before tax: `10%` or an amount. */
  discount?: string | undefined;
  lines: readonly DraftLine[];
  depositPercent?: string | undefined;
  depositAmount?: bigint | undefined;
  depositAtOnce: boolean;
};

/** How long an offer stands where nobody says otherwise. */
const usualDays = 30;

const depositAsk = ({ depositPercent: percent, depositAmount: amount }: EstimateInput): DepositAsk =>
  percent !== undefined ? { percent } : amount !== undefined ? { amount } : undefined;

/** What the columns of an estimate say, worked out or refused. */
export async function workOutEstimate(tx: Tx, seller: EstimateSeller, input: EstimateInput, today: string) {
  const { organizationId, currency } = seller;
  const estimateDate = input.estimateDate ?? today;
  const expiresOn = input.expiresOn ?? addDays(estimateDate, usualDays);
  if (expiresOn < estimateDate) throw bad('expires_on', 'It expires before the date of the estimate.');
  const exempt = await readExemption(tx, organizationId, input.customerId);
  const about = { ...input, exempt, currency, digits: currencyDigits(currency) };
  const totals = await composeLines(tx, organizationId, about);
  if (totals.total <= 0n) throw bad('lines', 'The total must be more than zero.');
  const taxInside = sum(totals.taxes.filter(({ inclusive }) => inclusive).map(({ tax }) => tax));
  const asked = depositOf(depositAsk(input), totals.total);
  if ('error' in asked)
    throw bad(input.depositPercent === undefined ? 'deposit_amount' : 'deposit_percent', asked.error);
  return { ...totals, ...asked, taxInside, estimateDate, expiresOn };
}

const bad = (param: string, message: string): Refusal => new Refusal('invalid_request', { message, param });

export async function writeEstimateLines(
  tx: Tx,
  organizationId: string,
  estimateId: string,
  lines: readonly Line[],
): Promise<void> {
  await tx.run(sql`
    insert into estimate_lines (organization_id, estimate_id, line_no, ${lineColumnNames})
    select ${organizationId}, ${estimateId}, l.* from unnest(${lines.map((_, at) => at + 1)}::int[],
      ${lineColumns(lines)}) as l`);
}

export type EstimateSeller = { organizationId: string; currency: string; timeZone: string };

export async function readEstimateSeller(tx: Tx, organizationId: string): Promise<EstimateSeller> {
  const row = await tx.row<EstimateSeller>(
    sql`select id as organization_id, currency, time_zone from organizations where id = ${organizationId}`,
  );
  return must(row, 'the organization');
}
