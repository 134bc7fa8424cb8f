import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MailNewsReader, ProviderCall } from '#features/mail-news/mail-news-reader.ts';
import { newId } from '#lib/ids.ts';

export type Happening =
  | 'delivered'
  | 'opened'
  | 'clicked'
  | 'gone'
  | 'full'
  | 'late'
  | 'spam'
  | 'unknown_to_us';
type About = { messageId: string; email: string };

/** A mail provider in a bottle: it reports in its own format, signed as the real one signs. */
export type MailNewsLab = {
  reader: MailNewsReader;
  call(happening: Happening, about: About): ProviderCall;
  /** The same call as somebody else would make it, who does not have the key. */
  forge(call: ProviderCall): ProviderCall;
};

const expected: Record<Exclude<Happening, 'unknown_to_us'>, string> = {
  delivered: 'delivered',
  opened: 'opened',
  clicked: 'clicked',
  gone: 'bounced',
  full: 'soft_bounced',
  late: 'delayed',
  spam: 'complained',
};

/** The questions every provider's reports must answer the same way. */
export function mailNewsConformance(name: string, make: () => MailNewsLab): void {
  const about = (): About => ({ messageId: newId('message'), email: 'ana@example.com' });
  describe(name, () => {
    for (const [happening, kind] of Object.entries(expected)) {
      test(`${happening} is told as ${kind}, of our message and its reader`, async () => {
        const lab = make();
        const one = about();
        const call = lab.call(happening as Happening, one);
        assert.equal(await lab.reader.isGenuine(call), true);
        const [news, ...more] = await lab.reader.read(call.raw);
        assert.equal(more.length, 0);
        assert.equal(news?.messageId, one.messageId);
        assert.equal(news?.kind, kind);
        assert.ok(news?.email === one.email || (news?.email === '' && /opened|clicked/.test(kind)));
        assert.equal(news?.at?.toISOString().slice(0, 10), '2026-03-02');
        if (/bounced|delayed/.test(kind)) assert.match(news?.reason ?? '', /55[02]|45[02]/);
      });
    }

    test('a call that somebody else makes is not believed', async () => {
      const lab = make();
      assert.equal(await lab.reader.isGenuine(lab.forge(lab.call('gone', about()))), false);
    });

    test('a call that was changed on its way, or carries no signature at all, is not believed', async () => {
      const lab = make();
      const call = lab.call('gone', about());
      if (!lab.reader.onceKey && lab.reader.vendor !== 'postmark') {
        const changed = Buffer.from(call.raw.toString().replace('ana@example.com', 'bob@example.com'));
        assert.notDeepEqual(changed, call.raw);
        assert.equal(await lab.reader.isGenuine({ ...call, raw: changed }), false);
      }
      for (const raw of ['', '{', 'null', '[]', '{"signature":"x"}', '\u0000'])
        assert.equal(await lab.reader.isGenuine({ raw: Buffer.from(raw), headers: {} }), false, raw);
    });

    test('what is about mail of somebody else, or is no report, tells nothing', async () => {
      const lab = make();
      assert.deepEqual(await lab.reader.read(lab.call('unknown_to_us', about()).raw), []);
      assert.deepEqual(await lab.reader.read(Buffer.from('{}')), []);
    });

    test('an outgoing mail carries what makes the provider name it', () => {
      const { messageId } = about();
      const headers = make().reader.headersOf(messageId);
      assert.ok(Object.values(headers).some((value) => value.includes(messageId)));
      for (const value of Object.values(headers)) assert.doesNotMatch(value, /[\r\n]/);
    });
  });
}
