import type { Database } from '#db/db.ts';
import type { Mailer } from '#features/correspondence/mailer.ts';
import { type OneMessage, sendMessage } from '#features/correspondence/send-message.ts';
import type { Stamps } from '#features/correspondence/stamp-mail.ts';
import { sweepMessages } from '#features/correspondence/sweep-messages.ts';
import { systemNow } from '#lib/dates.ts';

/** What the worker does for messages; schedule.ts says when the sweep runs. */
export const correspondenceJobs = (deps: { db: Database; mailer: Mailer | undefined; stamps: Stamps }) => ({
  'send-message': (payload: OneMessage) => sendMessage(deps, payload, systemNow()),
  'sweep-messages': async () => {
    await sweepMessages(deps.db, systemNow());
  },
});
