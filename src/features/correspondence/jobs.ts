import type { Database } from '#db/db.ts';
import type { Carriers } from '#features/correspondence/carriers.ts';
import type { Mailer } from '#features/correspondence/mailer.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { sendLetter } from '#features/correspondence/send-letter.ts';
import { type OneMessage, sendMessage } from '#features/correspondence/send-message.ts';
import { sendText } from '#features/correspondence/send-text.ts';
import type { Stamps } from '#features/correspondence/stamp-mail.ts';
import { sweepMessages } from '#features/correspondence/sweep-messages.ts';
import { systemNow } from '#lib/dates.ts';

/** What the worker does for messages; schedule.ts says when the sweep runs. */
export const correspondenceJobs = (deps: {
  db: Database;
  mailer: Mailer | undefined;
  carriers: Carriers;
  outbox: Outbox;
  stamps: Stamps;
}) => ({
  'send-message': (payload: OneMessage) => sendMessage(deps, payload, systemNow()),
  'send-text': (payload: OneMessage) => sendText(deps, payload, systemNow()),
  'send-letter': (payload: OneMessage) => sendLetter(deps, payload, systemNow()),
  'sweep-messages': async () => {
    await sweepMessages(deps.db, systemNow());
  },
});
