import type {
  CarrierLookup,
  CarrierNews,
  CarrierOutcome,
  CarrierVendor,
} from '#features/correspondence/carrier.ts';

/** The port behind which text messages leave. A connector has no database, clock or memory of its own. */
export type OutgoingText = {
  /** Ours, the same on every try. */
  messageId: string;
  /** In E.164. */
  to: string;
  text: string;
  /** Where the carrier tells what becomes of it; left out where the carrier could not reach it. */
  statusUrl?: string;
  /** What has not left the carrier's own queue by then is not to be sent any more. */
  validFor_s: number;
  /** When it was written: a look for it goes back no further. */
  at: Date;
};

/** Somebody wrote to the organization's number. `answered`: the carrier has answered the keyword already. */
export type IncomingText = {
  kind: 'incoming';
  eventId: string;
  from: string;
  text: string;
  answered: boolean;
};

export type TextWebhook = { url: string; params: Record<string, string>; signature: string };

export type Texter = {
  send(text: OutgoingText): Promise<CarrierOutcome>;
  /** Whether the carrier has this message. Asked when an answer was lost, before it is sent again. */
  lookup(text: OutgoingText): Promise<CarrierLookup>;
  /** Undefined when the signature does not hold. */
  readWebhook(webhook: TextWebhook): CarrierNews | IncomingText | undefined;
  /** What the carrier's webhook is answered with: words for the sender of a text, or nothing. */
  answer(words: string | undefined): { contentType: string; body: string };
};

export type TextVendor = CarrierVendor<Texter>;
