import { createHmac } from 'node:crypto';
import type { CarrierLookup, CarrierOutcome } from '#features/correspondence/carrier.ts';
import type { OutgoingText, Texter, TextWebhook } from '#features/correspondence/texter.ts';
import { sameText } from '#lib/secrets.ts';
import type { HttpClient } from '../../http-client.ts';
import {
  readList,
  readMessage,
  senderParameter,
  type TwilioCredentials,
  type TwilioMessage,
  type TwilioOptions,
  twilioClient,
  wordsOf,
} from './twilio-api.ts';

/** Twilio keeps no key of ours: this mark in the text is what tells two messages of the same words apart. */
export const markOf = (messageId: string): string => `Ref ${messageId.slice(-8)}`;
export const bodyOf = (text: OutgoingText): string => `${text.text.trimEnd()}\n${markOf(text.messageId)}`;

/** Codes by which Twilio says that the reader has opted out, here or at a blocklist of the carriers. */
const optedOut = new Set([21610]);

export function twilioTexter(keys: TwilioCredentials, options: TwilioOptions = {}): Texter {
  const client = twilioClient(keys, options);
  const messages = `/2010-04-01/Accounts/${encodeURIComponent(keys.accountSid)}/Messages.json`;
  return {
    async send(text) {
      const form = new URLSearchParams({
        To: text.to,
        ...senderParameter(keys.sender),
        Body: bodyOf(text),
        // Twilio queues for at most ten hours; what is not out by then would arrive outside the hours.
        ValidityPeriod: String(Math.min(36_000, Math.max(60, Math.floor(text.validFor_s)))),
        ...(text.statusUrl ? { StatusCallback: text.statusUrl } : {}),
      });
      const result = await client.send({
        method: 'POST',
        path: messages,
        content: form.toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      if (result.kind === 'failed') {
        const reason = result.reason;
        // No byte of it arrived: nothing was done.
        return result.failure === 'unreachable'
          ? { outcome: 'later', reason }
          : { outcome: 'unknown', reason };
      }
      const made = result.status === 201 ? readMessage(result.text) : undefined;
      if (made) return outcomeOf(made);
      return refusalOf(result.status, result.headers.get('retry-after'), wordsOf(result, keys));
    },
    lookup: (text) => findMessage(client, { keys, path: messages, text }),
    readWebhook: (webhook) => readWebhook(webhook, keys),
    answer: (words) => ({ contentType: 'text/xml', body: twiml(words) }),
  };
}

function outcomeOf(message: TwilioMessage): CarrierOutcome {
  if (message.status !== 'failed' && message.status !== 'canceled')
    return { outcome: 'accepted', reference: message.sid };
  const isOut = optedOut.has(message.error_code ?? 0);
  const reason = message.error_message ?? `Twilio did not send it (${message.error_code ?? message.status}).`;
  return { outcome: 'refused', reason, ...(isOut ? { optedOut: true } : {}) };
}

function refusalOf(
  status: number,
  retryAfter: string | null,
  { code, words }: { code: number; words: string },
): CarrierOutcome {
  if (status === 429 || status === 503) {
    const wait_s = Number(retryAfter);
    return { outcome: 'later', reason: words, ...(wait_s > 0 ? { wait_s } : {}) };
  }
  // Who may send is decided before anything is sent: it goes once the account is in order again.
  if (status === 401 || status === 403) return { outcome: 'later', reason: words };
  if (status >= 500 || status < 400) return { outcome: 'unknown', reason: words };
  return { outcome: 'refused', reason: words, ...(optedOut.has(code) ? { optedOut: true } : {}) };
}

const pages_max = 5;

/** Looks through what was sent to this reader since it was written, newest first, for our mark. */
async function findMessage(
  client: HttpClient,
  asked: { keys: TwilioCredentials; path: string; text: OutgoingText },
): Promise<CarrierLookup> {
  const { keys, text } = asked;
  const from = keys.sender.startsWith('MG') ? {} : { From: keys.sender };
  const since = new Date(text.at.getTime() - 60_000);
  let path: string | undefined =
    `${asked.path}?${new URLSearchParams({ To: text.to, ...from, PageSize: '100' })}`;
  for (let page = 0; path !== undefined; page += 1) {
    if (page === pages_max)
      return { outcome: 'unknown', reason: 'Twilio has too many texts to this number.' };
    const result = await client.send({ method: 'GET', path });
    const list = result.kind === 'answered' && result.status === 200 ? readList(result.text) : undefined;
    if (!list) return { outcome: 'unknown', reason: wordsOf(result, keys).words };
    const found = list.messages.find(
      (each) => each.direction.startsWith('outbound') && each.body?.includes(markOf(text.messageId)),
    );
    if (found) return outcomeOf(found);
    const oldest = list.messages.at(-1)?.date_created;
    const isPast = oldest ? Date.parse(oldest) < since.getTime() : false;
    path = isPast || !list.next_page_uri ? undefined : list.next_page_uri;
  }
  return { outcome: 'absent' };
}

/** HMAC-SHA1 over the address and the parameters, by name, each followed by its value. */
export const signatureOf = (url: string, params: Record<string, string>, authToken: string): string =>
  createHmac('sha1', authToken)
    .update(
      url +
        Object.keys(params)
          .sort()
          .map((name) => `${name}${params[name]}`)
          .join(''),
    )
    .digest('base64');

const states: Record<string, 'sent' | 'delivered' | 'failed'> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  failed: 'failed',
  undelivered: 'failed',
};

function readWebhook(webhook: TextWebhook, keys: TwilioCredentials): ReturnType<Texter['readWebhook']> {
  const { url, params, signature } = webhook;
  if (!sameText(signatureOf(url, params, keys.authToken), signature)) return undefined;
  const sid = params.MessageSid ?? params.SmsSid ?? '';
  if (params.AccountSid !== keys.accountSid || sid === '') return undefined;
  if (params.MessageStatus === undefined && params.Body !== undefined)
    return {
      kind: 'incoming',
      eventId: sid,
      from: params.From ?? '',
      text: params.Body,
      // With Advanced Opt-Out Twilio has answered the keyword itself.
      answered: params.OptOutType !== undefined,
    };
  const status = params.MessageStatus ?? '';
  const messageId = /\/(msg_[0-9a-z]{22})$/.exec(new URL(url).pathname)?.[1];
  return {
    kind: 'news',
    eventId: `${sid}:${status}`,
    reference: sid,
    // queued, sending, accepted: on its way, as we know.
    state: states[status] ?? 'sent',
    reason: params.ErrorCode
      ? (reasons[params.ErrorCode] ?? `Twilio reports error ${params.ErrorCode}.`)
      : '',
    ...(messageId ? { messageId } : {}),
  };
}

/** What staff can do about the errors that come most often, after Twilio's own list. */
const reasons: Record<string, string> = {
  30003: 'The phone is switched off or out of reach (Twilio 30003).',
  30005: 'The number does not exist (Twilio 30005). Ask the customer for the right one.',
  30006: 'The number is a landline or cannot be reached (Twilio 30006). Ask for a mobile number.',
  30007: 'The phone company filtered it as spam (Twilio 30007).',
  30034: 'The sending number is not registered for A2P 10DLC (Twilio 30034). Register it with Twilio.',
};

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function twiml(words: string | undefined): string {
  const said = words?.replace(/[&<>"]/g, (sign) => escapes[sign] ?? sign);
  const message = said ? `<Message>${said}</Message>` : '';
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${message}</Response>`;
}
