/** What the network and the carrier may do to the next message. */
export type CarrierTrouble =
  | { kind: 'dropBeforeCommit' | 'dropAfterCommit' | 'errorAfterCommit' | 'unavailable' }
  | { kind: 'rateLimited'; retryAfter_s: number }
  | { kind: 'slow'; wait_ms: number };
