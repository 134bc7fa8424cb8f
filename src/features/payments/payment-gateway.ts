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

export type ChargeRequest = {
  /** Our payment id: the idempotency key and the reference. A second call with it never charges twice. */
  paymentId: string;
  /** What the payer agreed to: consent to one kind is none to the other, whose tokens must be declined. */
  kind?: 'card' | 'bank_account';
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
  kind: 'card' | 'bank_account';
  /** `visa`, `mastercard`, …; for a bank account the bank's name. */
  brand: string;
  last4: string;
  /** Cards only: the last day of this month is the last day it works. */
  expiry?: { year: number; month: number };
  funding?: 'credit' | 'debit' | 'prepaid' | 'unknown';
  /** The token for later charges, when the payer asked to store the method. */
  storedToken?: string;
};

/**
 * What a gateway says of one payment. The families are settled, pending, declined and unknown; the finer
 * words are the states of the payment itself (rules.ts has the table of moves). `absent` only answers a
 * lookup: the gateway never heard of the payment, so submitting it again is safe.
 */
export type GatewayOutcome =
  | { outcome: 'approved' | 'settling' | 'settled'; reference: string; method: MethodDetails }
  | { outcome: 'submitted' | 'accepted' | 'collected'; reference: string; method: MethodDetails }
  | { outcome: 'declined'; reference?: string; code: string; message: string; method?: MethodDetails }
  | { outcome: 'returned'; reference: string; returnCode: string; message: string }
  | { outcome: 'voided'; reference: string }
  | { outcome: 'unknown'; reason: string }
  | { outcome: 'absent' };

/** Where the gateway's own fields for card or bank data are found; its origin goes into the page's CSP. */
export type HostedFields = { origin: string; cardUrl: string; bankAccountUrl: string };

/** A webhook is a hint: it says which payments to look up, never what became of them. */
export type GatewayHint = { eventId: string; paymentIds: string[] };

export type PaymentGateway = {
  charge(request: ChargeRequest): Promise<GatewayOutcome>;
  /** Resolves unknown: what became of this payment, asked by our id. */
  lookup(paymentId: string, at: Date): Promise<GatewayOutcome>;
  /**
   * Exchange a one-time token for a stored one, without charging. Throws Refusal when the gateway refuses it.
   */
  storeMethod(input: {
    methodId: string;
    token: string;
    customerId: string;
    at: Date;
  }): Promise<MethodDetails>;
  removeMethod(input: { storedToken: string; at: Date }): Promise<void>;
  hostedFields(page: { parentOrigin: string }): HostedFields;
  /** Checks the signature over the raw bytes; undefined when it does not hold. */
  readWebhook(raw: Buffer, headers: Record<string, string | undefined>): GatewayHint | undefined;
};
