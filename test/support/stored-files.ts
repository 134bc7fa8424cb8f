import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { addFile } from '#features/files/change-files.ts';
import { newId } from '#lib/ids.ts';
import { sha256 } from '#lib/secrets.ts';
import { type Books, given } from './given.ts';

export type Kept = { name: string; bytes: Buffer };

/** A mail, as sending leaves it; what it carries is written beside it. */
export type Mail = { channel?: 'email' | 'sms' | 'paper'; html?: string; text?: string; security?: boolean };

export async function givenMessage(books: Books, mail: Mail = {}): Promise<string> {
  const { channel = 'email', html = '<p>Hello</p>', text = 'Hello', security = false } = mail;
  const id = newId('message');
  const to = { name: 'Ana Reyes', address: { line1: '12 Quay Street', city: 'Portland', country: 'US' } };
  await books.tx((tx) =>
    tx.run(sql`insert into messages (organization_id, id, kind, state, route, channel, security, from_name, from_email,
        to_emails, cc_emails, to_phone, to_address, reply_to, subject, html, text, message_id, created_at, sent_at)
      values (${books.organizationId}, ${id}, 'invoice', 'sent', 'mailbox', ${channel}, ${security}, 'Harbor, Ltd',
        'us@h.test', ${channel === 'email' ? ['a@x.test', 'b@x.test'] : []}, ${channel === 'email' ? ['c@x.test'] : []},
        ${channel === 'sms' ? '+15550102030' : null}, ${channel === 'paper' ? JSON.stringify(to) : null}, 'r@h.test',
        'Für Sie: Invoice 7', ${html}, ${text}, ${`<${id}@owed.test>`}, ${books.now}, ${books.now})`),
  );
  return id;
}

export const attach = (books: Books, messageId: string, fileName: string, bytes: Buffer): Promise<unknown> =>
  books.tx((tx) =>
    tx.run(sql`insert into message_attachments (organization_id, message_id, file_name, content_type, bytes)
      values (${books.organizationId}, ${messageId}, ${fileName}, 'application/pdf', ${bytes})`),
  );

/** A question with a file, asked of one desk. */
async function givenQuestion(books: Books, desk: 'organization' | 'host', bytes: Buffer): Promise<string> {
  const [ticketId, postId] = [newId('ticket'), newId('ticketPost')];
  const { organizationId, now } = books;
  await books.tx(async (tx) => {
    await tx.run(sql`insert into tickets (organization_id, id, desk, state, category, priority, subject, asker_name,
        asker_email, created_at, updated_at)
      values (${organizationId}, ${ticketId}, ${desk}, 'new', 'other', 'normal', 'Why?', 'A', 'a@x.test', ${now}, ${now})`);
    await tx.run(sql`insert into ticket_posts (organization_id, id, ticket_id, desk, kind, side, way, author_name, words,
        created_at)
      values (${organizationId}, ${postId}, ${ticketId}, ${desk}, 'words', 'asker', 'portal', 'A', 'Why?', ${now})`);
    await tx.run(sql`insert into ticket_files (organization_id, id, ticket_id, post_id, file_name, content_type,
        size_bytes, hash, bytes, created_at)
      values (${organizationId}, ${newId('ticketFile')}, ${ticketId}, ${postId}, 'shot.png', 'image/png', ${bytes.length},
        ${sha256(bytes)}, ${bytes}, ${now})`);
  });
  return ticketId;
}

/** One file of each kind that an organization can keep, each with bytes of its own, and where it should stand. */
export async function keepOneOfEach(books: Books): Promise<Kept[]> {
  const { organizationId, now, actor } = books;
  const kept: Kept[] = [];
  const keep = (name: string, bytes: Buffer = randomBytes(300)): Buffer => {
    kept.push({ name, bytes });
    return bytes;
  };
  const run = (statement: ReturnType<typeof sql>) => books.tx((tx) => tx.run(statement));
  const customerId = await given.customer(books);
  const invoiceId = await given.invoice(books, customerId, 5000n);
  for (const [fileName, about] of [
    ['plan.txt', { customerId }],
    ['note.txt', { invoiceId }],
  ] as const) {
    const bytes = keep(`files/${customerId}/${fileName}`, Buffer.from(randomBytes(150).toString('hex')));
    const file = { organizationId, ...about, fileName, bytes, customerSees: true };
    await books.tx((tx) => addFile(tx, actor, file, now));
  }
  const ticketBytes = randomBytes(300);
  keep(`tickets/${await givenQuestion(books, 'organization', ticketBytes)}/shot.png`, ticketBytes);
  const messageId = await givenMessage(books);
  const replyId = newId('reply');
  await run(sql`insert into replies (organization_id, id, message_id, from_name, from_email, subject, text, quoted,
      mail_key, received_at)
    values (${organizationId}, ${replyId}, ${messageId}, 'A', 'a@x.test', 'Re', 'Here', '', 'k', ${now})`);
  await run(sql`insert into reply_attachments (organization_id, reply_id, file_name, content_type, bytes)
    values (${organizationId}, ${replyId}, 'proof.pdf', 'application/pdf', ${keep(`replies/${replyId}/proof.pdf`)})`);
  const { paymentId } = await given.payment(books, { customerId, amount: 700n, applications: [] });
  const chargebackId = newId('chargeback');
  await run(sql`insert into chargebacks (organization_id, id, gateway_account_id, gateway_reference, payment_id,
      customer_id, state, amount, currency, code, reason, opened_at, created_at)
    values (${organizationId}, ${chargebackId}, ${books.gatewayAccountId}, 'dp_1', ${paymentId}, ${customerId}, 'opened',
      700, 'USD', 'x', 'x', ${now}, ${now})`);
  await run(sql`insert into chargeback_files (organization_id, chargeback_id, file_name, content_type, bytes, created_at)
    values (${organizationId}, ${chargebackId}, 'receipt.png', 'image/png',
      ${keep(`chargebacks/${chargebackId}/receipt.png`)}, ${now})`);
  await run(sql`insert into reminder_documents (organization_id, id, customer_id, number, level, made_on, amount, file,
      created_at)
    values (${organizationId}, ${newId('reminderDocument')}, ${customerId}, 4, 1, '2026-03-02', 5000,
      ${keep(`formal-reminders/${customerId}/Reminder 4.pdf`)}, ${now})`);
  const authorizationId = newId('authorization');
  const words = keep(
    `agreements/${customerId}/${authorizationId}.txt`,
    Buffer.from(`I agree – ${authorizationId}`),
  );
  await run(sql`insert into authorizations (organization_id, id, customer_id, kind, text, hash, signature_kind,
      signature_image, accepted_at)
    values (${organizationId}, ${authorizationId}, ${customerId}, 'bank_debit', ${words.toString()}, ${sha256(words)},
      'drawn', ${keep(`agreements/${customerId}/${authorizationId} signature.png`)}, ${now})`);
  await run(sql`insert into organization_logos (organization_id, content_type, bytes, hash)
    values (${organizationId}, 'image/jpeg', ${keep('branding/logo.jpg')}, 'x')`);
  await run(sql`insert into organization_icons (organization_id, content_type, bytes, hash)
    values (${organizationId}, 'image/png', ${keep('branding/icon.png')}, 'x')`);
  await givenQuestion(books, 'host', randomBytes(300));
  return kept;
}
