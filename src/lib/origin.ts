/** Where a request came from, for the audit log and for consent. */
export type Origin = { ip: string; userAgent: string };
