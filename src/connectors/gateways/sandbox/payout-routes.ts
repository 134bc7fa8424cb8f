import { isCalendarDate } from '#lib/dates.ts';
import { takeFault } from './faults.ts';
import { movesDone, statusAt } from './moves.ts';
import { pageOf } from './pages.ts';
import { type Payout, payoutLines } from './payouts.ts';
import { type Call, lineOnWire, payoutOnWire, type Reply, refusal } from './wire.ts';

/** GET /v1/payouts?since=&limit=&starting_after= : those made or paid on or after that day, oldest first. */
export function listPayouts({ account, url, now_ms }: Call): Reply {
  const since = url.searchParams.get('since') ?? '1970-01-01';
  if (!isCalendarDate(since)) return refusal(422, 'invalid', 'since is a day, YYYY-MM-DD.', 'since');
  const isRecent = (payout: Payout): boolean => {
    const status = statusAt(payout, now_ms);
    return status !== undefined && (status === 'paid' ? payout.arrivesOn : payout.madeOn) >= since;
  };
  const found = [...account.payouts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, payout]) => payout);
  const fault = takeFault(account.faults, 'payouts');
  return pageOf(found.filter(isRecent), url, (each) => payoutOnWire(each, now_ms, fault ? 1n : 0n));
}

/** GET /v1/payouts/:id/lines?limit=&starting_after= */
export function listPayoutLines({ account, url, id, now_ms }: Call): Reply {
  const payout = [...account.payouts.values()].find((each) => each.id === id);
  if (!payout || movesDone(payout.moves, now_ms) === 0)
    return refusal(404, 'payout_not_found', 'There is no such payout.');
  return pageOf(payoutLines(payout), url, lineOnWire);
}
