import { z } from 'zod';
import { type Api, told } from './api.ts';
import {
  type Batch,
  type Details,
  isAftermath,
  readAs,
  type Summary,
  wasNotTaken,
  zBatch,
  zDetails,
  zSummary,
} from './words.ts';

export type Reporting = {
  api: Api;
  /** At most 1,000, which is what a page of Authorize.Net holds. */
  pageSize: number;
};

/** A list ends with a page that is not full; one that has not ended by now is no list. */
const pages_max = 1_000;
const day_ms = 86_400_000;
/** getSettledBatchList refuses a longer span. */
const window_ms = 31 * day_ms;
/** Their clock and ours differ, and a batch may close while we ask. */
const skew_ms = 3_600_000;

export const instantOnWire = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;

const zRows = z.object({ transactions: z.array(zSummary).nullish() });

/**
 * Newest first: what settles while the pages are read leaves at the end, and what comes new pushes rows on to
 * the next page, where they are seen twice. In the other order a row could slip from the second page to the
 * first and be missed.
 */
const sorting = { orderBy: 'id', orderDescending: true };

async function allPages(
  { api, pageSize }: Reporting,
  method: string,
  fields: Record<string, unknown>,
): Promise<Summary[]> {
  const rows = new Map<string, Summary>();
  // The offset counts pages, from 1.
  for (let offset = 1; offset <= pages_max; offset += 1) {
    const body = await told(api.read(method, { ...fields, sorting, paging: { limit: pageSize, offset } }));
    const page = readAs(zRows, body, 'a list of transactions').transactions ?? [];
    for (const row of page) rows.set(row.transId, row);
    if (page.length < pageSize) return [...rows.values()];
  }
  throw new Error(`more than ${pages_max} pages of transactions`);
}

const unsettled = (reporting: Reporting): Promise<Summary[]> =>
  allPages(reporting, 'getUnsettledTransactionList', {});

export const transactionsOf = (reporting: Reporting, batchId: string): Promise<Summary[]> =>
  allPages(reporting, 'getTransactionList', { batchId });

/** The batches settled in a span of any length, oldest first. */
export async function settledBatches(
  { api }: Reporting,
  span: { since: Date; until: Date },
  includeStatistics = false,
): Promise<Batch[]> {
  const batches = new Map<string, Batch>();
  const end_ms = span.until.getTime();
  for (let from_ms = span.since.getTime(); from_ms <= end_ms; from_ms += window_ms) {
    const fields = {
      includeStatistics,
      firstSettlementDate: instantOnWire(new Date(from_ms)),
      lastSettlementDate: instantOnWire(new Date(Math.min(from_ms + window_ms, end_ms))),
    };
    const body = await told(api.read('getSettledBatchList', fields));
    const { batchList } = readAs(
      z.object({ batchList: z.array(zBatch).nullish() }),
      body,
      'a list of batches',
    );
    for (const batch of batchList ?? []) batches.set(batch.batchId, batch);
  }
  return [...batches.values()].sort((a, b) => a.settlementTimeUTC.getTime() - b.settlementTimeUTC.getTime());
}

export async function detailsOf({ api }: Reporting, transId: string): Promise<Details> {
  const body = await told(api.read('getTransactionDetails', { transId }));
  return readAs(z.object({ transaction: zDetails }), body, 'details').transaction;
}

/**
 * The transaction that carries this number, by a search of all that was sent since: Authorize.Net has no
 * question by our id. Undefined only after the whole search; a page that cannot be had throws. The unsettled
 * are read first: a row that settles meanwhile is then found among the settled.
 */
export async function findByNumber(
  reporting: Reporting,
  carriedId: string,
  span: { since: Date; until: Date },
): Promise<Details | undefined> {
  const isIt = (row: Summary): boolean =>
    row.invoiceNumber === carriedId && !isAftermath(row.transactionStatus);
  const found = (await unsettled(reporting)).filter(isIt);
  if (found.length === 0) {
    const since = new Date(span.since.getTime() - skew_ms);
    const until = new Date(span.until.getTime() + skew_ms);
    for (const batch of await settledBatches(reporting, { since, until })) {
      found.push(...(await transactionsOf(reporting, batch.batchId)).filter(isIt));
    }
  }
  // Nearly always one. Where an attempt failed and a later one did not, the money is in the later one.
  const taken = found.find((row) => !wasNotTaken(row.transactionStatus)) ?? found[0];
  return taken && detailsOf(reporting, taken.transId);
}
