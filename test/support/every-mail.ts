import type { Books } from './given.ts';
import { mailsOfMessages } from './mails-of-messages.ts';
import { mailsOfDocuments, mailsOfPayments } from './mails-of-money.ts';
import { mailsOfLogins, mailsOfMethods, mailsOfNews, mailsOfWords } from './mails-of-people.ts';
import { mailsOfAutopay, mailsOfCards, mailsOfPlans, mailsOfSchedules } from './mails-of-standing.ts';
import { query } from './portal.ts';

export type WrittenMail = { kind: string; subject: string; html: string; text: string };

/** Every kind of mail there is, as the product itself writes it about something that has happened. */
export async function everyMail(): Promise<WrittenMail[]> {
  const houses: (Books | Books[])[] = [];
  for (const happen of [
    ...[
      mailsOfMessages,
      mailsOfDocuments,
      mailsOfPayments,
      mailsOfAutopay,
      mailsOfCards,
      mailsOfSchedules,
      mailsOfPlans,
    ],
    ...[mailsOfWords, mailsOfNews, mailsOfMethods, mailsOfLogins],
  ])
    houses.push(await happen());
  return query<WrittenMail>(
    `select kind, subject, html, text from messages where channel = 'email' and organization_id = any($1) and html <> ''
     order by id`,
    [houses.flat().map(({ organizationId }) => organizationId)],
  );
}
