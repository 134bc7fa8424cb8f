import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type {
  CarrierCancel,
  CarrierLookup,
  CarrierNews,
  CarrierOutcome,
} from '#features/correspondence/carrier.ts';
import type {
  AddressFinding,
  LetterPrinter,
  OutgoingLetter,
} from '#features/correspondence/letter-printer.ts';
import type { PostalAddress } from '#lib/address-lines.ts';
import { sameText } from '#lib/secrets.ts';
import type { HttpClient, HttpResult } from '../../http-client.ts';
import {
  addressFields,
  type LobCredentials,
  type LobLetter,
  type LobOptions,
  lobClient,
  readLetter,
  readLetters,
  readVerification,
  verificationOf,
  wordsOf,
} from './lob-api.ts';

export function lobPrinter(keys: LobCredentials, options: LobOptions = {}): LetterPrinter {
  const client = lobClient(keys, options);
  return {
    async send(letter) {
      const { headers, content } = await multipart(letter);
      const result = await client.send({
        method: 'POST',
        path: '/v1/letters',
        content,
        headers,
        // Kept by Lob for 24 hours; after that the lookup finds what was made.
        idempotencyKey: letter.messageId,
      });
      return outcomeOf(result, keys);
    },
    lookup: (letter) => findLetter(client, keys, letter.messageId),
    cancel: (reference) => cancel(client, keys, reference),
    verify: (address) => verify(client, address),
    readWebhook: (raw, headers, now) => readWebhook({ raw, headers, now }, keys),
  };
}

async function multipart(letter: OutgoingLetter) {
  const form = new FormData();
  const fields = {
    ...addressFields('to', letter.to),
    ...addressFields('from', letter.from),
    color: 'false',
    double_sided: 'false',
    address_placement: 'top_first_page',
    use_type: 'operational',
    'metadata[message_id]': letter.messageId,
    description: letter.messageId,
  };
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([new Uint8Array(letter.pdf)], { type: 'application/pdf' }), 'letter.pdf');
  // The platform's own writer of multipart bodies.
  const written = new Response(form);
  return {
    headers: { 'content-type': written.headers.get('content-type') ?? 'multipart/form-data' },
    content: new Uint8Array(await written.arrayBuffer()),
  };
}

function outcomeOf(result: HttpResult, keys: LobCredentials): CarrierOutcome {
  if (result.kind === 'failed')
    return result.failure === 'unreachable'
      ? { outcome: 'later', reason: result.reason }
      : { outcome: 'unknown', reason: result.reason };
  const made = result.status === 200 || result.status === 201 ? readLetter(result.text) : undefined;
  if (made) return acceptedAs(made);
  const reason = wordsOf(result, keys);
  const { status } = result;
  // Credentials and payment are put right by a person; the letter goes out then.
  if (status === 401 || status === 402 || status === 403 || status === 429 || status === 503) {
    const wait_s = Number(result.headers.get('retry-after'));
    return { outcome: 'later', reason, ...(wait_s > 0 ? { wait_s } : {}) };
  }
  // Another request with our key is still being worked on.
  if (status >= 500 || status < 400 || status === 409) return { outcome: 'unknown', reason };
  return { outcome: 'refused', reason };
}

async function findLetter(
  client: HttpClient,
  keys: LobCredentials,
  messageId: string,
): Promise<CarrierLookup> {
  const query = new URLSearchParams({ 'metadata[message_id]': messageId, limit: '1' });
  const result = await client.send({ method: 'GET', path: `/v1/letters?${query}` });
  const list = result.kind === 'answered' && result.status === 200 ? readLetters(result.text) : undefined;
  if (!list) return { outcome: 'unknown', reason: wordsOf(result, keys) };
  const [letter] = list.data;
  return letter ? acceptedAs(letter) : { outcome: 'absent' };
}

/** Its `send_date` is when it goes to the press, by the account's own window: five minutes at first. */
function acceptedAs({ id, send_date: sendDate }: LobLetter): CarrierOutcome & { outcome: 'accepted' } {
  const at = new Date(sendDate ?? '');
  return {
    ...{ outcome: 'accepted', reference: id },
    ...(Number.isNaN(at.getTime()) ? {} : { cancelableUntil: at }),
  };
}

/** A lost answer is no trouble: a letter that is deleted says so when it is looked at. */
async function cancel(client: HttpClient, keys: LobCredentials, reference: string): Promise<CarrierCancel> {
  const path = `/v1/letters/${encodeURIComponent(reference)}`;
  const result = await client.send({ method: 'DELETE', path });
  if (result.kind === 'answered' && result.status === 200) return { outcome: 'cancelled' };
  const reason = wordsOf(result, keys);
  const looked = await client.send({ method: 'GET', path });
  const letter = looked.kind === 'answered' && looked.status === 200 ? readLetter(looked.text) : undefined;
  if (letter?.deleted) return { outcome: 'cancelled' };
  const isRefused = result.kind === 'answered' && (result.status === 404 || result.status === 422);
  return { outcome: isRefused ? 'too_late' : 'unknown', reason };
}

const deliverable = new Set(['deliverable', 'deliverable_unnecessary_unit']);
const reasons: Record<string, string> = {
  deliverable: 'The postal service delivers there.',
  deliverable_unnecessary_unit: 'The postal service delivers there; the unit is not needed.',
  deliverable_incorrect_unit: 'The building is known, but not this unit.',
  deliverable_missing_unit: 'The building is known; the number of the unit is missing.',
  deliverable_missing_info: 'Something is missing for a sure delivery.',
};

const lacksPlace = 'City and state, or the ZIP code, are missing.';

async function verify(client: HttpClient, address: PostalAddress): Promise<AddressFinding | undefined> {
  const { path, json, isUs } = verificationOf(address);
  if (!json.primary_line) return { finding: 'undeliverable', reason: 'There is no street address.' };
  if (isUs && !json.zip_code && !(json.city && json.state))
    return { finding: 'undeliverable', reason: lacksPlace };
  const result = await client.send({ method: 'POST', path, json, changesNothing: true });
  if (result.kind === 'failed') return undefined;
  if (result.status === 422) return { finding: 'undeliverable', reason: lacksPlace };
  const found = result.status === 200 ? readVerification(result.text) : undefined;
  if (!found) return undefined;
  const { components, deliverability } = found;
  const zip = [components.zip_code, components.zip_code_plus_4].filter(Boolean).join('-');
  const suggestion: PostalAddress = {
    line1: found.primary_line,
    ...(found.secondary_line ? { line2: found.secondary_line } : {}),
    ...(components.city ? { city: components.city } : {}),
    ...(components.state ? { region: components.state } : {}),
    postal_code: zip || components.postal_code,
    country: address.country || 'US',
  };
  const isKnown = deliverability !== 'undeliverable' && deliverability !== 'no_match';
  return {
    finding: deliverable.has(deliverability) ? 'deliverable' : 'undeliverable',
    reason: reasons[deliverability] ?? 'The postal service does not know this address.',
    ...(isKnown ? { suggestion } : {}),
  };
}

const zEvent = z.object({
  id: z.string(),
  reference_id: z.string(),
  event_type: z.object({ id: z.string() }),
  body: z.object({ metadata: z.record(z.string(), z.string()).optional() }),
});

const states: Record<string, CarrierNews['state']> = {
  'letter.created': 'sent',
  'letter.rendered_pdf': 'sent',
  'letter.mailed': 'sent',
  'letter.in_transit': 'sent',
  'letter.in_local_area': 'sent',
  'letter.processed_for_delivery': 'sent',
  'letter.re-routed': 'sent',
  'letter.delivered': 'delivered',
  'letter.returned_to_sender': 'returned',
  'letter.failed': 'failed',
  'letter.rejected': 'failed',
  'letter.deleted': 'failed',
};
const said: Record<string, string> = {
  'letter.returned_to_sender': 'The letter came back. Ask the customer for the right address.',
  'letter.failed': 'Lob could not print it. Look at the letter in Lob’s dashboard.',
  'letter.rejected': 'Lob rejected it. Look at the letter in Lob’s dashboard.',
  'letter.deleted': 'The letter was cancelled in Lob before it was printed.',
};

const life_s = 300;
export const signatureOf = (timestamp: string, raw: Buffer | string, secret: string): string =>
  createHmac('sha256', secret).update(`${timestamp}.`).update(raw).digest('hex');

/** `Lob-Signature` is over the timestamp and the bytes; the timestamp is in milliseconds, or in seconds. */
function readWebhook(
  got: { raw: Buffer; headers: Record<string, string | undefined>; now: Date },
  keys: LobCredentials,
): CarrierNews | null | undefined {
  const { 'lob-signature': signature = '', 'lob-signature-timestamp': timestamp = '' } = got.headers;
  if (keys.webhookSecret === '' || !/^\d{10,13}$/.test(timestamp)) return undefined;
  if (!sameText(signatureOf(timestamp, got.raw, keys.webhookSecret), signature)) return undefined;
  const at_s = timestamp.length > 10 ? Number(timestamp) / 1000 : Number(timestamp);
  if (Math.abs(got.now.getTime() / 1000 - at_s) > life_s) return undefined;
  const event = eventOf(got.raw);
  const state = event && states[event.event_type.id];
  if (!event || !state) return null;
  const messageId = event.body.metadata?.message_id;
  return {
    kind: 'news',
    eventId: event.id,
    reference: event.reference_id,
    state,
    reason: said[event.event_type.id] ?? '',
    ...(messageId ? { messageId } : {}),
  };
}

function eventOf(raw: Buffer): z.output<typeof zEvent> | undefined {
  try {
    return zEvent.safeParse(JSON.parse(raw.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
