import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { type CardRange, fundingIn, type RangeFunding, spanOf } from '#features/card-fees/range-rules.ts';
import type { RangeList } from '#features/card-fees/read-range-list.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

/** The newest list of each source: what an older one said is over. */
const newest = sql`select distinct on (source) id from card_range_lists order by source, dated_on desc, loaded_at desc`;

export type FundingByRange = { funding: RangeFunding; listId: string };

/** What stands behind a card that begins so; undefined: no list says it, or lists differ. */
export async function readFundingOf(tx: Tx, bin: string): Promise<FundingByRange | undefined> {
  const span = spanOf(bin, bin);
  if (!span) return undefined;
  const rows = await tx.rows<CardRange & { listId: string }>(sql`
    select l.id as list_id, r.first, r.last, r.funding from (${newest}) l cross join lateral (
      (select first, last, funding from card_ranges where list_id = l.id and first < ${span.first}
        order by first desc limit 1)
      union all
      select first, last, funding from card_ranges where list_id = l.id
        and first between ${span.first} and ${span.last}) r
    where r.last >= ${span.first}`);
  const told = [...Map.groupBy(rows, ({ listId }) => listId)].map(([listId, ranges]) => ({
    listId,
    funding: fundingIn(bin, ranges),
  }));
  const [one] = told;
  return one?.funding && told.every(({ funding }) => funding === one.funding)
    ? { listId: one.listId, funding: one.funding }
    : undefined;
}

type Told = { funding?: string | undefined; bin?: string | undefined };

/** What is kept of a card's kind: the gateway's word, else that of the lists of card ranges. */
export async function knownFunding(tx: Tx, { funding, bin }: Told) {
  const isTold = funding !== undefined && funding !== 'unknown';
  const found = isTold || bin === undefined ? undefined : await readFundingOf(tx, bin);
  return { funding: found?.funding ?? funding ?? null, bin: bin ?? null, listId: found?.listId ?? null };
}

export type LoadedList = { listId: string; ranges: number; cards: number };

/** Take in a list; stored cards of which no gateway has said what they are become known by it, or unknown. */
export async function loadCardRanges(
  tx: Tx,
  input: { list: RangeList; source: string; datedOn: CalendarDate; sha256: string },
  now: Date,
): Promise<LoadedList> {
  const { list, source, datedOn } = input;
  const listId = newId('cardRangeList');
  const made = await tx.run(sql`
    insert into card_range_lists (id, source, dated_on, ranges, sha256, loaded_at)
    values (${listId}, ${source}, ${datedOn}, ${list.ranges.length}, ${input.sha256}, ${now}) on conflict do nothing`);
  if (made === 0) throw new Refusal('conflict', 'This file was loaded before. Nothing was changed.');
  const column = <T>(pick: (range: CardRange) => T): T[] => list.ranges.map(pick);
  await tx.run(sql`
    insert into card_ranges (list_id, first, last, funding)
    select ${listId}, r.first, r.last, r.funding from unnest(${column((r) => r.first)}::int[],
      ${column((r) => r.last)}::int[], ${column((r) => r.funding)}::text[]) as r(first, last, funding)`);
  return { listId, ranges: list.ranges.length, cards: await fitStoredCards(tx) };
}

/** Few bins stand for many cards. */
async function fitStoredCards(tx: Tx): Promise<number> {
  const open = sql`bin is not null and (funding_list_id is not null or coalesce(funding, 'unknown') = 'unknown')`;
  const bins = await tx.rows<{ bin: string }>(sql`select distinct bin from payment_methods where ${open}`);
  let cards = 0;
  for (const { bin } of bins) {
    const found = await readFundingOf(tx, bin);
    cards += await tx.run(sql`update payment_methods set funding = ${found?.funding ?? null},
        funding_list_id = ${found?.listId ?? null}
      where bin = ${bin} and ${open} and funding is distinct from ${found?.funding ?? null}`);
  }
  return cards;
}

/** Which lists are in use. */
export const readRangeLists = (
  tx: Tx,
): Promise<{ source: string; datedOn: CalendarDate; ranges: number }[]> =>
  tx.rows(sql`select source, dated_on, ranges from card_range_lists where id in (${newest}) order by source`);
