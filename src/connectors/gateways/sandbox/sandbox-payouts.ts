import type { GatewayPayout, GatewayPayouts, PayoutLine } from '#features/payments/payment-gateway.ts';
import { readPages, type Send } from './answers.ts';

type WirePayout = {
  id: string;
  status: 'in_transit' | 'paid';
  amount: string;
  currency: string;
  made_on: string;
  arrives_on: string;
};
type WireLine = {
  id: string;
  kind: PayoutLine['kind'];
  payment_id: string;
  refund_id?: string;
  gross: string;
  fee: string;
  net: string;
  description: string;
  on: string;
};

/** Payouts of the sandbox gateway, each with all of its lines. */
export function sandboxPayouts(send: Send): GatewayPayouts {
  return {
    async list({ since, at }) {
      const ask = (path: string) => send({ method: 'GET', path }, at);
      const payouts: GatewayPayout[] = [];
      for (const payout of await readPages<WirePayout>(ask, '/v1/payouts', { since })) {
        const lines = await readPages<WireLine>(ask, `/v1/payouts/${encodeURIComponent(payout.id)}/lines`);
        payouts.push(payoutOf(payout, lines));
      }
      return payouts;
    },
  };
}

const payoutOf = (payout: WirePayout, lines: readonly WireLine[]): GatewayPayout => ({
  reference: payout.id,
  state: payout.status,
  amount: BigInt(payout.amount),
  currency: payout.currency,
  initiatedOn: payout.made_on,
  arrivesOn: payout.arrives_on,
  lines: lines.map(lineOf),
});

const lineOf = ({ id, payment_id, refund_id, gross, fee, net, ...line }: WireLine): PayoutLine => ({
  reference: id,
  kind: line.kind,
  paymentId: payment_id,
  ...(refund_id !== undefined && { refundId: refund_id }),
  gross: BigInt(gross),
  fee: BigInt(fee),
  net: BigInt(net),
  description: line.description,
  on: line.on,
});
