import type { PaymentGateway } from '#features/payments/payment-gateway.ts';
import { newTokenCache, type TokenCache } from './access-token.ts';
import { beginCheckout } from './begin-checkout.ts';
import type { CertificateCache } from './certificates.ts';
import { chargeOrder, lookUpPayment } from './charge-order.ts';
import { paypalChargebacks } from './disputes.ts';
import { paypalApi } from './paypal-api.ts';
import { hintOf, webhookHolds } from './read-webhook.ts';
import { paypalRefunds } from './refund-capture.ts';
import { paypalPayouts } from './withdrawals.ts';

/** What one opened gateway remembers between calls, kept by whoever opens it. */
export type PaypalMemory = { tokens: TokenCache; certificates: CertificateCache };
export const newPaypalMemory = (): PaypalMemory => ({ tokens: newTokenCache(), certificates: new Map() });

export type PaypalGatewayOptions = {
  /** Where the API is asked, and where certificates come from. */
  url: string;
  certificateOrigin: string;
  /** For a PayPal whose certificates no public authority issued. */
  certificateRoots?: readonly string[] | undefined;
  clientId: string;
  clientSecret: string;
  webhookId: string;
  timeout_ms?: number | undefined;
};

/** The connector to PayPal: the payer agrees on PayPal's page, and the order that comes of it is captured. */
export function paypalGateway(options: PaypalGatewayOptions, memory: PaypalMemory): PaymentGateway {
  const { url, clientId, clientSecret, webhookId, timeout_ms = 20_000 } = options;
  const api = paypalApi({ url, clientId, clientSecret, timeout_ms }, memory.tokens);
  const source = {
    origin: options.certificateOrigin,
    roots: options.certificateRoots,
    cache: memory.certificates,
    timeout_ms,
    webhookId,
  };
  return {
    charge: (request) => chargeOrder(api, request),
    lookup: (request) => lookUpPayment(api, request),
    async readWebhook(raw, headers) {
      return (await webhookHolds(raw, headers, source)) ? hintOf(raw) : undefined;
    },
    redirect: { begin: beginCheckout(api) },
    refunds: paypalRefunds(api),
    chargebacks: paypalChargebacks(api),
    payouts: paypalPayouts(api),
  };
}
