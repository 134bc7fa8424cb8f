import { queueMessages } from '#features/correspondence/queue-messages.ts';
import { renderLetter } from '#features/letters/render-letter.ts';
import { recordTextConsent } from '#features/text-consents/record-text-consent.ts';
import { must } from '#lib/errors.ts';
import { outbox } from './channels.ts';
import { type Books, secrets } from './given.ts';

type Row = { id: string; customer_id: string };

const wantsLetters = `update customers set message_cells = message_cells || array['payment_past_due.paper']`;

/** Text messages that wait and that are held back, letters that wait, and addresses that nobody has confirmed. */
export async function channelsOf(books: Books, late: Row, paid: Row) {
  const { db, organizationId, actor, now } = books;
  const phone = '+15035550142';
  await db.pool.query(`update customers set phone = $3 where id in ($1, $2)`, [
    late.customer_id,
    paid.customer_id,
    phone,
  ]);
  const consent = {
    organizationId,
    phone,
    words: 'I agree to text messages about my invoices.',
    source: 'staff',
  } as const;
  await books.tx((tx) =>
    recordTextConsent(
      tx,
      actor,
      {
        ...consent,
        kind: 'given',
        customerId: paid.customer_id,
        note: 'Signed at the counter.',
        saidBy: 'Ana Reyes',
      },
      now,
    ),
  );
  const text = {
    kind: 'payment_due',
    channel: 'sms' as const,
    to: [],
    subject: 'Payment due',
    html: '',
    toPhone: phone,
  };
  const letter = {
    ...{ kind: 'payment_past_due', channel: 'paper' as const, to: [], html: '', awaitsDocument: true },
    subject: 'Your invoice is 14 days past due',
    text: 'Dear Ana,\n\nour invoice was due two weeks ago and is still open. Please send your payment within a week.\n\nSincerely',
    toAddress: {
      name: 'Riverbend Homeowners',
      address: { line1: '210 King St', city: 'Portland', region: 'OR', postal_code: '97201' },
    },
  };
  const say =
    'Cedar & Stone: invoice 1042 over $120.00 is due today. Pay at https://pay.cedar.example/i/8fK2';
  const queued = await books.tx((tx) =>
    queueMessages(
      tx,
      actor,
      {
        organizationId,
        outbox,
        messages: [
          { ...letter, invoiceId: late.id },
          letter,
          { ...letter, customerId: late.customer_id },
          { ...text, text: say, customerId: late.customer_id },
          { ...text, text: say, customerId: paid.customer_id },
        ],
      },
      now,
    ),
  );
  const ids = queued.map(({ messageId }) => messageId);
  const printed = ids.slice(0, 2);
  const [waitingLetter, heldText, waitingText] = ids.slice(2);
  // Whatever the hour is at which the pictures are taken.
  await db.pool.query(
    `update messages set state = 'queued', sent_at = null, next_attempt_at = now() + interval '30 hours'
    where id = $1`,
    [waitingText],
  );
  const links = { db, secrets, baseUrl: outbox.baseUrl };
  for (const messageId of printed) await renderLetter(links, { organizationId, messageId }, new Date());
  await db.pool.query(
    `update messages set route = 'print', state = 'queued', sent_at = null where id = any($1)`,
    [printed],
  );
  await db.pool.query(
    `${wantsLetters} where id in (select customer_id from invoices where organization_id = $1
    and closed_at is null and issued_at is not null)`,
    [organizationId],
  );
  return {
    waitingText: must(waitingText, 'a text'),
    heldText: must(heldText, 'a text'),
    waitingLetter: must(waitingLetter, 'a letter'),
    letter: must(printed[0], 'a letter to print'),
  };
}
