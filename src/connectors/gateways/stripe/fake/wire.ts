/** What a route may say no with: Stripe's own envelope. */
export type FaultBody = {
  type: 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error' | 'rate_limit_error';
  code?: string;
  message: string;
  param?: string;
  decline_code?: string;
  [name: string]: unknown;
};

export class StripeFault extends Error {
  readonly status: number;
  readonly body: FaultBody;
  /** Stripe keeps what an endpoint answered under its key, but not that it never began. */
  readonly kept: boolean;
  constructor(status: number, body: FaultBody, kept = true) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.kept = kept;
  }
}

export const invalid = (message: string, more: Partial<FaultBody> = {}, status = 400): StripeFault =>
  new StripeFault(status, { type: 'invalid_request_error', message, ...more });

/** Refused before the endpoint began: the key stays free. */
export const malformed = (message: string, code: string, param?: string): StripeFault =>
  new StripeFault(
    400,
    { type: 'invalid_request_error', code, message, ...(param !== undefined && { param }) },
    false,
  );

export const missing = (what: string, id: string, param = 'id'): StripeFault =>
  invalid(`No such ${what}: '${id}'`, { code: 'resource_missing', param }, 404);
