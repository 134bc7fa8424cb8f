import { randomBytes } from 'node:crypto';
import { PDFDocument } from '@cantoo/pdf-lib';
import { systemNow } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import type { CarrierExchange } from '../../carrier-lab.ts';
import type { LetterLab, LetterWebhook } from '../conformance.ts';
import { letterJson } from './fake-letters.ts';
import { startFakeLob } from './lob-fake.ts';
import { lobPrinter, signatureOf } from './lob-printer.ts';

const types = {
  sent: 'letter.mailed',
  delivered: 'letter.delivered',
  failed: 'letter.failed',
  returned: 'letter.returned_to_sender',
} as const;

/** A webhook as Lob signs and sends it. */
export function lobWebhook(
  secret: string,
  about: { type: string; reference: string; body: unknown },
  at: Date,
): LetterWebhook {
  const raw = Buffer.from(
    JSON.stringify({
      id: `evt_${randomBytes(8).toString('hex')}`,
      body: about.body,
      reference_id: about.reference,
      event_type: { id: about.type, enabled_for_test: true, resource: 'letters', object: 'event_type' },
      date_created: at.toISOString(),
      object: 'event',
    }),
  );
  const timestamp = String(at.getTime());
  const headers = {
    'lob-signature': signatureOf(timestamp, raw, secret),
    'lob-signature-timestamp': timestamp,
  };
  return { raw, headers };
}

/** The bottle for the questions that every printer of letters must answer. */
export async function lobLab(): Promise<LetterLab & { exchanges(): CarrierExchange[] }> {
  const fake = await startFakeLob();
  const { apiKey, webhookSecret } = fake;
  const keys = { apiKey, webhookSecret };
  const wrong = { apiKey: `live_${'0'.repeat(34)}`, webhookSecret: 'secret_of_another' };
  return {
    printer: lobPrinter(keys, { url: fake.url, timeout_ms: 5000 }),
    hasty: lobPrinter(keys, { url: fake.url, timeout_ms: 300 }),
    unreachable: lobPrinter(keys, { url: 'http://127.0.0.1:2', timeout_ms: 1000 }),
    locked: lobPrinter(wrong, { url: fake.url, timeout_ms: 5000 }),
    trouble: (trouble) => void fake.troubles.push(trouble),
    taken: () => fake.letters.map(({ to, pdf }) => ({ to: Object.values(to), pdf })),
    cancelled: () => fake.letters.filter(({ isDeleted }) => isDeleted).length,
    printsAtOnce: () => {
      fake.cancelWindow_s = 0;
    },
    clock: systemNow,
    pdf: async (size) => {
      const document = await PDFDocument.create();
      document.addPage(size === 'right' ? [612, 792] : [595.28, 841.89]);
      return Buffer.from(await document.save());
    },
    news: (messageId, state, at) => {
      const letter = must(
        fake.letters.find((each) => each.metadata.message_id === messageId),
        'the letter',
      );
      const about = { type: types[state], reference: letter.id, body: letterJson(letter) };
      return lobWebhook(webhookSecret, about, at);
    },
    other: (at) =>
      lobWebhook(webhookSecret, { type: 'postcard.mailed', reference: 'psc_1', body: { id: 'psc_1' } }, at),
    exchanges: () => fake.exchanges,
    neverShown: [apiKey, webhookSecret, wrong.apiKey],
    close: () => fake.stop(),
  };
}
