import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { newToken } from '#lib/secrets.ts';

/**
 * A sandbox account is nothing but its secret key: everything else is derived from it, so that any
 * organization can make one up and use it at once, and two organizations never see each other.
 */
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const isSecretKey = (text: string): boolean => /^sk_sandbox_[A-Za-z0-9_-]{24,128}$/.test(text);
export const isPublishableKey = (text: string): boolean => /^pk_sandbox_[0-9a-f]{32}$/.test(text);

export const publishableKeyOf = (secretKey: string): string =>
  `pk_sandbox_${sha256(`pk:${secretKey}`).slice(0, 32)}`;
export const webhookSecretOf = (secretKey: string): string => `whsec_${sha256(`wh:${secretKey}`)}`;

export const signatureHeader = 'owed-sandbox-signature';
const tolerance_s = 300;

/**
 * The value of the signature header over `t.body`, so that an old delivery cannot be sent again as a new one.
 */
export function signWebhook(webhookSecret: string, body: string | Buffer, sentAt: Date): string {
  const t = Math.floor(sentAt.getTime() / 1000);
  return `t=${t},v1=${hmac(webhookSecret, t, body).toString('hex')}`;
}

const hmac = (webhookSecret: string, t: number, body: string | Buffer): Buffer =>
  createHmac('sha256', webhookSecret).update(`${t}.`).update(body).digest();

export type WebhookCheck = { webhookSecret: string; body: Buffer; header: string | undefined; now: Date };

export function webhookHolds({ webhookSecret, body, header, now }: WebhookCheck): boolean {
  const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header ?? '');
  if (!match?.[1] || !match[2]) return false;
  const t = Number(match[1]);
  if (Math.abs(now.getTime() / 1000 - t) > tolerance_s) return false;
  return timingSafeEqual(hmac(webhookSecret, t, body), Buffer.from(match[2], 'hex'));
}

/** A new account at the sandbox gateway: it needs no registration, so opening one sends nothing. */
export function newSandboxKeys(): { secretKey: string; publishableKey: string } {
  const secretKey = `sk_sandbox_${newToken()}`;
  return { secretKey, publishableKey: publishableKeyOf(secretKey) };
}
