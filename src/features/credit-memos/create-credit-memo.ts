import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { issueCreditMemo } from '#features/credit-memos/issue-credit-memo.ts';
import { type CreditLine, totalsOfCredit } from '#features/credit-memos/rules.ts';
import { dateIn } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { formatMoney, maxAmount } from '#lib/money.ts';

export type NewCreditMemo = {
  customerId: string;
  lines: readonly CreditLine[];
  memoDate?: string | undefined;
  reason?: string | undefined;
};

/** Write a credit memo for a customer: a draft, or issued at once. */
export async function createCreditMemo(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; memo: NewCreditMemo; issue: boolean },
  now: Date,
): Promise<{ creditMemoId: string }> {
  const { organizationId, memo } = input;
  const customer = await tx.row(sql`select 1 as known from customers
    where organization_id = ${organizationId} and id = ${memo.customerId} for share`);
  if (!customer)
    throw new Refusal('not_found', { message: 'There is no such customer.', param: 'customer_id' });
  const { subtotal, tax, total } = totalsOfCredit(memo.lines);
  const series = await nextNumber(tx, organizationId);
  if (total > maxAmount)
    throw new Refusal('invalid_request', {
      message: `The total is above ${formatMoney(maxAmount, series.currency)}, the most that a credit memo may say.`,
      param: 'lines',
    });
  const id = newId('creditMemo');
  await tx.run(sql`
    insert into credit_memos (organization_id, id, customer_id, number, currency, memo_date, reason, subtotal, tax, total,
      created_at)
    values (${organizationId}, ${id}, ${memo.customerId}, ${series.number}, ${series.currency},
      ${memo.memoDate ?? dateIn(series.timeZone, now)}, ${memo.reason ?? null}, ${subtotal}, ${tax}, ${total}, ${now})`);
  await tx.run(sql`
    insert into credit_memo_lines (organization_id, credit_memo_id, line_no, description, amount, tax)
    select ${organizationId}, ${id}, l.* from unnest(${memo.lines.map((_, at) => at + 1)}::int[],
      ${memo.lines.map((line) => line.description)}::text[], ${memo.lines.map((line) => line.amount)}::bigint[],
      ${memo.lines.map((line) => line.tax)}::bigint[]) as l`);
  await record(tx, { actor, organizationId, now }, [
    {
      type: 'credit_memo.created',
      subjectId: id,
      customerId: memo.customerId,
      data: {
        amount: total,
        currency: series.currency,
        number: series.number,
        ...(memo.reason ? { reason: memo.reason } : {}),
      },
    },
  ]);
  if (input.issue) await issueCreditMemo(tx, actor, { organizationId, creditMemoId: id }, now);
  return { creditMemoId: id };
}

type Series = { number: string; currency: string; timeZone: string };

/** The next of the series; the organization's row is locked, so none is given twice. */
async function nextNumber(tx: Tx, organizationId: string): Promise<Series> {
  const row = await tx.row<Series>(sql`
    update organizations set next_credit_memo_number = next_credit_memo_number + 1 where id = ${organizationId}
    returning credit_memo_number_prefix || (next_credit_memo_number - 1) as number, currency, time_zone`);
  return must(row, 'the organization');
}
