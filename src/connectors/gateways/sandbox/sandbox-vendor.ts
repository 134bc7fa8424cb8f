import type { GatewayCheck, GatewayVendor } from '#features/payments/gateways.ts';
import { httpClient } from '../../http-client.ts';
import { errorOf, readAnswer, unclear } from './answers.ts';
import { isSecretKey, publishableKeyOf } from './keys.ts';
import { sandboxGateway } from './sandbox-gateway.ts';

/** The gateway that comes with Owed. Every practice organization has an account; there is nothing to type. */
export function sandboxVendor(options: { url: string; publicUrl: string }): GatewayVendor {
  return {
    vendor: 'sandbox',
    name: 'Sandbox gateway',
    kinds: ['card', 'bank_account'],
    credentials: [],
    fieldsOrigin: new URL(options.publicUrl).origin,
    make: ({ secretKey = '' }) => sandboxGateway({ ...options, secretKey }),
    publishableKey: ({ secretKey = '' }) => publishableKeyOf(secretKey),
    check: ({ secretKey = '' }) => check(options.url, secretKey),
  };
}

const refuse = (message: string): GatewayCheck => ({ ok: false, message });

async function check(url: string, secretKey: string): Promise<GatewayCheck> {
  if (!isSecretKey(secretKey)) return refuse('A sandbox secret key is sk_sandbox_ and 24 letters or digits.');
  const headers = { authorization: `Bearer ${secretKey}` };
  const client = httpClient({ url, headers, secrets: [secretKey], timeout_ms: 10_000 });
  const result = await client.send({ method: 'GET', path: '/v1/account' });
  const account = readAnswer(result);
  if (account?.object === 'account' && account.publishable_key === publishableKeyOf(secretKey)) {
    const notes = ['No money moves here. Pay with the test numbers.'];
    return { ok: true, accountName: 'Practice account', mode: 'test', notes };
  }
  if (errorOf(result)?.code === 'key_invalid')
    return refuse('The sandbox gateway has no account with this key. Is it the one this Owed started?');
  if (result.kind === 'failed' && result.failure === 'unreachable')
    return refuse('The sandbox gateway cannot be reached. It runs beside Owed: see that it is started.');
  return refuse(`The sandbox gateway did not answer as it should: ${unclear(result).reason}.`);
}
