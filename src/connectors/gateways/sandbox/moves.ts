import type { Account, BookedCharge, BookedDispute, BookedRefund } from './accounts.ts';
import type { Payout } from './payouts.ts';

export type Move<Status extends string> = { status: Status; at_ms: number };

/** What the clock alone moves on, and how many of its moves were told of by webhook. */
export type Moving<Status extends string> = { moves: readonly Move<Status>[]; announced: number };

export type Mover = BookedCharge | BookedRefund | BookedDispute | Payout;
export type News = { mover: Mover; status: Mover['moves'][number]['status']; at_ms: number };

/** How many of the moves have happened. */
export function movesDone(moves: readonly Move<string>[], now_ms: number): number {
  let done = 0;
  while (done < moves.length && (moves[done]?.at_ms ?? 0) <= now_ms) done += 1;
  return done;
}

/** The state at `now_ms`; undefined before the first move. */
export const statusAt = <Status extends string>(
  { moves }: Moving<Status>,
  now_ms: number,
): Status | undefined => moves[movesDone(moves, now_ms) - 1]?.status;

export const reached = (moves: readonly Move<string>[], status: string): number | undefined =>
  moves.find((move) => move.status === status)?.at_ms;

/** From now on the clock moves it. Whoever changes the moves of a thing calls this again. */
export function setMoving(account: Account, mover: Mover): void {
  const coming = mover.moves[mover.announced];
  if (!coming) {
    account.moving.delete(mover);
    return;
  }
  account.moving.add(mover);
  account.nextMove_ms = Math.min(account.nextMove_ms, coming.at_ms);
}

/** The moves that have happened by `now_ms` and that nobody was told of yet, in order of time. */
export function takeMoves(account: Account, now_ms: number): News[] {
  if (now_ms < account.nextMove_ms) return [];
  const news: News[] = [];
  let next_ms = Number.POSITIVE_INFINITY;
  for (const mover of account.moving) {
    const done = Math.max(mover.announced, movesDone(mover.moves, now_ms));
    for (const { status, at_ms } of mover.moves.slice(mover.announced, done))
      news.push({ mover, status, at_ms });
    mover.announced = done;
    const coming = mover.moves[done];
    if (coming) next_ms = Math.min(next_ms, coming.at_ms);
    else account.moving.delete(mover);
  }
  account.nextMove_ms = next_ms;
  return news.sort((a, b) => a.at_ms - b.at_ms);
}
