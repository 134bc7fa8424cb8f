import type { Database } from '#db/db.ts';
import type { OneMessage } from '#features/correspondence/send-message.ts';
import { renderLetter } from '#features/letters/render-letter.ts';
import { systemNow } from '#lib/dates.ts';
import type { Secrets } from '#lib/secrets.ts';

/** What the worker does for letters. */
export const letterJobs = (deps: { db: Database; secrets: Secrets; outbox: { baseUrl: string } }) => ({
  'render-letter': (payload: OneMessage) =>
    renderLetter({ ...deps, baseUrl: deps.outbox.baseUrl }, payload, systemNow()),
});
