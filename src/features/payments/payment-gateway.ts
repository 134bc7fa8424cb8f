/**
 * The port behind which every card and bank gateway lives. A connector turns these values into the vendor's
 * bytes and back; it has no database, clock or memory of its own (docs/architecture.md, "Walls").
 */

/**
 * What the payer offers: a one-time token from the gateway's hosted fields, or a method stored with the
 * gateway.
 */
export type PaymentSource =
  | { kind: 'one_time'; token: string; store: boolean }
  | { kind: 'stored'; token: string };

/** What a gateway can charge. PayPal stands for all that PayPal offers: balance, Venmo, Pay Later. */
export type ChargeKind = 'card' | 'bank_account' | 'paypal';

export type ChargeRequest = {
  /** Our payment id: the idempotency key and the reference. A second call with it never charges twice. */
  paymentId: string;
  /** What the payer agreed to: consent to one kind is none to the other, whose tokens must be declined. */
  kind?: ChargeKind;
  amount: bigint;
  currency: string;
  source: PaymentSource;
  /** What the payer reads on the statement, and a line for the gateway's own records. */
  description: string;
  customerId: string;
  /** The organization's now. Real gateways ignore it; the sandbox lets time pass by it. */
  at: Date;
};

/** A method as a payer recognises it. Never a number, only what may be shown. */
export type MethodDetails = {
  kind: ChargeKind;
  /** `visa`, `mastercard`, …; for a bank account the bank's name; `paypal`, `venmo` or `pay_later`. */
  brand: string;
  /** Empty for PayPal, which shows no number. */
  last4: string;
  /** Cards only: the last day of this month is the last day it works. */
  expiry?: { year: number; month: number };
  funding?: 'credit' | 'debit' | 'prepaid' | 'unknown';
  /** Of cards, the first six to eight digits, where the gateway tells them but not what stands behind. */
  bin?: string;
  /** The token for later charges, when the payer asked to store the method. */
  storedToken?: string;
};

/** A question about one payment: all that is known of it, for vendors that cannot be asked by our id. */
export type LookupRequest = {
  paymentId: string;
  /** The gateway's own reference, once it has named one. */
  reference?: string | undefined;
  /** Kept until the outcome is known. */
  source?: PaymentSource | undefined;
  /** No trace of the payment is older than this. */
  requestedAt: Date;
  at: Date;
};

/**
 * Why a charge was declined, in one vocabulary for all vendors. A connector knows its vendor's codes and
 * names the nearest of these; what each means and what helps stands in decline-rules.ts.
 */
export type DeclineCode =
  | 'insufficient_funds'
  | 'limit_exceeded'
  | 'expired_card'
  | 'incorrect_cvc'
  | 'incorrect_details'
  | 'lost_or_stolen'
  | 'do_not_honor'
  | 'suspected_fraud'
  | 'authentication_required'
  | 'method_not_supported'
  | 'bad_account'
  | 'payer_account'
  | 'not_confirmed'
  | 'amount_refused'
  | 'duplicate'
  | 'details_expired'
  | 'method_gone'
  | 'wrong_method'
  | 'blocked_method'
  | 'gateway_setup'
  | 'gateway_error'
  | 'declined';

/** A vendor's own code and words for an answer, kept beside ours; for staff, not for payers. */
export type VendorSaid = { code: string; message: string };

/**
 * What a gateway says of one payment. The families are settled, pending, declined and unknown; the finer
 * words are the states of the payment itself (rules.ts has the table of moves). `absent` only answers a
 * lookup: the gateway never heard of the payment, so submitting it again is safe.
 */
export type GatewayOutcome =
  | {
      outcome: 'approved' | 'settling';
      reference: string;
      method: MethodDetails;
      /** The vendor has captured it: it voids no more, and refunds from now on, before it settles. */
      refundAtOnce?: true;
    }
  | { outcome: 'submitted'; reference: string; method: MethodDetails }
  | {
      outcome: 'accepted' | 'collected' | 'settled';
      reference: string;
      method: MethodDetails;
      change?: BankChange;
    }
  | {
      outcome: 'declined';
      reference?: string;
      code: DeclineCode;
      /** To the payer: of a stolen card no more than that it was declined. */
      message: string;
      method?: MethodDetails;
      vendor?: VendorSaid;
    }
  | { outcome: 'returned'; reference: string; returnCode: string; message: string; vendor?: VendorSaid }
  | { outcome: 'voided'; reference: string }
  | { outcome: 'unknown'; reason: string }
  | { outcome: 'absent' };

/** A bank's notice that a debit went through, but that what it was drawn on has changed. */
export type BankChange = {
  /** C01, C02, …; the corrected part that may be shown. */
  code: string;
  correctedLast4?: string;
  /** For later debits, where the vendor gives a new one; otherwise the stored token has been corrected. */
  storedToken?: string;
};

/** Where the gateway's own fields for card or bank data are found; its origin goes into the page's CSP. */
export type HostedFields = { origin: string; cardUrl: string; bankAccountUrl: string };

/** A webhook is a hint: it says what to look up, never what became of it. */
export type GatewayHint = {
  /** The vendor's id of the event: one that comes twice is worked once. */
  eventId: string;
  /** The vendor's word for what happened, to be shown to staff. */
  type: string;
  paymentIds: string[];
  /** The gateway's own references of payments, where the vendor names only those. */
  references?: string[];
  about?: ('charge' | 'refund' | 'chargeback' | 'payout')[];
};

export type PaymentGateway = {
  charge(request: ChargeRequest): Promise<GatewayOutcome>;
  /** Resolves unknown: what became of this payment. */
  lookup(request: LookupRequest): Promise<GatewayOutcome>;
  /**
   * What a one-time token stands for, without charging or using it up: whether a card is a credit card
   * decides what it costs. Undefined: the gateway does not say. Missing where a vendor never does.
   */
  inspect?(input: { token: string; at: Date }): Promise<MethodDetails | undefined>;
  /**
   * Missing where the payer is sent to the vendor instead (`redirect`). `fieldsUrl` is where Owed serves the
   * vendor's fields page, for vendors that have a script instead of a page.
   */
  hostedFields?(page: { parentOrigin: string; fieldsUrl: string }): HostedFields;
  /** Checks the signature over the raw bytes; undefined when it does not hold. */
  readWebhook(raw: Buffer, headers: Record<string, string | undefined>): Promise<GatewayHint | undefined>;
  /** The vault. */
  methods?: GatewayMethods;
  redirect?: Redirect;
  refunds?: GatewayRefunds;
  chargebacks?: GatewayChargebacks;
  payouts?: GatewayPayouts;
};

export type GatewayMethods = {
  /** Exchange a one-time token for a stored one, without charging. Throws Refusal when it is refused. */
  store(input: { methodId: string; token: string; customerId: string; at: Date }): Promise<MethodDetails>;
  remove(input: { storedToken: string; at: Date }): Promise<void>;
};

/** The payer goes to the vendor to agree and comes back with a one-time token that `charge` takes. */
export type Redirect = {
  begin(input: {
    /** The key of this checkout: the same one again is the same order. */
    checkoutId: string;
    amount: bigint;
    currency: string;
    description: string;
    returnUrl: string;
    cancelUrl: string;
  }): Promise<{ url: string; token: string }>;
};

/** `refused` is the vendor's plain no (too late, not voidable); the payment is then as it was. */
export type VoidOutcome =
  | { outcome: 'voided'; reference: string }
  | { outcome: 'refused'; code: string; message: string }
  | { outcome: 'unknown'; reason: string };

export type RefundRequest = {
  /** Our refund id: the idempotency key and the reference. */
  refundId: string;
  paymentId: string;
  /** The gateway's reference of the payment. */
  reference: string;
  amount: bigint;
  currency: string;
  method: { last4: string; expiry?: { year: number; month: number } | undefined };
  requestedAt: Date;
  at: Date;
};

/** `absent` only answers a lookup: the gateway never heard of the refund, so asking again is safe. */
export type RefundOutcome =
  | { outcome: 'submitted' | 'settled'; reference: string }
  | { outcome: 'failed'; reference?: string; code: string; message: string }
  | { outcome: 'unknown'; reason: string }
  | { outcome: 'absent' };

export type GatewayRefunds = {
  /** Take back a charge that has not left for settlement. The same one again is harmless. */
  void(input: { paymentId: string; reference: string; at: Date }): Promise<VoidOutcome>;
  refund(request: RefundRequest): Promise<RefundOutcome>;
  lookup(request: RefundRequest): Promise<RefundOutcome>;
};

export type GatewayChargeback = {
  /** The vendor's id of the dispute. */
  reference: string;
  /** Our id where the vendor knows it, or else the vendor's reference of the payment. */
  paymentId?: string | undefined;
  paymentReference?: string | undefined;
  amount: bigint;
  currency: string;
  /** The network's code, and the reason in words. */
  code: string;
  reason: string;
  state: 'opened' | 'evidence_sent' | 'won' | 'lost';
  openedAt: Date;
  /** Until when evidence is taken. */
  evidenceDueAt?: Date | undefined;
};

export type Evidence = { text: string; files: { name: string; contentType: string; bytes: Buffer }[] };

export type GatewayChargebacks = {
  /** All that changed since, oldest first; the same one twice is harmless. */
  list(input: { since: Date; at: Date }): Promise<GatewayChargeback[]>;
  sendEvidence?(input: { reference: string; evidence: Evidence; at: Date }): Promise<void>;
};

export type PayoutLine = {
  /** The vendor's id of the line, unique within its payout. */
  reference: string;
  kind: 'charge' | 'refund' | 'return' | 'chargeback' | 'chargeback_reversal' | 'fee' | 'adjustment';
  /** Our payment or refund id where the vendor knows it, or else its own reference of the payment. */
  paymentId?: string | undefined;
  refundId?: string | undefined;
  paymentReference?: string | undefined;
  /** gross − fee = net; money that goes back is negative. */
  gross: bigint;
  fee: bigint;
  net: bigint;
  description: string;
  on: string;
};

/** What the gateway sends to the bank in one sum. Net of its lines, or an exception (money.md, promise 5). */
export type GatewayPayout = {
  reference: string;
  state: 'in_transit' | 'paid' | 'failed';
  amount: bigint;
  currency: string;
  /** The day it was made, and the day it reaches the bank. */
  initiatedOn: string;
  arrivesOn: string;
  lines: PayoutLine[];
};

export type GatewayPayouts = {
  /** Payouts made or changed on or after a day, oldest first, whole: paging is the connector's affair. */
  list(input: { since: string; at: Date }): Promise<GatewayPayout[]>;
};
