import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { GatewayHint } from '#features/payments/payment-gateway.ts';
import { restoreId } from './references.ts';

export const signatureHeader = 'x-anet-signature';

/**
 * No time is signed, only the event's own date within the body. What fails to be delivered is tried again for
 * a week, with that same date, so an hour would refuse what an outage of ours delayed. A copy sent again is
 * harmless: it names an event that was already worked, and says no more than what to look up.
 */
export const webhookLife_ms = 10 * 86_400_000;
const ahead_ms = 3_600_000;

const digest = (key: string | Buffer, raw: Buffer): Buffer => createHmac('sha512', key).update(raw).digest();

/**
 * The header is `sha512=` and 128 hexadecimal digits, upper case. The key is the text of the signature key as
 * it is shown: every published example computes that way (webhooks.test.ts has one), though the vendor's help
 * page speaks of its bytes. Either takes the whole key, so either is believed.
 */
function holds(signatureKey: string, raw: Buffer, header: string | undefined): boolean {
  const hex = /^\s*sha512=([0-9a-f]{128})\s*$/i.exec(header ?? '')?.[1];
  if (!hex || signatureKey === '') return false;
  const given = Buffer.from(hex, 'hex');
  const byText = timingSafeEqual(digest(signatureKey, raw), given);
  const isHex = /^(?:[0-9a-f]{2})+$/i.test(signatureKey);
  return isHex ? timingSafeEqual(digest(Buffer.from(signatureKey, 'hex'), raw), given) || byText : byText;
}

const zNotification = z.object({
  notificationId: z.string().min(1),
  eventType: z.string(),
  eventDate: z.string(),
  payload: z
    .object({
      entityName: z.string().optional(),
      id: z.union([z.string(), z.number()]).transform(String).optional(),
      merchantReferenceId: z.string().optional(),
      invoiceNumber: z.string().optional(),
    })
    .default({}),
});

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    // Signed, and yet no JSON: nothing that could be acted upon.
    return undefined;
  }
}

export function readNotification(
  signatureKey: string,
  raw: Buffer,
  { header, now }: { header: string | undefined; now: Date },
): GatewayHint | undefined {
  if (!holds(signatureKey, raw, header)) return undefined;
  const read = zNotification.safeParse(parse(raw));
  if (!read.success) return undefined;
  const { notificationId: eventId, eventType: type, eventDate, payload } = read.data;
  // `2023-12-12T12:45:09.3492643Z`; some deliveries leave out the Z.
  const sentAt = new Date(/Z$/.test(eventDate) ? eventDate : `${eventDate}Z`);
  const age_ms = now.getTime() - sentAt.getTime();
  if (!(age_ms < webhookLife_ms && age_ms > -ahead_ms)) return undefined;
  if (payload.entityName !== 'transaction') return { eventId, type, paymentIds: [] };
  const references = payload.id ? [payload.id] : [];
  const number = payload.merchantReferenceId ?? payload.invoiceNumber;
  if (type.includes('.refund.')) return { eventId, type, paymentIds: [], references, about: ['refund'] };
  const paymentId = restoreId('payment', number, sentAt);
  return { eventId, type, paymentIds: paymentId ? [paymentId] : [], references, about: ['charge'] };
}
