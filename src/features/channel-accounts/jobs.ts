import type { Database } from '#db/db.ts';
import { type NewsWork, workCarrierNews } from '#features/channel-accounts/carrier-news.ts';
import { systemNow } from '#lib/dates.ts';

/** What the worker does for what carriers tell. */
export const channelAccountJobs = (deps: { db: Database; newsWork: NewsWork }) => ({
  'work-carrier-news': (payload: { organizationId: string; webhookId: string }) =>
    workCarrierNews(deps, payload, systemNow()),
});
