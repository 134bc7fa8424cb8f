import type { CarrierCheck } from '#features/correspondence/carrier.ts';
import type { LetterVendor } from '#features/correspondence/letter-printer.ts';
import { type LobOptions, lobClient, readCredentials, wordsOf } from './lob-api.ts';
import { lobPrinter } from './lob-printer.ts';

/** Letters printed and mailed by Lob (API v1). */
export const lobVendor = (options: LobOptions = {}): LetterVendor => ({
  vendor: 'lob',
  name: 'Lob',
  credentials: [
    {
      name: 'api_key',
      label: 'Secret API key',
      secret: true,
      help: 'Begins with live_; in Lob under Settings, API keys.',
    },
    {
      name: 'webhook_secret',
      label: 'Webhook secret',
      secret: true,
      later: true,
      help: 'Shown by Lob when you add a webhook with the address that stands here once Lob is connected.',
    },
  ],
  make: (credentials) => lobPrinter(readCredentials(credentials), options),
  shown: (credentials) => `${readCredentials(credentials).apiKey.slice(0, 5)}…`,
  check: (credentials) => checkLob(credentials, options),
});

async function checkLob(given: Record<string, string>, options: LobOptions): Promise<CarrierCheck> {
  const keys = readCredentials(given);
  const wrong = (message: string): CarrierCheck => ({ ok: false, field: 'api_key', message });
  if (/^(live|test)_pub_/.test(keys.apiKey))
    return wrong('This is the publishable key. Give the secret one, which begins with live_.');
  if (!/^(live|test)_\w{10,}$/.test(keys.apiKey))
    return wrong('A secret key of Lob begins with live_. Copy it from Settings, API keys.');
  const result = await lobClient(keys, options).send({ method: 'GET', path: '/v1/letters?limit=1' });
  if (result.kind === 'answered' && result.status === 401) return wrong('Lob does not know this key.');
  if (result.kind !== 'answered' || result.status !== 200)
    return { ok: false, message: wordsOf(result, keys) };
  const notes = keys.webhookSecret
    ? []
    : ['Without a webhook secret, whether a letter was delivered or came back is not known here.'];
  const mode = keys.apiKey.startsWith('live_') ? 'live' : 'test';
  return { ok: true, accountName: `Lob (${mode})`, mode, notes };
}
