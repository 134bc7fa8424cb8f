import { z } from 'zod';
import type { Addressee } from '#features/correspondence/letter-printer.ts';
import type { PostalAddress } from '#lib/address-lines.ts';
import { type HttpClient, type HttpResult, httpClient, redact } from '../../http-client.ts';

export type LobCredentials = { apiKey: string; webhookSecret: string };

export const readCredentials = (given: Record<string, string>): LobCredentials => ({
  apiKey: given.api_key?.trim() ?? '',
  webhookSecret: given.webhook_secret?.trim() ?? '',
});

export type LobOptions = { url?: string; timeout_ms?: number };

export function lobClient(keys: LobCredentials, options: LobOptions): HttpClient {
  const basic = Buffer.from(`${keys.apiKey}:`).toString('base64');
  return httpClient({
    url: options.url ?? 'https://api.lob.com',
    headers: { authorization: `Basic ${basic}`, 'lob-version': '2020-02-11' },
    secrets: [keys.apiKey, basic],
    // 150 requests in 5 seconds: a Retry-After is short and worth the wait.
    timeout_ms: options.timeout_ms ?? 60_000,
    attempts_max: 3,
  });
}

const zLetter = z.object({
  id: z.string(),
  send_date: z.string().nullish(),
  deleted: z.boolean().optional(),
});
const zLetters = z.object({ data: z.array(zLetter) });
const zError = z.object({ error: z.object({ message: z.string(), code: z.string().optional() }) });

const parsed = <S extends z.ZodType>(shape: S, text: string): z.output<S> | undefined => {
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};
export type LobLetter = z.output<typeof zLetter>;
export const readLetter = (text: string) => parsed(zLetter, text);
export const readLetters = (text: string) => parsed(zLetters, text);

/** What a refusal says, in Lob's words; no secret comes through. */
export function wordsOf(result: HttpResult, keys: LobCredentials): string {
  if (result.kind === 'failed') return `Lob did not answer: ${result.reason}`;
  const error = parsed(zError, result.text)?.error;
  const words = error
    ? `${error.message}${error.code ? ` (Lob: ${error.code})` : ''}`
    : `Lob answered ${result.status}.`;
  return redact(words, [keys.apiKey]);
}

const longest = 40;

/** Lob prints 40 characters a line: a longer name takes the line for a company too, broken between words. */
export function nameLines(name: string): [string, string] {
  if (name.length <= longest) return [name, ''];
  const space = name.lastIndexOf(' ', longest);
  const at = space > 0 ? space : longest;
  return [name.slice(0, at).trim(), name.slice(at).trim().slice(0, longest)];
}

/** Territories that Lob, like the postal service, writes to as states of the US. */
const territories = new Set(['AS', 'PR', 'FM', 'GU', 'MH', 'MP', 'PW', 'VI']);

/** An address as the fields `to[…]` and `from[…]`. */
export function addressFields(which: 'to' | 'from', { name, address }: Addressee): Record<string, string> {
  const [first, second] = nameLines(name);
  const country = address.country?.trim().toUpperCase() || 'US';
  const isTerritory = territories.has(country);
  const fields = {
    name: first,
    company: second,
    address_line1: address.line1,
    address_line2: address.line2,
    address_city: address.city,
    address_state: isTerritory ? country : address.region,
    address_zip: address.postal_code,
    address_country: isTerritory ? 'US' : country,
  };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, value]) => {
      const text = value?.trim();
      return text ? [[`${which}[${field}]`, text]] : [];
    }),
  );
}

const zComponents = z.object({
  city: z.string().optional(),
  state: z.string().optional(),
  zip_code: z.string().optional(),
  zip_code_plus_4: z.string().optional(),
  postal_code: z.string().optional(),
});
export const zVerification = z.object({
  primary_line: z.string(),
  secondary_line: z.string(),
  deliverability: z.string(),
  components: zComponents,
});
export const readVerification = (text: string) => parsed(zVerification, text);

export function verificationOf(address: PostalAddress): {
  path: string;
  json: Record<string, string>;
  isUs: boolean;
} {
  const country = address.country?.trim().toUpperCase() || 'US';
  const isUs = country === 'US' || territories.has(country);
  const fields = {
    primary_line: address.line1,
    secondary_line: address.line2,
    city: address.city,
    state: territories.has(country) ? country : address.region,
    ...(isUs ? { zip_code: address.postal_code } : { postal_code: address.postal_code, country }),
  };
  const json = Object.fromEntries(
    Object.entries(fields).flatMap(([k, v]) => (v?.trim() ? [[k, v.trim()]] : [])),
  );
  return { path: isUs ? '/v1/us_verifications?case=proper' : '/v1/intl_verifications', json, isUs };
}
