import type { LedgerRecord } from './books.ts';
import type { House } from './order-routes.ts';
import { type Call, instant, money, newPaypalId, type Reply, refusal } from './wire.ts';

const hour_ms = 3_600_000;
const span_ms_max = 31 * 24 * hour_ms;

export type Reporting = {
  /** The reports show what was true this long ago. */
  lag_ms: number;
  /** More than these are too many for one search. */
  records_max: number;
};

const known = new Set([
  'start_date',
  'end_date',
  'fields',
  'balance_affecting_records_only',
  'page_size',
  'page',
  'transaction_id',
  'transaction_type',
]);
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/;

/** What a record was at an instant; undefined before it began. */
const stateAt = (record: LedgerRecord, at_ms: number) =>
  record.states.findLast((each) => each.at_ms <= at_ms);

const isBalanceAffecting = (record: LedgerRecord, at_ms: number): boolean => {
  const status = stateAt(record, at_ms)?.status;
  return status === 'S' || (status === 'P' && record.code.startsWith('T04'));
};

const plain = (status: number, name: string, message: string): Reply => ({
  status,
  json: { name, message, debug_id: newPaypalId(13).toLowerCase(), details: [], links: [] },
});

export function listTransactions({ books, place }: House, call: Call, reporting: Reporting): Reply {
  const query = call.url.searchParams;
  const strange = [...query.keys()].find((key) => !known.has(key));
  const [start, end] = [query.get('start_date') ?? '', query.get('end_date') ?? ''];
  const size = Number(query.get('page_size') ?? 100);
  const page = Number(query.get('page') ?? 1);
  if (strange || !moment.test(start) || !moment.test(end))
    return refusal(400, 'INVALID_PARAMETER_SYNTAX', strange ?? 'start_date and end_date are required.');
  if (!(Number.isInteger(size) && size >= 1 && size <= 500 && Number.isInteger(page) && page >= 1))
    return refusal(400, 'INVALID_PARAMETER_VALUE', 'page_size is 1 to 500.');
  const [from_ms, to_ms] = [Date.parse(start), Date.parse(end)];
  if (to_ms - from_ms > span_ms_max || to_ms < from_ms)
    return refusal(400, 'INVALID_PARAMETER_VALUE', 'Date range is greater than 31 days');
  const refreshed_ms = books.now_ms - reporting.lag_ms;
  if (from_ms > refreshed_ms)
    return plain(400, 'INVALID_REQUEST', 'Data for the given start date is not available.');
  const all = books.records
    .filter((each) => each.begun_ms >= from_ms && each.begun_ms <= to_ms)
    .filter((each) =>
      query.get('balance_affecting_records_only') === 'N'
        ? stateAt(each, refreshed_ms)
        : isBalanceAffecting(each, refreshed_ms),
    )
    .sort((a, b) => a.begun_ms - b.begun_ms);
  if (all.length > reporting.records_max)
    return plain(
      400,
      'RESULTSET_TOO_LARGE',
      'Result set size is greater than the maximum limit. Change the filter criteria and try again.',
    );
  const rows = all.slice((page - 1) * size, page * size);
  return {
    status: 200,
    json: {
      ...(rows.length > 0 && {
        transaction_details: rows.map((each) => ({ transaction_info: infoOf(each, refreshed_ms) })),
      }),
      account_number: place.merchantId,
      start_date: instant(from_ms),
      end_date: instant(Math.min(to_ms, refreshed_ms)),
      last_refreshed_datetime: instant(refreshed_ms),
      page,
      total_items: all.length,
      total_pages: Math.max(1, Math.ceil(all.length / size)),
      links: [{ href: call.url.href, rel: 'self', method: 'GET' }],
    },
  };
}

function infoOf(record: LedgerRecord, at_ms: number): object {
  const state = stateAt(record, at_ms);
  return {
    transaction_id: record.id,
    transaction_event_code: record.code,
    transaction_initiation_date: instant(record.begun_ms),
    transaction_updated_date: instant(state?.at_ms ?? record.begun_ms),
    transaction_amount: money(record.amount, record.currency),
    ...(record.fee !== 0n && { fee_amount: money(record.fee, record.currency) }),
    transaction_status: state?.status ?? 'P',
    ...(record.relatedId && { paypal_reference_id: record.relatedId, paypal_reference_id_type: 'TXN' }),
    ...(record.custom && { custom_field: record.custom }),
    ...(record.instrument && { instrument_type: record.instrument }),
    protection_eligibility: '01',
  };
}
