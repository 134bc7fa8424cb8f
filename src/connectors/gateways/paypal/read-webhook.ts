import { verify } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import type { GatewayHint } from '#features/payments/payment-gateway.ts';
import { systemNow } from '#lib/dates.ts';
import { jsonOf } from './access-token.ts';
import { type CertificateSource, signingKey } from './certificates.ts';
import { ourPaymentId } from './our-ids.ts';

type Headers = Record<string, string | undefined>;

/**
 * How long after it was sent a webhook is taken. One that comes later, again or after an outage of ours, is
 * no loss: it is only a hint, and the lookups ask for everything anyway.
 */
const tolerance_ms = 15 * 60_000;

/** PayPal signs `id|time|webhook id|crc32 of the body`: the webhook's id is what makes it ours. */
export async function webhookHolds(
  raw: Buffer,
  headers: Headers,
  source: CertificateSource & { webhookId: string },
): Promise<boolean> {
  const id = headers['paypal-transmission-id'];
  const time = headers['paypal-transmission-time'];
  const signature = headers['paypal-transmission-sig'];
  const url = headers['paypal-cert-url'];
  if (!id || !time || !signature || !url || headers['paypal-auth-algo'] !== 'SHA256withRSA') return false;
  const now = systemNow();
  // Also false for a time that is none.
  if (!(Math.abs(now.getTime() - Date.parse(time)) <= tolerance_ms)) return false;
  const key = await signingKey(source, url, now);
  if (key?.asymmetricKeyType !== 'rsa') return false;
  const signed = Buffer.from(`${id}|${time}|${source.webhookId}|${crc32(raw)}`);
  return verify('sha256', signed, key, Buffer.from(signature, 'base64'));
}

const text = z.string().optional().catch(undefined);
const eventShape = z.object({
  id: z.string().min(1),
  event_type: z.string(),
  resource: z.object({
    id: text,
    custom_id: text,
    purchase_units: z
      .array(z.object({ custom_id: text }))
      .optional()
      .catch(undefined),
    disputed_transactions: z
      .array(z.object({ seller_transaction_id: text, custom: text }))
      .optional()
      .catch(undefined),
    links: z
      .array(z.object({ href: z.string(), rel: z.string() }))
      .optional()
      .catch(undefined),
  }),
});
type PaypalEvent = z.infer<typeof eventShape>;

const known = (values: readonly (string | undefined)[]): string[] => [
  ...new Set(values.filter((each) => each !== undefined)),
];

/** The capture that a refund belongs to is named by its link alone. */
const captureAbove = ({ resource }: PaypalEvent): string | undefined => {
  const up = resource.links?.find((link) => link.rel === 'up')?.href;
  return up === undefined ? undefined : /\/captures\/([A-Z0-9]+)/.exec(up)?.[1];
};

/** What is to be looked up because of an event; undefined for a body that is none of PayPal's. */
export function hintOf(raw: Buffer): GatewayHint | undefined {
  const read = eventShape.safeParse(jsonOf(raw.toString('utf8')));
  if (!read.success) return undefined;
  const event = read.data;
  const { resource, event_type: type } = event;
  const hint = (
    about: GatewayHint['about'],
    names: { paymentIds: (string | undefined)[]; references: (string | undefined)[] },
  ): GatewayHint => ({
    eventId: event.id,
    type,
    paymentIds: known(names.paymentIds.map(ourPaymentId)),
    references: known(names.references),
    ...(about && { about }),
  });
  if (/^PAYMENT\.(CAPTURE\.(REFUNDED|REVERSED)|REFUND\.)/.test(type))
    return hint(['refund'], { paymentIds: [], references: [captureAbove(event)] });
  if (type.startsWith('PAYMENT.CAPTURE.'))
    return hint(['charge'], { paymentIds: [resource.custom_id], references: [resource.id] });
  if (type.startsWith('CHECKOUT.ORDER.')) {
    const paymentIds = (resource.purchase_units ?? []).map((unit) => unit.custom_id);
    return hint(['charge'], { paymentIds, references: [] });
  }
  if (type.startsWith('CUSTOMER.DISPUTE.')) {
    const disputed = resource.disputed_transactions ?? [];
    return hint(['chargeback'], {
      paymentIds: disputed.map((each) => each.custom),
      references: disputed.map((each) => each.seller_transaction_id),
    });
  }
  return hint(undefined, { paymentIds: [], references: [] });
}
