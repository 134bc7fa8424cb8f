import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordTextConsent, type SaidOfTexts } from '#features/text-consents/record-text-consent.ts';
import { agreesToTexts } from '../support/channels.ts';
import { mailsOf } from '../support/mails.ts';
import { type Customer, customerWith, ninetyDays } from '../support/ninety-days.ts';

const phone = '+15125550143';
const answers =
  (kind: SaidOfTexts['kind']) =>
  ({ books }: Customer) =>
    books.tx((tx) =>
      recordTextConsent(
        tx,
        books.actor,
        {
          ...{ organizationId: books.organizationId, phone, kind },
          ...{ words: kind, source: 'text', saidBy: phone },
        },
        books.now,
      ),
    );

test('ninety days by text message: none without consent, none after STOP, and what was held is not made up for', async () => {
  const textBody = '{{invoice.number}} is past due';
  const ana = await customerWith(
    { 'A-1': '2026-04-10' },
    { steps: [3, 10, 17, 24].map((dayOffset) => ({ type: 'payment_past_due', dayOffset, textBody })) },
    { phone, messageCells: ['payment_past_due.sms'] },
  );
  const heard = await ninetyDays(ana, {
    '2026-04-18': ({ books, customerId }) => agreesToTexts(books, customerId, phone),
    '2026-04-25': answers('stop'),
    '2026-05-01': answers('start'),
  });
  assert.deepEqual(heard, [
    '2026-04-13 payment_past_due A-1, by sms, held: no_consent',
    '2026-04-20 payment_past_due A-1, by sms',
    '2026-04-27 payment_past_due A-1, by sms, held: stopped',
    '2026-05-04 payment_past_due A-1, by sms',
  ]);
  for (const { text } of await mailsOf(ana.books)) assert.match(text, /A-1 is past due/);
});
