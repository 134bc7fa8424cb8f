import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import { record } from '#db/events.ts';
import { mailDispute } from '#features/collections/mail-dispute.ts';
import { openDispute } from '#features/collections/open-dispute.ts';
import { chooseNotices } from '#features/notifications/choose-notices.ts';
import { sendDigests } from '#features/notifications/send-digests.ts';
import { tellOfEvent } from '#features/notifications/tell-of-event.ts';
import { sendMethodLink } from '#features/payment-methods/send-method-link.ts';
import * as portalMails from '#features/portal-access/portal-mails.ts';
import { queuePortalMail } from '#features/portal-access/queue-portal-mail.ts';
import { recordReply } from '#features/replies/record-reply.ts';
import { startReportMail } from '#features/reports/report-mails.ts';
import { sendReportMails } from '#features/reports/send-report-mails.ts';
import { answerTicket } from '#features/support/answer-ticket.ts';
import { askQuestion } from '#features/support/ask-question.ts';
import { openTicket } from '#features/support/open-ticket.ts';
import { queueUserMail } from '#features/users/queue-user-mail.ts';
import * as userMails from '#features/users/user-mails.ts';
import { must } from '#lib/errors.ts';
import { type Books, bankAccount, given, secrets } from './given.ts';
import { invoiceOfAna, mailInvoice, mailsOf, makings, outbox } from './mails.ts';
import { furnish } from './mails-of-money.ts';
import { tokenFor, workOff } from './portal.ts';
import { payerOf } from './portal-payer.ts';
import { staffOf } from './support.ts';

/** What a customer says: an answer to a mail, a question with its answer, and an objection to an invoice. */
export async function mailsOfWords(): Promise<Books> {
  const { books, customerId, invoiceId } = await invoiceOfAna();
  await furnish(books);
  const { organizationId, actor, now } = books;
  await mailInvoice(books, invoiceId);
  const messageId = must((await mailsOf(books))[0], 'the mail of the invoice').id;
  const mail = {
    ...{ from: { name: 'Ana Field', address: 'ana@example.com' }, subject: 'Re: Invoice A-7' },
    ...{ mailKey: '<1@x>', text: 'We pay on Friday.\n\nAna', html: undefined, attachments: [] },
  };
  await books.tx((tx) => recordReply(tx, actor, { organizationId, messageId, outbox, mail }, now));
  const ticket = {
    ...{ desk: 'organization' as const, category: 'invoice' as const, context: {} },
    ...{ subject: 'Two hours too many', words: 'Why four hours? It was two.\n\nPlease look again.' },
    asker: { name: 'Ana Field', email: 'ana@example.com', customerId },
  };
  const about = { ...makings, organizationId };
  const { ticketId } = await books.tx((tx) =>
    openTicket(tx, actor, { ...about, ticket: { ...ticket, way: 'portal' } }, now),
  );
  const words = 'You are right, it was two. The invoice is corrected.\n\nThank you for telling us.';
  const answer = { ...about, ticketId, desk: 'organization' as const, words, files: [] };
  await books.tx((tx) =>
    answerTicket(tx, actor, { ...answer, author: { name: 'Ada Lee' }, note: false, solve: false }, now),
  );
  const stranger = { name: 'Bo', email: `bo-${organizationId}@stranger.example` };
  const asked = { ...about, ticket: { ...ticket, way: 'link' as const, asker: stranger }, realNow: now };
  await books.db.transaction(systemActor('test'), (tx) => askQuestion(tx, systemActor('test'), asked, now));
  const reason = 'The second line was not ordered.\n\nWe sent it back on Monday.';
  const dispute = { organizationId, invoiceId, reason, restsUntil: null, byCustomer: true };
  await books.tx((tx) => openDispute(tx, actor, dispute, now));
  await books.tx((tx) => mailDispute(tx, actor, { organizationId, invoiceId, outbox }, now));
  return books;
}

type News = { type: string; subjectId: string; data: Record<string, unknown> };

/** What happened by itself, and the sum of it: notices at once, the daily mail, a report, a request to the host. */
export async function mailsOfNews(): Promise<Books[]> {
  const books = await given.organization();
  await furnish(books);
  const { organizationId, actor, now } = books;
  const customerId = await given.customer(books, { displayName: 'Ana & Sons' });
  await given.invoice(books, customerId, 12_050n, { invoiceDate: '2026-01-15', dueDate: '2026-02-01' });
  const news: News[] = [
    { type: 'chargeback.opened', data: { amount: 84_000, currency: 'USD', reason: 'Not as described.' } },
    { type: 'payout.failed', data: { amount: 84_000, currency: 'USD' } },
    { type: 'promise.broken', data: { number: 'A-7', promised_on: '2026-02-27' } },
    { type: 'message.answered', data: { subject: 'Invoice A-7', from: 'ana@example.com' } },
    { type: 'portal.account_created', data: {} },
    { type: 'message.bounced', data: { email: 'ana@example.com', reason: '550 no such mailbox' } },
    { type: 'data_export.done', data: {} },
    { type: 'gateway_account.check_failed', data: { problem: 'The secret key was revoked.' } },
  ].map((each) => ({ ...each, subjectId: customerId }));
  await books.tx((tx) =>
    record(
      tx,
      { actor, organizationId, now },
      news.map((each) => ({ ...each, customerId })),
    ),
  );
  const events = await books.tx((tx) =>
    tx.rows<{ id: string }>(sql`select id from events where organization_id = ${organizationId}
      and type = any(${news.map(({ type }) => type)}::text[]) order by id`),
  );
  const { userId: reader } = await staffOf(books);
  for (const kind of ['chargeback', 'customer_replied', 'promise_broken'] as const)
    await books.tx((tx) =>
      chooseNotices(tx, actor, { organizationId, reader, kind, channel: 'digest' }, now),
    );
  for (const { id } of events)
    await books.tx((tx) => tellOfEvent(tx, actor, { organizationId, eventId: id, outbox }, now));
  const day = { organizationId, today: '2026-03-03', now: new Date('2026-03-03T12:00:00Z') };
  await sendDigests({ db: books.db, outbox }, day);
  const rhythm = { every: 'week', onDay: 2, format: 'csv' } as const;
  const mail = { ...rhythm, report: 'aging', filter: { by: 'invoice' }, recipients: ['boss@fern.example'] };
  await books.tx((tx) => startReportMail(tx, actor, { organizationId, today: '2026-03-02', mail }, now));
  await sendReportMails({ db: books.db, outbox, secrets }, day);
  const host = await given.organization({ mode: 'live' });
  await furnish(host);
  await host.tx((tx) => tx.run(sql`update organizations set hosts = true where id = ${host.organizationId}`));
  await staffOf(host, { operator: true });
  const asker = await staffOf(books);
  await asker.call('POST', '/v1/support-requests', {
    ...{ category: 'problem', subject: 'A report does not open', words: 'Since this morning.' },
    page: '/console/reports/sales',
  });
  await workOff('tell-host', organizationId);
  return [books, host];
}

/** To add a payment method, to sign for a bank account, and the copy of what was signed. */
export async function mailsOfMethods(): Promise<Books> {
  const books = await given.organization();
  await furnish(books);
  const { organizationId, actor, now } = books;
  const customerId = await given.customer(books, { email: 'ana@example.com' });
  const methodId = await given.storedMethod(books, customerId, bankAccount);
  await books.tx((tx) =>
    tx.run(sql`update payment_methods set state = 'needs_authorization'
      where organization_id = ${organizationId} and id = ${methodId}`),
  );
  const ask = { organizationId, customerId, mail: true, outbox };
  await books.tx((tx) => sendMethodLink(tx, actor, ask, now));
  await books.tx((tx) => sendMethodLink(tx, actor, { ...ask, methodId }, now));
  const { browser } = await payerOf(books);
  await browser.open('/portal/methods/add');
  await browser.submit('/portal/methods/add', {
    ...{ kind: 'bank_account', token: await tokenFor(books, 'settle') },
  });
  await browser.submit(browser.path, { name: 'Ada Marsh', email: 'ada@example.com', agree: 'yes' });
  for (const job of ['react', 'send-authorization-copy']) await workOff(job, organizationId);
  return books;
}

const url = 'https://owed.test/portal/links/example';
const to = 'ana@example.com';

/** Every letter about a login, of payers and of staff. */
export async function mailsOfLogins(): Promise<Books> {
  const books = await given.organization();
  await furnish(books);
  const { organizationId } = books;
  const customerId = await given.customer(books, { displayName: 'Ana & Sons' });
  const sender = {
    organizationId,
    organizationName: 'Fern & Sons Landscaping',
    customerId,
    realm: 'sandbox',
  };
  const portal = sender as portalMails.Sender;
  const letters = [
    portalMails.welcomeMail(portal, { to, url }),
    portalMails.confirmationMail(portal, { to, url }),
    portalMails.resetMail(portal, { to, url }),
    portalMails.newAddressMail(portal, { to, url, from: 'old@example.com' }),
    portalMails.addressTakenMail(portal, { to }),
    portalMails.addressChangedMail(portal, { to, now: 'new@example.com' }),
    portalMails.accessEndedMail(portal, { to }),
    portalMails.noLoginMail(portal, { to }),
  ];
  for (const letter of letters)
    await books.db.transaction(systemActor('test'), (tx) => queuePortalMail(tx, outbox, letter));
  const staff = [
    userMails.invitationMail({ organization: 'Fern & Sons Landscaping', inviter: 'Ada Lee' }, { to, url }),
    userMails.staffResetMail({ to, url }),
    userMails.changedMail(to, 'passkey_added'),
    userMails.recoveryCodeUsedMail({ to, left: 1 }),
    userMails.newAddressMail({ to, from: 'old@example.com', url }),
    userMails.emailChangedMail({ to, now: 'new@example.com', url }),
  ];
  for (const letter of staff)
    await books.db.transaction(systemActor('test'), (tx) =>
      queueUserMail(tx, outbox, organizationId, letter),
    );
  return books;
}
