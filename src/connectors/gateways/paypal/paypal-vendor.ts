import { z } from 'zod';
import type {
  CredentialField,
  Credentials,
  GatewayCheck,
  GatewayVendor,
} from '#features/payments/gateways.ts';
import { type AccessToken, accessToken, newTokenCache, type TokenAnswer } from './access-token.ts';
import { answerOf, errorOf, paypalApi, unknownBecause } from './paypal-api.ts';
import { newPaypalMemory, paypalGateway } from './paypal-gateway.ts';

type Environment = 'live' | 'sandbox';
type Place = { url: string; certificateOrigin: string };

const places: Record<Environment, Place> = {
  live: { url: 'https://api-m.paypal.com', certificateOrigin: 'https://api.paypal.com' },
  sandbox: { url: 'https://api-m.sandbox.paypal.com', certificateOrigin: 'https://api.sandbox.paypal.com' },
};

export type PaypalVendorOptions = {
  /** Asked instead of PayPal, whatever the environment. */
  url?: string;
  /** Asked as the other environment, to tell a sandbox app from a live one. */
  otherUrl?: string;
  certificateRoots?: readonly string[];
  timeout_ms?: number;
};

const fields: readonly CredentialField[] = [
  {
    name: 'environment',
    label: 'Environment',
    secret: false,
    help: 'Live moves real money; sandbox is PayPal’s own place for trying out.',
    options: [
      { value: 'live', label: 'Live' },
      { value: 'sandbox', label: 'Sandbox' },
    ],
  },
  {
    name: 'clientId',
    label: 'Client ID',
    secret: false,
    help: 'On the page of your app in the PayPal developer dashboard, under Apps & Credentials.',
  },
  {
    name: 'clientSecret',
    label: 'Secret key',
    secret: true,
    help: 'On the same page, next to the client ID.',
  },
  {
    name: 'webhookId',
    later: true,
    label: 'Webhook ID',
    secret: false,
    help: 'On the same page, at the webhook that you made there. Its address is shown here once you are connected.',
  },
];

const environmentOf = (credentials: Credentials): Environment =>
  credentials.environment === 'sandbox' ? 'sandbox' : 'live';
const otherOf = (environment: Environment): Environment => (environment === 'live' ? 'sandbox' : 'live');

/** PayPal as a vendor that an organization can connect. */
export function paypalVendor(options: PaypalVendorOptions = {}): GatewayVendor {
  const { url, certificateRoots, timeout_ms = 20_000 } = options;
  const placeOf = (environment: Environment): Place =>
    url === undefined ? places[environment] : { url, certificateOrigin: new URL(url).origin };
  const keysOf = ({ clientId = '', clientSecret = '', webhookId = '' }: Credentials) => ({
    clientId: clientId.trim(),
    clientSecret: clientSecret.trim(),
    webhookId: webhookId.trim(),
  });
  const askToken = (credentials: Credentials, at: string): Promise<TokenAnswer> =>
    accessToken(newTokenCache(), { url: at, ...keysOf(credentials), timeout_ms });

  return {
    vendor: 'paypal',
    name: 'PayPal',
    kinds: ['paypal'],
    credentials: fields,
    make: (credentials) =>
      paypalGateway(
        { ...placeOf(environmentOf(credentials)), ...keysOf(credentials), certificateRoots, timeout_ms },
        newPaypalMemory(),
      ),
    publishableKey: (credentials) => keysOf(credentials).clientId,
    async check(credentials) {
      const missing = fields.find(
        (field) => field.name !== 'webhookId' && (credentials[field.name] ?? '').trim() === '',
      );
      if (missing) return { ok: false, field: missing.name, message: `${missing.label} is missing.` };
      const environment = environmentOf(credentials);
      const here = placeOf(environment).url;
      const answer = await askToken(credentials, here);
      if (answer.ok)
        return checkApp(
          { credentials: keysOf(credentials), url: here, timeout_ms },
          answer.token,
          environment,
        );
      const status = answer.result.kind === 'answered' ? answer.result.status : undefined;
      if (status !== 400 && status !== 401)
        return { ok: false, message: `PayPal could not be asked: ${unknownBecause(answer.result).reason}.` };
      const there = url === undefined ? places[otherOf(environment)].url : options.otherUrl;
      if (there !== undefined && (await askToken(credentials, there)).ok)
        return { ok: false, field: 'environment', message: wrongEnvironment[environment] };
      return { ok: false, ...refusedPair(keysOf(credentials)) };
    },
  };
}

const wrongEnvironment: Record<Environment, string> = {
  live: 'These are keys of PayPal’s sandbox. Choose Sandbox, or copy the keys of the live app.',
  sandbox: 'These are live keys. Choose Live, or copy the keys of the sandbox app.',
};

/** PayPal says the same of a wrong id and of a wrong secret; an id or secret that is none can be told. */
function refusedPair(keys: { clientId: string; clientSecret: string }): { field: string; message: string } {
  if (!/^[A-Za-z0-9_-]{40,128}$/.test(keys.clientId))
    return { field: 'clientId', message: 'This is no client ID: PayPal’s have about 80 letters and digits.' };
  if (keys.clientSecret === keys.clientId)
    return { field: 'clientSecret', message: 'This is the client ID again. Copy the secret key beside it.' };
  return {
    field: 'clientSecret',
    message: 'PayPal does not accept this secret for this client ID. Copy both again from the same app.',
  };
}

const webhookShape = z.object({
  id: z.string(),
  event_types: z.array(z.object({ name: z.string() })).default([]),
});
/** Without these, news is found by asking only, hours later. */
const wanted = ['PAYMENT.CAPTURE.COMPLETED', 'PAYMENT.CAPTURE.REFUNDED', 'CUSTOMER.DISPUTE.CREATED'];

const permissions: [scope: string, note: string][] = [
  [
    'https://uri.paypal.com/services/reporting/search/read',
    'Transaction search is off for this app: deposits from PayPal cannot be reconciled. ' +
      'After it is switched on it can take nine hours to work.',
  ],
  [
    'https://uri.paypal.com/services/disputes/read-seller',
    'Disputes are off for this app: disputes at PayPal will not be seen here.',
  ],
];

type Asking = {
  credentials: { clientId: string; clientSecret: string; webhookId: string };
  url: string;
  timeout_ms: number;
};

/** The webhook as PayPal has it; nothing to be said of it where none was named. */
async function checkWebhook(
  { credentials, url, timeout_ms }: Asking,
  token: AccessToken,
): Promise<WebhookCheck> {
  const { webhookId } = credentials;
  if (webhookId === '')
    return { notes: ['Without a webhook, news from PayPal is found by asking only, some hours later.'] };
  const api = paypalApi({ url, ...credentials, timeout_ms }, { kept: token, asking: undefined });
  const path = `/v1/notifications/webhooks/${encodeURIComponent(webhookId)}`;
  const result = await api.send({ method: 'GET', path });
  const webhook = answerOf(result, webhookShape);
  if (webhook) {
    const names = new Set(webhook.event_types.map((each) => each.name));
    const lacking = names.has('*') ? [] : wanted.filter((name) => !names.has(name));
    if (lacking.length === 0) return { notes: [] };
    return { notes: [`The webhook does not send ${lacking.join(', ')}. Add these events to it.`] };
  }
  if (errorOf(result)?.status !== 404)
    return { ok: false, message: `PayPal could not be asked: ${unknownBecause(result).reason}.` };
  return {
    ok: false,
    field: 'webhookId',
    message: 'This app has no webhook with this ID. Copy it from the webhook’s line on the app’s page.',
  };
}

type WebhookCheck = { notes: string[] } | Extract<GatewayCheck, { ok: false }>;

async function checkApp(asking: Asking, token: AccessToken, environment: Environment): Promise<GatewayCheck> {
  const webhook = await checkWebhook(asking, token);
  if (!('notes' in webhook)) return webhook;
  const scopes = token.scope.split(' ');
  const notes = permissions.filter(([scope]) => !scopes.includes(scope)).map(([, note]) => note);
  return {
    ok: true,
    accountName: token.appId ? `PayPal app ${token.appId}` : 'PayPal',
    mode: environment === 'live' ? 'live' : 'test',
    notes: [...notes, ...webhook.notes],
  };
}
