/** What the network and the carrier may do to the next message. */
export type CarrierTrouble =
  | { kind: 'dropBeforeCommit' | 'dropAfterCommit' | 'errorAfterCommit' | 'unavailable' }
  | { kind: 'rateLimited'; retryAfter_s: number }
  | { kind: 'slow'; wait_ms: number };

/** What a fake was asked and what it answered, as the vendor's own document would see both. */
export type CarrierExchange = {
  method: string;
  path: string;
  query: [string, string][];
  type: string;
  body: unknown;
  status: number;
  answer: unknown;
};

/** The body of a request as values: JSON, or a form whose `a[b]` are objects and whose files are names. */
export async function readBody(type: string, bytes: Buffer): Promise<unknown> {
  if (bytes.length === 0) return undefined;
  if (type.includes('json')) return JSON.parse(bytes.toString('utf8'));
  // The platform's own reader of forms.
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const fields: Record<string, unknown> = {};
  for (const [name, value] of form) {
    const text = typeof value === 'string' ? value : value.name;
    const [, outer, inner] = /^(\w+)\[(\w+)\]$/.exec(name) ?? [];
    if (outer && inner) fields[outer] = { ...(fields[outer] as object | undefined), [inner]: text };
    else fields[name] = text;
  }
  return fields;
}
