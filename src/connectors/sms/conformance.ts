import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OutgoingText, Texter, TextWebhook } from '#features/correspondence/texter.ts';
import { newId } from '#lib/ids.ts';
import type { CarrierTrouble } from '../carrier-lab.ts';

/** A carrier of texts in a bottle: what a connector's test builds, so that every one is asked the same. */
export type TextLab = {
  texter: Texter;
  /** The same account, with a deadline that `slow` outlasts. */
  hasty: Texter;
  unreachable: Texter;
  /** The same carrier, with credentials that it does not know. */
  locked: Texter;
  trouble(trouble: CarrierTrouble): void;
  /** The carrier's own books: what it took, whatever it answered. */
  taken(): { to: string; body: string; validFor_s: number }[];
  /** This number has said STOP to the carrier. */
  stops(phone: string): void;
  /** What the carrier sends when a message it took has become this. */
  status(messageId: string, state: 'sent' | 'delivered' | 'failed'): TextWebhook;
  incoming(from: string, text: string): TextWebhook;
  neverShown: readonly string[];
  close(): Promise<void>;
};

const phone = '+15125550143';

export const sampleText = (change: Partial<OutgoingText> = {}): OutgoingText => ({
  messageId: newId('message'),
  to: phone,
  text: 'Smith & Söhne: invoice 1001 over $120.00 is due on Mar 12. https://pay.example/a?b=1&c=2',
  statusUrl: 'https://owed.example/webhooks/texts/cha_1',
  validFor_s: 3600,
  at: new Date('2026-03-02T15:00:00Z'),
  ...change,
});

type Case = (lab: TextLab) => Promise<void>;

/** Sent with an answer that is lost, then asked about: the carrier has it once, and a reference for it. */
async function foundAfter(lab: TextLab, texter: Texter): Promise<void> {
  const text = sampleText();
  const outcome = await texter.send(text);
  assert.equal(outcome.outcome, 'unknown');
  hides(lab, outcome);
  assert.equal((await lab.texter.lookup(text)).outcome, 'accepted');
  assert.equal(lab.taken().length, 1);
}

function hides(lab: TextLab, answer: unknown): void {
  for (const secret of lab.neverShown) assert.ok(!JSON.stringify(answer).includes(secret));
}

const sending: Record<string, Case> = {
  'a text arrives with every sign of it, is looked up by our id, and has a time after which it is void':
    async (lab) => {
      const text = sampleText();
      const sent = await lab.texter.send(text);
      assert.ok(sent.outcome === 'accepted' && sent.reference !== '');
      const [taken] = lab.taken();
      assert.ok(taken);
      assert.ok(taken.body.startsWith(text.text) && taken.to === phone);
      assert.ok(taken.validFor_s <= 3600);
      assert.deepEqual(await lab.texter.lookup(text), sent);
    },

  'two messages with the same words to the same phone are told apart': async (lab) => {
    const [first, second] = [sampleText(), sampleText()];
    await lab.texter.send(first);
    assert.deepEqual(await lab.texter.lookup(second), { outcome: 'absent' });
  },

  'a message is found behind hundreds of later ones': async (lab) => {
    const text = sampleText();
    await lab.texter.send(text);
    for (let n = 0; n < 130; n += 1) await lab.texter.send(sampleText());
    assert.equal((await lab.texter.lookup(text)).outcome, 'accepted');
  },

  'a number that is none is refused with words': async (lab) => {
    const outcome = await lab.texter.send(sampleText({ to: '+1' }));
    assert.ok(outcome.outcome === 'refused' && outcome.reason.length > 10 && !outcome.optedOut);
  },

  'whoever said STOP to the carrier is refused as opted out': async (lab) => {
    lab.stops(phone);
    const outcome = await lab.texter.send(sampleText());
    assert.ok(outcome.outcome === 'refused' && outcome.optedOut);
    assert.equal(lab.taken().length, 0);
  },

  'wrong credentials send nothing, are tried again later, and are not shown': async (lab) => {
    const outcome = await lab.locked.send(sampleText());
    assert.equal(outcome.outcome, 'later');
    hides(lab, outcome);
    assert.equal((await lab.locked.lookup(sampleText())).outcome, 'unknown');
  },
};

const trouble: Record<string, Case> = {
  'an answer lost after the message was taken is unknown, and found when asked about': async (lab) => {
    lab.trouble({ kind: 'dropAfterCommit' });
    await foundAfter(lab, lab.texter);
  },
  'a 500 after the message was taken is unknown, and found when asked about': async (lab) => {
    lab.trouble({ kind: 'errorAfterCommit' });
    await foundAfter(lab, lab.texter);
  },
  'an answer that comes too late is unknown, and found when asked about': async (lab) => {
    lab.trouble({ kind: 'slow', wait_ms: 600 });
    await foundAfter(lab, lab.hasty);
  },
  'a connection lost before the message was taken is unknown, and the message is absent': async (lab) => {
    lab.trouble({ kind: 'dropBeforeCommit' });
    const text = sampleText();
    assert.equal((await lab.texter.send(text)).outcome, 'unknown');
    assert.deepEqual(await lab.texter.lookup(text), { outcome: 'absent' });
  },
  'told to wait, it says for how long and has sent nothing': async (lab) => {
    lab.trouble({ kind: 'rateLimited', retryAfter_s: 77 });
    const outcome = await lab.texter.send(sampleText());
    assert.ok(outcome.outcome === 'later' && outcome.wait_s === 77);
    lab.trouble({ kind: 'unavailable' });
    assert.equal((await lab.texter.send(sampleText())).outcome, 'later');
    assert.equal(lab.taken().length, 0);
  },
  'nobody listening is later: not a byte of it arrived': async (lab) => {
    assert.equal((await lab.unreachable.send(sampleText())).outcome, 'later');
    assert.equal((await lab.unreachable.lookup(sampleText())).outcome, 'unknown');
  },
};

const webhooks: Record<string, Case> = {
  'news name our message and the carrier’s own reference, each with a key of its own': async (lab) => {
    const text = sampleText();
    const sent = await lab.texter.send(text);
    assert.ok(sent.outcome === 'accepted');
    const keys = (['sent', 'delivered', 'failed'] as const).map((state) => {
      const news = lab.texter.readWebhook(lab.status(text.messageId, state));
      assert.ok(news?.kind === 'news');
      assert.equal(news.state, state);
      assert.equal(news.messageId, text.messageId);
      assert.equal(news.reference, sent.reference);
      assert.deepEqual(lab.texter.readWebhook(lab.status(text.messageId, state)), news);
      return news.eventId;
    });
    assert.equal(new Set(keys).size, 3);
  },

  'what somebody writes is read as it was written': async (lab) => {
    const read = lab.texter.readWebhook(lab.incoming(phone, ' Stop. '));
    assert.ok(read?.kind === 'incoming' && read.from === phone && read.text === ' Stop. ' && !read.answered);
  },

  'a forged signature, a changed word and another address are not read': async (lab) => {
    const good = lab.incoming(phone, 'STOP');
    assert.ok(lab.texter.readWebhook(good));
    assert.equal(lab.texter.readWebhook({ ...good, signature: '' }), undefined);
    assert.equal(lab.texter.readWebhook({ ...good, signature: `x${good.signature.slice(1)}` }), undefined);
    assert.equal(lab.texter.readWebhook({ ...good, url: `${good.url}x` }), undefined);
    const changed = Object.fromEntries(
      Object.entries(good.params).map(([k, v]) => [k, v === 'STOP' ? 'START' : v]),
    );
    assert.equal(lab.texter.readWebhook({ ...good, params: changed }), undefined);
    assert.equal(lab.locked.readWebhook(good), undefined);
  },
};

/** What every carrier of text messages must answer alike. */
export function textConformance(name: string, make: () => Promise<TextLab>): void {
  describe(`${name} as a carrier of texts`, { concurrency: true }, () => {
    for (const [title, run] of Object.entries({ ...sending, ...trouble, ...webhooks }))
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
