import { credentialsFault, modeFault } from '#features/gateway-accounts/rules.ts';
import type { Credentials, GatewayVendor } from '#features/payments/gateways.ts';
import { Refusal } from '#lib/errors.ts';

/**
 * The journey of credentials to their vendor: nothing is kept that the vendor has not said yes to. A refusal
 * names the field, as the form spells it.
 */
export async function tryCredentials(
  vendor: GatewayVendor,
  credentials: Credentials,
  mode: 'live' | 'sandbox',
): Promise<{ accountName: string; publishableKey: string; notes: string[] }> {
  const refuse = (message: string, field?: string): Refusal =>
    new Refusal('invalid_request', {
      message,
      ...(field ? { param: `credentials.${field}`, fields: { [`credentials.${field}`]: message } } : {}),
    });
  const fault = credentialsFault(vendor, credentials);
  if (fault) throw refuse(fault.message, fault.field);
  const answer = await vendor.check(credentials);
  if (!answer.ok) throw refuse(answer.message, answer.field);
  const wrong = modeFault(mode, answer.mode, vendor.name);
  if (wrong) throw refuse(wrong);
  return {
    accountName: answer.accountName,
    publishableKey: vendor.publishableKey(credentials),
    notes: answer.notes,
  };
}
