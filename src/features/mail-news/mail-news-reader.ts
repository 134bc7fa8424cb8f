import type { MailNews } from '#features/correspondence/news-rules.ts';

export type { MailNews };

export type ProviderCall = { raw: Buffer; headers: Readonly<Record<string, string | undefined>> };

export const mailVendors = ['postmark', 'sendgrid', 'mailgun', 'ses'] as const;
export type MailVendor = (typeof mailVendors)[number];

/**
 * The port behind which a mail provider reports. A connector turns its bytes into our words, and has no
 * memory.
 */
export type MailNewsReader = {
  vendor: MailVendor;
  /** Is this call the provider's, by its signature over the raw bytes? */
  isGenuine(call: ProviderCall): Promise<boolean>;
  /** What it tells; empty where it tells nothing of ours. */
  read(raw: Buffer): Promise<MailNews[]>;
  /** What may be taken once only; the whole call unless told. */
  onceKey?(raw: Buffer): string;
  /** Headers of an outgoing mail that make the provider name our message in its reports. */
  headersOf(messageId: string): Record<string, string>;
};
