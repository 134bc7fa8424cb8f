import { z } from 'zod';
import type {
  CredentialField,
  Credentials,
  GatewayCheck,
  GatewayVendor,
} from '#features/payments/gateways.ts';
import { type Answer, authorizeNetApi } from './api.ts';
import { authorizeNetGateway } from './authorize-net-gateway.ts';
import { hostedFormPage } from './hosted-form.ts';

export type AuthorizeNetVendorOptions = {
  /** Instead of both environments' addresses: a fake's. */
  url?: string;
  /** Where the other environment is asked whether the keys are its own. */
  otherUrl?: string;
  /** Instead of the origin that serves AcceptUI.js. */
  formUrl?: string;
};

const environments = {
  production: { url: 'https://api.authorize.net', formUrl: 'https://js.authorize.net' },
  sandbox: { url: 'https://apitest.authorize.net', formUrl: 'https://jstest.authorize.net' },
} as const;
type Environment = keyof typeof environments;

const where = 'Account > Settings > Security Settings';
const fields: readonly CredentialField[] = [
  {
    name: 'environment',
    label: 'Environment',
    secret: false,
    help: 'A sandbox account is one made at developer.authorize.net; it moves no money.',
    options: [
      { value: 'production', label: 'Production' },
      { value: 'sandbox', label: 'Sandbox' },
    ],
  },
  {
    name: 'apiLoginId',
    label: 'API login ID',
    secret: false,
    help: `In the Merchant Interface under ${where} > API Credentials and Keys.`,
  },
  {
    name: 'transactionKey',
    label: 'Transaction key',
    secret: true,
    help: '16 characters, from the same page. Making a new one ends the old one within 24 hours.',
  },
  {
    name: 'clientKey',
    label: 'Public client key',
    secret: false,
    help: `Under ${where} > Manage Public Client Key. The card form in the browser uses it.`,
  },
  {
    name: 'signatureKey',
    label: 'Signature key',
    secret: true,
    help: '128 hexadecimal digits, from API Credentials and Keys. It proves that a webhook is theirs.',
  },
];

const environmentOf = ({ environment }: Credentials): Environment =>
  environment === 'production' ? 'production' : 'sandbox';

/** What can be told wrong without asking anybody. */
function faultIn(credentials: Credentials): GatewayCheck | undefined {
  const {
    environment,
    apiLoginId = '',
    transactionKey = '',
    clientKey = '',
    signatureKey = '',
  } = credentials;
  const wrong = (field: string, message: string): GatewayCheck => ({ ok: false, field, message });
  if (environment !== 'production' && environment !== 'sandbox')
    return wrong('environment', 'Choose production or sandbox.');
  if (apiLoginId === '' || apiLoginId.length > 25)
    return wrong('apiLoginId', 'An API login ID has up to 25 characters.');
  if (transactionKey.length !== 16) return wrong('transactionKey', 'A transaction key has 16 characters.');
  if (clientKey === '') return wrong('clientKey', 'The card form needs the public client key.');
  if (!/^[0-9a-f]{128}$/i.test(signatureKey))
    return wrong('signatureKey', 'A signature key has 128 hexadecimal digits; this is another key.');
  return undefined;
}

const zAccount = z.object({
  isTestMode: z.boolean().optional(),
  merchantName: z.string().default('Authorize.Net'),
  currencies: z.array(z.string()).default([]),
  paymentMethods: z.array(z.string()).default([]),
  processors: z.array(z.object({ name: z.string() })).default([]),
  publicClientKey: z.string().optional(),
});

const lost = (answer: Answer): GatewayCheck => ({
  ok: false,
  message:
    answer.kind === 'error'
      ? `Authorize.Net says ${answer.code}: ${answer.text}`
      : `Authorize.Net could not be reached; nothing is known of these keys. (${answer.kind === 'lost' ? answer.reason : 'no answer'})`,
});

const isRefused = (answer: Answer, code: string): boolean => answer.kind === 'error' && answer.code === code;

/** Every vendor's question: do these keys work, for all that Owed needs? */
async function check(credentials: Credentials, options: AuthorizeNetVendorOptions): Promise<GatewayCheck> {
  const fault = faultIn(credentials);
  if (fault) return fault;
  const { apiLoginId = '', transactionKey = '', clientKey = '' } = credentials;
  const environment = environmentOf(credentials);
  const other: Environment = environment === 'production' ? 'sandbox' : 'production';
  const api = authorizeNetApi({
    url: options.url ?? environments[environment].url,
    apiLoginId,
    transactionKey,
  });

  const known = await api.read('authenticateTest');
  if (isRefused(known, 'E00007')) {
    const otherUrl = options.otherUrl ?? (options.url ? undefined : environments[other].url);
    const there =
      otherUrl &&
      (await authorizeNetApi({ url: otherUrl, apiLoginId, transactionKey }).read('authenticateTest'));
    if (there && there.kind === 'ok')
      return {
        ok: false,
        field: 'environment',
        message: `These are keys of ${other}. Choose it, or take the keys of ${environment}.`,
      };
    return {
      ok: false,
      field: 'transactionKey',
      message: 'Authorize.Net does not know this API login ID with this transaction key.',
    };
  }
  if (known.kind !== 'ok') return lost(known);

  const details = await api.read('getMerchantDetails');
  if (details.kind !== 'ok') return lost(details);
  const account = zAccount.safeParse(details.body);
  if (!account.success)
    return { ok: false, message: 'Authorize.Net described the account in words that cannot be read.' };
  const { publicClientKey, isTestMode, merchantName, ...abilities } = account.data;
  if (publicClientKey && publicClientKey !== clientKey)
    return {
      ok: false,
      field: 'clientKey',
      message: 'This public client key belongs to another account, or was replaced.',
    };
  if (isTestMode)
    return {
      ok: false,
      message:
        'The account is in test mode and charges nobody. Switch it to live under Account > Settings > Test Mode.',
    };

  const listed = await api.read('getUnsettledTransactionList', { paging: { limit: 1, offset: 1 } });
  if (isRefused(listed, 'E00011'))
    return {
      ok: false,
      message:
        'Switch on the Transaction Details API under Account > Settings: without it no payment can be looked up.',
    };
  if (listed.kind !== 'ok') return lost(listed);
  const vaulted = await api.read('getCustomerProfile', { merchantCustomerId: 'owed-check' });
  const notes = notesOf(abilities);
  if (isRefused(vaulted, 'E00044'))
    notes.push('Payment methods cannot be stored: Customer Information Manager is not switched on.');
  return { ok: true, accountName: merchantName, mode: environment === 'production' ? 'live' : 'test', notes };
}

function notesOf({
  currencies,
  paymentMethods,
  processors,
}: Pick<z.output<typeof zAccount>, 'currencies' | 'paymentMethods' | 'processors'>): string[] {
  const notes = [
    `Takes ${currencies.join(', ') || 'a currency it does not name'}${processors[0] ? `, through ${processors[0].name}` : ''}.`,
  ];
  if (currencies.length > 1)
    notes.push('Payouts cannot be listed: batches of several currencies do not say which.');
  const kinds = paymentMethods.map((each) => each.toLowerCase());
  if (kinds.length > 0 && !kinds.includes('echeck'))
    notes.push('Bank debits are not switched on: eCheck.Net needs an application.');
  if (kinds.length > 0 && kinds.every((each) => each === 'echeck')) notes.push('Cards are not switched on.');
  return notes;
}

export const authorizeNetVendor = (options: AuthorizeNetVendorOptions = {}): GatewayVendor => ({
  vendor: 'authorize-net',
  name: 'Authorize.Net',
  kinds: ['card', 'bank_account'],
  credentials: fields,
  make(credentials) {
    const { apiLoginId = '', transactionKey = '', signatureKey = '' } = credentials;
    const url = options.url ?? environments[environmentOf(credentials)].url;
    return authorizeNetGateway({ url, apiLoginId, transactionKey, signatureKey });
  },
  // The login ID tells accounts apart and outlives their keys; the browser gets it with the form.
  publishableKey: (credentials) => `${environmentOf(credentials)}/${credentials.apiLoginId ?? ''}`,
  check: (credentials) => check(credentials, options),
  fieldsPage: ({ credentials, kind, parentOrigin, nonce }) =>
    hostedFormPage({
      kind,
      parentOrigin,
      nonce,
      apiLoginId: credentials.apiLoginId ?? '',
      clientKey: credentials.clientKey ?? '',
      formUrl: options.formUrl ?? environments[environmentOf(credentials)].formUrl,
    }),
});
