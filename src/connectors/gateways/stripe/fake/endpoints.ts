import { bankEndpoints, refundEndpoints } from './balance-endpoints.ts';
import type { EndpointAt } from './endpoint.ts';
import { intentEndpoints, vaultEndpoints } from './payment-endpoints.ts';

/** All of Stripe's addresses that the fake answers at. */
export const endpoints: readonly EndpointAt[] = [
  ...intentEndpoints,
  ...vaultEndpoints,
  ...refundEndpoints,
  ...bankEndpoints,
];
