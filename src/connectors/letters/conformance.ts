import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LetterPrinter, OutgoingLetter } from '#features/correspondence/letter-printer.ts';
import { newId } from '#lib/ids.ts';
import type { CarrierTrouble } from '../carrier-lab.ts';

export type LetterWebhook = { raw: Buffer; headers: Record<string, string | undefined> };

/** A printer of letters in a bottle: what a connector's test builds, so that every one is asked the same. */
export type LetterLab = {
  printer: LetterPrinter;
  /** The same account, with a deadline that `slow` outlasts. */
  hasty: LetterPrinter;
  unreachable: LetterPrinter;
  /** The same printer, with credentials that it does not know. */
  locked: LetterPrinter;
  trouble(trouble: CarrierTrouble): void;
  /** The printer's own books: what it took, whatever it answered. */
  taken(): { to: string[]; pdf: Buffer }[];
  /** How many of them it took back. */
  cancelled(): number;
  /** From now on what it takes is printed at once. */
  printsAtOnce(): void;
  clock(): Date;
  /** A page of the size that the printer prints, and one that it does not. */
  pdf(size: 'right' | 'wrong'): Promise<Buffer>;
  /** What the printer sends when a letter it took has become this. */
  news(messageId: string, state: 'sent' | 'delivered' | 'failed' | 'returned', at: Date): LetterWebhook;
  /** Signed as it should be, and about nothing of ours. */
  other(at: Date): LetterWebhook;
  neverShown: readonly string[];
  close(): Promise<void>;
};

const now = new Date('2026-03-02T15:00:00Z');

export const sampleLetter = async (
  lab: LetterLab,
  change: Partial<OutgoingLetter> = {},
): Promise<OutgoingLetter> => ({
  messageId: newId('message'),
  to: {
    name: 'Ana María Fernández de la Reguera y Hermanos, Incorporated',
    address: {
      line1: '210 King St',
      line2: '# 6100',
      city: 'San Francisco',
      region: 'CA',
      postal_code: '94107',
    },
  },
  from: {
    name: 'Smith & Söhne',
    address: { line1: '1 Main St', city: 'Austin', region: 'TX', postal_code: '78701', country: 'US' },
  },
  pdf: await lab.pdf('right'),
  at: now,
  ...change,
});

type Case = (lab: LetterLab) => Promise<void>;

/** Sent with an answer that is lost: found when asked about, and sent once more it is still one letter. */
async function onceAfter(lab: LetterLab, printer: LetterPrinter): Promise<void> {
  const letter = await sampleLetter(lab);
  const outcome = await printer.send(letter);
  assert.equal(outcome.outcome, 'unknown');
  hides(lab, outcome);
  const found = await lab.printer.lookup(letter);
  assert.equal(found.outcome, 'accepted');
  assert.deepEqual(await lab.printer.send(letter), found);
  assert.equal(lab.taken().length, 1);
}

function hides(lab: LetterLab, answer: unknown): void {
  for (const secret of lab.neverShown) assert.ok(!JSON.stringify(answer).includes(secret));
}

const sending: Record<string, Case> = {
  'a letter arrives byte for byte, with a long name on two lines, and is looked up by our id': async (
    lab,
  ) => {
    const letter = await sampleLetter(lab);
    const sent = await lab.printer.send(letter);
    assert.ok(sent.outcome === 'accepted' && sent.reference !== '');
    const [taken] = lab.taken();
    assert.ok(taken);
    assert.ok(taken.pdf.equals(letter.pdf));
    assert.ok(taken.to.join(' ').includes(letter.to.name));
    assert.ok(taken.to.every((line) => line.length <= 40 || !line.includes('Fernández')));
    assert.deepEqual(await lab.printer.lookup(letter), sent);
  },

  'the same letter sent twice, also at the same moment, is one letter': async (lab) => {
    const letter = await sampleLetter(lab);
    await lab.printer.send(letter);
    await Promise.all(Array.from({ length: 5 }, () => lab.printer.send(letter)));
    assert.equal(lab.taken().length, 1);
  },

  'a letter the printer never heard of is absent': async (lab) => {
    assert.deepEqual(await lab.printer.lookup(await sampleLetter(lab)), { outcome: 'absent' });
  },

  'pages of another size and an address without a street are refused with words': async (lab) => {
    const wrong = await lab.printer.send(await sampleLetter(lab, { pdf: await lab.pdf('wrong') }));
    assert.ok(wrong.outcome === 'refused' && wrong.reason.length > 10);
    const to = { name: 'Ana', address: { city: 'Austin', region: 'TX', postal_code: '78701' } };
    assert.equal((await lab.printer.send(await sampleLetter(lab, { to }))).outcome, 'refused');
    assert.equal(lab.taken().length, 0);
  },

  'wrong credentials send nothing, are tried again later, and are not shown': async (lab) => {
    const outcome = await lab.locked.send(await sampleLetter(lab));
    assert.equal(outcome.outcome, 'later');
    hides(lab, outcome);
    assert.equal((await lab.locked.lookup(await sampleLetter(lab))).outcome, 'unknown');
  },
};

const trouble: Record<string, Case> = {
  'an answer lost after the letter was taken is unknown, and one letter in the end': async (lab) => {
    lab.trouble({ kind: 'dropAfterCommit' });
    await onceAfter(lab, lab.printer);
  },
  'a 500 after the letter was taken is unknown, and one letter in the end': async (lab) => {
    lab.trouble({ kind: 'errorAfterCommit' });
    await onceAfter(lab, lab.printer);
  },
  'an answer that comes too late is unknown, and one letter in the end': async (lab) => {
    lab.trouble({ kind: 'slow', wait_ms: 900 });
    await onceAfter(lab, lab.hasty);
  },
  'a connection lost before the letter was taken is unknown, and the letter is absent': async (lab) => {
    lab.trouble({ kind: 'dropBeforeCommit' });
    const letter = await sampleLetter(lab);
    assert.equal((await lab.printer.send(letter)).outcome, 'unknown');
    assert.deepEqual(await lab.printer.lookup(letter), { outcome: 'absent' });
  },
  'told to wait for long, it says for how long and has sent nothing': async (lab) => {
    lab.trouble({ kind: 'rateLimited', retryAfter_s: 300 });
    const outcome = await lab.printer.send(await sampleLetter(lab));
    assert.ok(outcome.outcome === 'later' && outcome.wait_s === 300);
    assert.equal(lab.taken().length, 0);
  },
  'told to wait a moment, it waits and sends one letter': async (lab) => {
    lab.trouble({ kind: 'rateLimited', retryAfter_s: 0 });
    lab.trouble({ kind: 'unavailable' });
    assert.equal((await lab.printer.send(await sampleLetter(lab))).outcome, 'accepted');
    assert.equal(lab.taken().length, 1);
  },
  'nobody listening is later: not a byte of it arrived': async (lab) => {
    assert.equal((await lab.unreachable.send(await sampleLetter(lab))).outcome, 'later');
    assert.equal(await lab.unreachable.verify({ line1: '1 Main St', postal_code: '78701' }), undefined);
  },
};

const cancelling: Record<string, Case> = {
  'a letter that is not printed yet is taken back, and taken back again it is still taken back': async (
    lab,
  ) => {
    const letter = await sampleLetter(lab);
    const sent = await lab.printer.send(letter);
    assert.ok(sent.outcome === 'accepted' && sent.cancelableUntil && sent.cancelableUntil > lab.clock());
    assert.deepEqual(await lab.printer.cancel(sent.reference), { outcome: 'cancelled' });
    assert.equal(lab.cancelled(), 1);
    assert.deepEqual(await lab.printer.cancel(sent.reference), { outcome: 'cancelled' });
    assert.equal(lab.cancelled(), 1);
  },

  'one that is printed already, and one that nobody knows, is too late, with words': async (lab) => {
    lab.printsAtOnce();
    const sent = await lab.printer.send(await sampleLetter(lab));
    assert.ok(sent.outcome === 'accepted');
    for (const reference of [sent.reference, 'ltr_0000000000000000']) {
      const late = await lab.printer.cancel(reference);
      assert.ok(late.outcome === 'too_late' && late.reason.length > 10);
      hides(lab, late);
    }
    assert.equal(lab.cancelled(), 0);
  },

  'an answer lost after it was taken back is taken back all the same; nobody listening is unknown': async (
    lab,
  ) => {
    const sent = await lab.printer.send(await sampleLetter(lab));
    assert.ok(sent.outcome === 'accepted');
    assert.equal((await lab.unreachable.cancel(sent.reference)).outcome, 'unknown');
    lab.trouble({ kind: 'dropAfterCommit' });
    assert.deepEqual(await lab.printer.cancel(sent.reference), { outcome: 'cancelled' });
    assert.equal(lab.cancelled(), 1);
    assert.equal((await lab.locked.cancel(sent.reference)).outcome, 'unknown');
  },
};

const abroad: Record<string, Case> = {
  'a letter goes abroad, and to a territory as to a state': async (lab) => {
    const at = (country: string, more: object) =>
      sampleLetter(lab, { to: { name: 'Ana', address: { line1: '1 Calle Sol', country, ...more } } });
    const german = await lab.printer.send(await at('DE', { city: 'Berlin', postal_code: '10115' }));
    assert.equal(german.outcome, 'accepted');
    const puertoRican = await at('PR', { city: 'San Juan', postal_code: '00901' });
    assert.equal((await lab.printer.send(puertoRican)).outcome, 'accepted');
    const bare = await lab.printer.send(await at('DE', { city: 'Berlin' }));
    assert.ok(bare.outcome === 'refused' && bare.reason.length > 10);
    assert.equal(lab.taken().length, 2);
  },
};

const addresses: Record<string, Case> = {
  'an address is known, known but for its unit, or not known': async (lab) => {
    const at = (line1: string) =>
      lab.printer.verify({ line1, city: 'Austin', region: 'TX', postal_code: '78701' });
    const good = await at('1 Main Street');
    assert.equal(good?.finding, 'deliverable');
    assert.equal(good.suggestion?.line1, '1 Main St');
    assert.match(good.suggestion?.postal_code ?? '', /^78701/);
    const partly = await at('2 missing unit Street');
    assert.ok(partly?.finding === 'undeliverable' && partly.suggestion);
    const unknown = await at('3 undeliverable Street');
    assert.ok(unknown?.finding === 'undeliverable' && !unknown.suggestion && unknown.reason.length > 10);
    assert.equal((await lab.printer.verify({}))?.finding, 'undeliverable');
  },
};

const webhooks: Record<string, Case> = {
  'news name our letter and the printer’s own reference, each with a key of its own': async (lab) => {
    const letter = await sampleLetter(lab);
    const sent = await lab.printer.send(letter);
    assert.ok(sent.outcome === 'accepted');
    const keys = (['sent', 'delivered', 'failed', 'returned'] as const).map((state) => {
      const { raw, headers } = lab.news(letter.messageId, state, now);
      const news = lab.printer.readWebhook(raw, headers, now);
      assert.ok(news && news.state === state && news.messageId === letter.messageId);
      assert.equal(news.reference, sent.reference);
      return news.eventId;
    });
    assert.equal(new Set(keys).size, 4);
    const other = lab.other(now);
    assert.equal(lab.printer.readWebhook(other.raw, other.headers, now), null);
  },

  'a forged signature, a changed word and a webhook of yesterday are not read': async (lab) => {
    const letter = await sampleLetter(lab);
    await lab.printer.send(letter);
    const { raw, headers } = lab.news(letter.messageId, 'delivered', now);
    assert.ok(lab.printer.readWebhook(raw, headers, now));
    assert.equal(lab.printer.readWebhook(raw, {}, now), undefined);
    const changed = Buffer.from(raw.toString('utf8').replace('delivered', 'mailed'));
    assert.equal(lab.printer.readWebhook(changed, headers, now), undefined);
    assert.equal(lab.printer.readWebhook(raw, headers, new Date(now.getTime() + 86_400_000)), undefined);
    assert.equal(lab.locked.readWebhook(raw, headers, now), undefined);
  },
};

/** What every printer of letters must answer alike. */
export function letterConformance(name: string, make: () => Promise<LetterLab>): void {
  describe(`${name} as a printer of letters`, { concurrency: true }, () => {
    for (const [title, run] of Object.entries({
      ...{ ...sending, ...trouble, ...cancelling },
      ...{ ...abroad, ...addresses, ...webhooks },
    }))
      test(title, async () => {
        const lab = await make();
        try {
          await run(lab);
        } finally {
          await lab.close();
        }
      });
  });
}
