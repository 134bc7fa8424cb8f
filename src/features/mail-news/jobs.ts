import { sweepArrivals } from '#features/mail-news/sweep-arrivals.ts';
import { type ArrivalDeps, workArrival } from '#features/mail-news/work-arrival.ts';
import { systemNow } from '#lib/dates.ts';

/** What the worker does for mail that comes in; schedule.ts says when the sweep runs. */
export const mailNewsJobs = (deps: ArrivalDeps) => ({
  'work-mail-arrival': (payload: { arrivalId: string }) => workArrival(deps, payload),
  'sweep-mail-arrivals': () => sweepArrivals(deps.db, systemNow()),
});
