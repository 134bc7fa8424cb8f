import { recordMailNews } from '#features/correspondence/record-mail-news.ts';
import { updateCustomers } from '#features/customers/update-customers.ts';
import { recordReply } from '#features/replies/record-reply.ts';
import { checkSendingDomain } from '#features/sending-domains/check-sending-domain.ts';
import { setSendingDomain } from '#features/sending-domains/set-sending-domain.ts';
import { must } from '#lib/errors.ts';
import { type Books, given, secrets } from './given.ts';
import { outbox, queueMail } from './mails.ts';

/** Mail that came back, an answer, customers without an address, and a domain of which one record is missing. */
export async function mailOf(books: Books) {
  const { organizationId, actor, now } = books;
  const withoutEmail = await given.customer(books, { displayName: 'Aspen Court', phone: '+1 512 555 0188' });
  await given.invoice(books, withoutEmail, 48_000n);
  const bounced = await given.customer(books, {
    displayName: 'Birchwood Clinic',
    firstName: 'Ana',
    email: 'ana@example.com',
  });
  const invoiceId = await given.invoice(books, bounced, 31_250n);
  const { messageId } = await queueMail(books, {
    customerId: bounced,
    invoiceId,
    subject: 'Your invoice from Fern & Garden',
  });
  await books.tx((tx) =>
    recordMailNews(
      tx,
      actor,
      {
        organizationId,
        news: [
          {
            messageId,
            email: 'ana@example.com',
            kind: 'bounced',
            reason:
              '550 5.1.1 <ana@example.com>: Recipient address rejected: User unknown in virtual mailbox table',
          },
        ],
      },
      now,
    ),
  );
  const missed = await missedMail(books);
  const mail = {
    from: { name: 'Ana Field', address: 'ana@example.com' },
    subject: 'Re: Your invoice',
    mailKey: '<1@example.com>',
    text: 'We will pay on Friday. The second visit was rained off, so please take it off the invoice.\n\nAna\n\nOn Mon, Mar 2, 2026 Fern & Garden wrote:\n> Your invoice is past due',
    html: undefined,
    attachments: [{ fileName: 'visit.pdf', contentType: 'application/pdf', bytes: Buffer.from('%PDF-1.7') }],
  };
  await books.tx((tx) => recordReply(tx, actor, { organizationId, messageId, outbox, mail }, now));
  await books.tx((tx) =>
    setSendingDomain(
      tx,
      actor,
      { organizationId, domain: 'fernandgarden.example', fromLocal: 'billing', secrets },
      now,
    ),
  );
  const dns = { ask: async (type: 'TXT' | 'MX') => (type === 'TXT' ? 'none' : ['mail.owed.test']) } as const;
  await checkSendingDomain(
    { db: books.db, outbox: { ...outbox, mailInHost: 'mail.owed.test' }, dns },
    { actor, organizationId },
    now,
  );
  return { bouncedCustomer: must(bounced, 'a customer'), missedMail: missed };
}

/** Mail came back from this customer; the address is repaired, and what it missed has not been sent again. */
async function missedMail(books: Books): Promise<string> {
  const { organizationId, actor, now } = books;
  const customerId = await given.customer(books, { displayName: 'Cypress Dental', email: 'old@example.com' });
  const invoiceId = await given.invoice(books, customerId, 22_400n);
  const about = { customerId, invoiceId, to: ['old@example.com'] };
  const { messageId } = await queueMail(books, { ...about, subject: 'Your invoice from Fern & Garden' });
  const news = [
    { messageId, email: 'old@example.com', kind: 'bounced' as const, reason: '550 No such user' },
  ];
  await books.tx((tx) => recordMailNews(tx, actor, { organizationId, news }, now));
  await queueMail(books, { ...about, kind: 'payment_past_due', subject: 'Past due' });
  const patches = [{ id: customerId, email: 'billing@cypress.example' }];
  await books.tx((tx) => updateCustomers(tx, actor, { organizationId, patches }, now));
  return customerId;
}
