/** What the ports of texts and letters share: how an account is opened, and what a try may come to. */
export type CarrierCredentials = Record<string, string>;

/** What a form asks for to connect a carrier. */
export type CarrierField = {
  name: string;
  label: string;
  /** Never shown again once it is saved. */
  secret: boolean;
  help: string;
  /** May come later: a webhook's secret is known only once its address is entered at the carrier. */
  later?: boolean;
};

export type CarrierCheck =
  | { ok: true; accountName: string; mode: 'live' | 'test'; notes: string[] }
  | { ok: false; field?: string; message: string };

/**
 * What became of one try. `later`: the carrier says that it did nothing, and may be asked again. `unknown`:
 * nobody answered; it may or may not have been taken, and is asked about before another try.
 */
export type CarrierOutcome =
  | { outcome: 'accepted'; reference: string; cancelableUntil?: Date }
  | { outcome: 'refused'; reason: string; optedOut?: boolean }
  | { outcome: 'later'; reason: string; wait_s?: number }
  | { outcome: 'unknown'; reason: string };

/**
 * What became of taking one back. `too_late`: it is on its way. `unknown`: nobody answered; it may be asked
 * again, for who is cancelled already is cancelled.
 */
export type CarrierCancel =
  | { outcome: 'cancelled' }
  | { outcome: 'too_late'; reason: string }
  | { outcome: 'unknown'; reason: string };

export type CarrierLookup = CarrierOutcome | { outcome: 'absent' };

/** What a carrier tells of a message it took. */
export type CarrierNews = {
  kind: 'news';
  eventId: string;
  messageId?: string;
  reference: string;
  state: 'sent' | 'delivered' | 'failed' | 'returned';
  reason: string;
};

export type CarrierVendor<Port> = {
  vendor: string;
  name: string;
  credentials: readonly CarrierField[];
  make(credentials: CarrierCredentials): Port;
  /** What of the credentials may be seen. */
  shown(credentials: CarrierCredentials): string;
  /** Asks the carrier whether these credentials work, and says what is wrong to whoever typed them. */
  check(credentials: CarrierCredentials): Promise<CarrierCheck>;
};
