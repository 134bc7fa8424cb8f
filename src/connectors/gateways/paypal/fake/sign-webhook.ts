import { randomUUID, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { instant } from './wire.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/${name}.pem`, import.meta.url), 'utf8');

/** Whose certificate signs: the fake's own, one of another host, one out of date, one made by its holder. */
export const signers = ['signer', 'stranger', 'expired', 'selfmade'] as const;
export type Signer = (typeof signers)[number];

/** The root of the fake's certificates, which a connector must be told to trust. */
export const fakeRoot = (): string => fixture('root');

export const certificateChain = (name: string): string | undefined => {
  const signer = signers.find((each) => name === `CERT-${each}`);
  return signer && fixture(`chain-${signer}`);
};

export type Signing = { url: string; webhookId: string; sentAt: Date; signer?: Signer };

/** The headers by which PayPal vouches for a body. */
export function signedHeaders(body: Buffer, signing: Signing): Record<string, string> {
  const { url, webhookId, sentAt, signer = 'signer' } = signing;
  const id = randomUUID();
  const time = instant(sentAt.getTime());
  const signed = Buffer.from(`${id}|${time}|${webhookId}|${crc32(body)}`);
  // The self-made certificate is of the same key as the good one.
  const key = fixture(`key-${signer === 'selfmade' ? 'signer' : signer}`);
  return {
    'content-type': 'application/json',
    'paypal-transmission-id': id,
    'paypal-transmission-time': time,
    'paypal-transmission-sig': sign('sha256', signed, key).toString('base64'),
    'paypal-auth-algo': 'SHA256withRSA',
    'paypal-cert-url': `${url}/v1/notifications/certs/CERT-${signer}`,
  };
}
