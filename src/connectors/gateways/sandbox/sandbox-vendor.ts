import type { GatewayVendor } from '#features/payments/gateways.ts';
import { publishableKeyOf } from './keys.ts';
import { sandboxGateway } from './sandbox-gateway.ts';

/** The gateway that comes with Owed. Every practice organization has an account; there is nothing to type. */
export function sandboxVendor(options: { url: string; publicUrl: string }): GatewayVendor {
  return {
    vendor: 'sandbox',
    name: 'Sandbox gateway',
    kinds: ['card', 'bank_account'],
    credentials: [],
    make: ({ secretKey = '' }) => sandboxGateway({ ...options, secretKey }),
    publishableKey: ({ secretKey = '' }) => publishableKeyOf(secretKey),
    check: async () => ({ ok: true, accountName: 'Practice account', mode: 'test', notes: [] }),
  };
}
