import type { GatewayRefunds, RefundOutcome, VoidOutcome } from '#features/payments/payment-gateway.ts';
import type { HttpResult } from '../../http-client.ts';
import { errorOf, readAnswer, refusedOutright, type Send, unclear, type WireReason } from './answers.ts';

type WireRefund = { id: string; status: string; failure?: WireReason };

/** Voids and refunds at the sandbox gateway. */
export function sandboxRefunds(send: Send): GatewayRefunds {
  return {
    async void({ paymentId, at }) {
      const path = `/v1/charges/by-key/${encodeURIComponent(paymentId)}/void`;
      return voidOutcome(await send({ method: 'POST', path, idempotencyKey: `void-${paymentId}` }, at));
    },
    async refund({ refundId, paymentId, amount, currency, at }) {
      // Exact: no refund is more than its charge, and no charge more than maxAmount.
      const json = { payment_id: paymentId, amount: Number(amount), currency };
      const request = { method: 'POST', path: '/v1/refunds', json, idempotencyKey: refundId } as const;
      const result = await send(request, at);
      const refused = refusedOutright(result, [400, 404, 409, 422]);
      return refused ? { outcome: 'failed', ...refused } : refundOutcome(result);
    },
    async lookup({ refundId, at }) {
      const path = `/v1/refunds/by-key/${encodeURIComponent(refundId)}`;
      const result = await send({ method: 'GET', path }, at);
      // Only the gateway's own word makes a refund absent: any proxy can answer 404.
      return errorOf(result)?.code === 'refund_not_found' ? { outcome: 'absent' } : refundOutcome(result);
    },
  };
}

function voidOutcome(result: HttpResult): VoidOutcome {
  const charge = readAnswer(result);
  if (charge?.object === 'charge' && charge.status === 'voided')
    return { outcome: 'voided', reference: String(charge.id) };
  const refused = refusedOutright(result, [404, 409]);
  return refused ? { outcome: 'refused', ...refused } : unclear(result);
}

function refundOutcome(result: HttpResult): RefundOutcome {
  const answer = readAnswer(result);
  if (answer?.object !== 'refund') return unclear(result);
  const { id: reference, status, failure } = answer as WireRefund;
  switch (status) {
    case 'submitted':
    case 'settled':
      return { outcome: status, reference };
    case 'failed': {
      const { code, message } = failure ?? { code: 'failed', message: 'The refund failed.' };
      return { outcome: 'failed', reference, code, message };
    }
    default:
      return { outcome: 'unknown', reason: `the gateway says ${status}` };
  }
}
