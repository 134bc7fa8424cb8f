/** The codes a refusal may carry, and the HTTP status each one answers with. The one table of house law 5. */
export const refusalStatus = {
  invalid_request: 422,
  idempotency_key_reused: 422,
  idempotency_in_progress: 409,
  not_found: 404,
  unauthenticated: 401,
  forbidden: 403,
  conflict: 409,
  state_refused: 409,
  amount_too_large: 409,
  already_paid: 409,
  nothing_due: 409,
  locked: 429,
  rate_limited: 429,
  link_expired: 410,
  too_large: 413,
  unavailable: 503,
} as const;

export type RefusalCode = keyof typeof refusalStatus;

export type RefusalDetails = {
  /** A sentence for the person who reads it: what is wrong and what to do. */
  message: string;
  /** The input field at fault, as the caller spells it. */
  param?: string;
  /** Everything wrong at once, for forms with several fields. */
  fields?: Record<string, string>;
  /** Seconds until a second try makes sense. */
  retryAfter?: number;
};

/** The only domain error that is thrown: it rolls the command back (house law 5). */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly details: RefusalDetails;
  constructor(code: RefusalCode, details: RefusalDetails | string) {
    const full = typeof details === 'string' ? { message: details } : details;
    super(full.message);
    this.name = 'Refusal';
    this.code = code;
    this.details = full;
  }
  get status(): number {
    return refusalStatus[this.code];
  }
}

export const notFound = (what: string, id: string): Refusal =>
  new Refusal('not_found', `No ${what} with the id ${id} is visible to you.`);

/** Narrow away undefined where the surrounding code has already proved presence. */
export function must<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Error(`expected ${what}`);
  return value;
}
