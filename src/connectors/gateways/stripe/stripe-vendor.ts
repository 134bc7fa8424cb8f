import type { Credentials, GatewayCheck, GatewayVendor } from '#features/payments/gateways.ts';
import { checkStripe } from './check-stripe.ts';
import { fieldsPage } from './fields-page.ts';
import { stripeGateway } from './stripe-gateway.ts';

export type StripeVendorOptions = {
  /** Where Stripe is, when it is not at its own addresses. */
  url?: string;
  timeout_ms?: number;
};

const fields: GatewayVendor['credentials'] = [
  {
    name: 'secretKey',
    label: 'Secret key',
    secret: true,
    help:
      'Starts with sk_ or rk_; in the Stripe Dashboard under Developers, API keys. A restricted key needs to ' +
      'write Customers, Disputes, Files, PaymentIntents, PaymentMethods, SetupIntents and Refunds, and to read ' +
      'Balance transactions, Charges, Confirmation tokens and Payouts.',
  },
  {
    name: 'publishableKey',
    label: 'Publishable key',
    secret: false,
    help: 'Starts with pk_; on the same page. It may be seen in a browser.',
  },
  {
    name: 'webhookSecret',
    later: true,
    label: 'Webhook signing secret',
    secret: true,
    help:
      'Starts with whsec_; under Developers, Webhooks, once an endpoint with the address shown here is added. ' +
      'Choose the events payment_intent, charge, charge.dispute, refund and payout.',
  },
];

/** Stripe, as an organization connects it. */
export function stripeVendor({ url, timeout_ms }: StripeVendorOptions = {}): GatewayVendor {
  const optionsOf = (credentials: Credentials) => ({
    secretKey: credentials.secretKey ?? '',
    publishableKey: credentials.publishableKey ?? '',
    webhookSecret: credentials.webhookSecret ?? '',
    url,
    timeout_ms,
  });
  return {
    vendor: 'stripe',
    name: 'Stripe',
    kinds: ['card', 'bank_account'],
    credentials: fields,
    make: (credentials) => stripeGateway(optionsOf(credentials)),
    publishableKey: (credentials) => credentials.publishableKey ?? '',
    check: (credentials): Promise<GatewayCheck> => checkStripe(optionsOf(credentials)),
    fieldsPage,
  };
}
