import type {
  CarrierCancel,
  CarrierLookup,
  CarrierNews,
  CarrierOutcome,
  CarrierVendor,
} from '#features/correspondence/carrier.ts';
import type { PostalAddress } from '#lib/address-lines.ts';

export type Addressee = { name: string; address: PostalAddress };

/** The port behind which letters are printed and mailed. */
export type OutgoingLetter = {
  /** Ours, the same on every try: the printer's key against a second copy. */
  messageId: string;
  to: Addressee;
  from: Addressee;
  /** Print-ready, with the place where the printer writes both addresses left empty. */
  pdf: Buffer;
  at: Date;
};

/** What the postal service says of an address. */
export type AddressFinding = {
  finding: 'deliverable' | 'undeliverable';
  /** In the reader's words: what is wrong, or that nothing is. */
  reason: string;
  /** As the postal service spells it. */
  suggestion?: PostalAddress;
};

export type LetterPrinter = {
  send(letter: OutgoingLetter): Promise<CarrierOutcome>;
  lookup(letter: Pick<OutgoingLetter, 'messageId' | 'at'>): Promise<CarrierLookup>;
  /** Take a letter back that is not printed yet; `reference` is the printer's own. */
  cancel(reference: string): Promise<CarrierCancel>;
  /** Undefined: it could not be asked now. */
  verify(address: PostalAddress): Promise<AddressFinding | undefined>;
  /** Undefined when the signature does not hold; `null` when it is about nothing of ours. */
  readWebhook(
    raw: Buffer,
    headers: Record<string, string | undefined>,
    now: Date,
  ): CarrierNews | null | undefined;
};

export type LetterVendor = CarrierVendor<LetterPrinter>;
