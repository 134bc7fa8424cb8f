import { z } from 'zod';
import { Refusal } from '#lib/errors.ts';
import { answerOf, errorOf, type PaypalApi, unavailable } from './paypal-api.ts';
import { moneyShape } from './paypal-order.ts';

const recordShape = z.object({
  transaction_id: z.string().min(1),
  transaction_event_code: z.string(),
  transaction_status: z.string().default('S'),
  transaction_initiation_date: z.string(),
  transaction_updated_date: z.string(),
  transaction_amount: moneyShape,
  fee_amount: moneyShape.optional(),
  paypal_reference_id: z.string().optional(),
  paypal_reference_id_type: z.string().optional(),
  custom_field: z.string().optional(),
  instrument_type: z.string().optional(),
});

/** One movement of the PayPal balance, as PayPal reports it. */
export type BalanceRecord = z.infer<typeof recordShape>;

const pageShape = z.object({
  transaction_details: z.array(z.object({ transaction_info: recordShape })).default([]),
  total_pages: z.number().int().default(1),
  last_refreshed_datetime: z.string().optional(),
});

export type BalanceRecords = {
  records: BalanceRecord[];
  /** PayPal's reports lag up to three hours: until this instant they are whole. */
  wholeUntil_ms: number | undefined;
};

const page_size = 500;
const hour_ms = 3_600_000;
/** The longest span that PayPal searches at once, less a margin for its idea of a month. */
export const window_ms = 31 * 24 * hour_ms - 1000;

const seconds = (at_ms: number): string => new Date(at_ms).toISOString().replace(/\.\d+Z$/, 'Z');

/**
 * Everything that moved the balance from one instant to another, both included, at most a window apart.
 * PayPal refuses a span with more than ten thousand records: it is then halved.
 */
export async function readRecords(api: PaypalApi, from_ms: number, to_ms: number): Promise<BalanceRecords> {
  const records: BalanceRecord[] = [];
  let wholeUntil_ms: number | undefined;
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const query = new URLSearchParams({
      start_date: seconds(from_ms),
      end_date: seconds(to_ms),
      fields: 'transaction_info',
      balance_affecting_records_only: 'Y',
      page_size: String(page_size),
      page: String(page),
    });
    const result = await api.send({ method: 'GET', path: `/v1/reporting/transactions?${query}` });
    const read = answerOf(result, pageShape);
    if (!read) {
      const tooMany = errorOf(result)?.name === 'RESULTSET_TOO_LARGE' && to_ms - from_ms > hour_ms;
      if (!tooMany) throw refusalOf(result);
      const middle_ms = from_ms + Math.floor((to_ms - from_ms) / 2);
      const [early, late] = [
        await readRecords(api, from_ms, middle_ms),
        await readRecords(api, middle_ms, to_ms),
      ];
      return { records: [...early.records, ...late.records], wholeUntil_ms: late.wholeUntil_ms };
    }
    records.push(...read.transaction_details.map((each) => each.transaction_info));
    pages = read.total_pages;
    if (read.last_refreshed_datetime !== undefined) wholeUntil_ms = Date.parse(read.last_refreshed_datetime);
  }
  return { records, wholeUntil_ms };
}

function refusalOf(result: Parameters<typeof errorOf>[0]): Refusal {
  if (errorOf(result)?.status === 403)
    return new Refusal(
      'unavailable',
      'PayPal does not let this app read its transactions. Switch on Transaction search for the app at PayPal.',
    );
  return unavailable(result, 'its transactions');
}
