import type { GatewayChargeback } from '#features/payments/payment-gateway.ts';
import { start } from '../support/given.ts';

export type DisputeWord = GatewayChargeback['state'];
/** What really happens to one dispute at the gateway. */
export type GatewayDispute = {
  reference: string;
  paymentId: string;
  amount: bigint;
  path: readonly DisputeWord[];
  at: number;
};

export const disputePaths: readonly (readonly DisputeWord[])[] = [
  ['opened', 'won'],
  ['opened', 'lost'],
  ['opened', 'evidence_sent', 'won'],
  ['opened', 'evidence_sent', 'lost'],
];

export const toldOfDispute = (dispute: GatewayDispute, currency: string, at: number): GatewayChargeback => ({
  reference: dispute.reference,
  paymentId: dispute.paymentId,
  amount: dispute.amount,
  currency,
  code: '10.4',
  reason: 'Fraud',
  state: dispute.path[at] as DisputeWord,
  openedAt: start,
});
