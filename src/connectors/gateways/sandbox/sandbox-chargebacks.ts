import type { GatewayChargeback, GatewayChargebacks } from '#features/payments/payment-gateway.ts';
import { Refusal } from '#lib/errors.ts';
import { readAnswer, readPages, refusedOutright, type Send, unclear, type WireReason } from './answers.ts';

type WireDispute = {
  id: string;
  charge_id: string;
  payment_id: string;
  status: GatewayChargeback['state'];
  amount: number;
  currency: string;
  reason: WireReason;
  opened: string;
  evidence_due: string;
};

/** Disputes at the sandbox gateway. */
export function sandboxChargebacks(send: Send): GatewayChargebacks {
  return {
    async list({ since, at }) {
      const ask = (path: string) => send({ method: 'GET', path }, at);
      const query = { since: since.toISOString() };
      return (await readPages<WireDispute>(ask, '/v1/disputes', query)).map(chargebackOf);
    },
    async sendEvidence({ reference, evidence, at }) {
      const files = evidence.files.map(({ name, contentType, bytes }) => ({
        name,
        content_type: contentType,
        size_bytes: bytes.length,
      }));
      const path = `/v1/disputes/${encodeURIComponent(reference)}/evidence`;
      const json = { text: evidence.text, files };
      const result = await send({ method: 'POST', path, json, idempotencyKey: `evidence-${reference}` }, at);
      if (readAnswer(result)?.object === 'dispute') return;
      const refused = refusedOutright(result, [404, 409, 422]);
      if (refused) throw new Refusal('state_refused', refused.message);
      throw new Refusal(
        'unavailable',
        `It is not known whether the evidence arrived. Send it again. (${unclear(result).reason})`,
      );
    },
  };
}

const chargebackOf = (dispute: WireDispute): GatewayChargeback => ({
  reference: dispute.id,
  paymentId: dispute.payment_id,
  paymentReference: dispute.charge_id,
  amount: BigInt(dispute.amount),
  currency: dispute.currency,
  code: dispute.reason.code,
  reason: dispute.reason.message,
  state: dispute.status,
  openedAt: new Date(dispute.opened),
  evidenceDueAt: new Date(dispute.evidence_due),
});
