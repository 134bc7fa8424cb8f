import type { Database } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { mailHost } from '#features/support/tell-host.ts';

/** What the worker does for support; day.ts closes what rests. */
export const supportJobs = (deps: { db: Database; outbox: Outbox }) => ({
  'tell-host': (payload: { organizationId: string; ticketId: string; news: number }) =>
    mailHost(deps, payload),
});
