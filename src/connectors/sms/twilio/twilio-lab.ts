import { must } from '#lib/errors.ts';
import type { TextLab } from '../conformance.ts';
import { sidOf } from './fake-messages.ts';
import { startFakeTwilio } from './twilio-fake.ts';
import { markOf, twilioTexter } from './twilio-texter.ts';

const statuses = { sent: 'sent', delivered: 'delivered', failed: 'undelivered' } as const;

/** The bottle for the questions that every carrier of texts must answer. */
export async function twilioLab(): Promise<TextLab> {
  const fake = await startFakeTwilio();
  const { accountSid, authToken, number: sender } = fake;
  const keys = { accountSid, authToken, sender };
  const wrong = { ...keys, authToken: 'f'.repeat(32) };
  const hook = 'https://owed.example/webhooks/texts/cha_1';
  const signed = (url: string, params: Record<string, string>) => ({
    url,
    params,
    signature: fake.sign(url, params).signature,
  });
  return {
    texter: twilioTexter(keys, { url: fake.url, timeout_ms: 5000 }),
    hasty: twilioTexter(keys, { url: fake.url, timeout_ms: 200 }),
    unreachable: twilioTexter(keys, { url: 'http://127.0.0.1:2', timeout_ms: 2000 }),
    locked: twilioTexter(wrong, { url: fake.url, timeout_ms: 5000 }),
    trouble: (trouble) => void fake.troubles.push(trouble),
    taken: () => fake.messages.map(({ to, body, validity_s }) => ({ to, body, validFor_s: validity_s })),
    stops: (phone) => void fake.stopped.add(phone),
    status: (messageId, state) => {
      const message = must(
        fake.messages.find((each) => each.body.includes(markOf(messageId))),
        'the message',
      );
      return signed(`${hook}/${messageId}`, {
        AccountSid: accountSid,
        MessageSid: message.sid,
        MessageStatus: statuses[state],
        To: message.to,
        From: sender,
        ...(state === 'failed' ? { ErrorCode: '30006' } : {}),
      });
    },
    incoming: (from, text) =>
      signed(hook, { AccountSid: accountSid, MessageSid: sidOf('SM'), From: from, To: sender, Body: text }),
    neverShown: [authToken, wrong.authToken],
    close: () => fake.stop(),
  };
}
