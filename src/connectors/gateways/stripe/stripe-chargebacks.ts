import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import type { Evidence, GatewayChargeback, GatewayChargebacks } from '#features/payments/payment-gateway.ts';
import { secondsLater } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { isInquiry } from './charge-outcome.ts';
import { full, idOf, ourNames, refusalOf, type StripeApi, troubleOf } from './stripe-api.ts';
import { disputeReason } from './stripe-codes.ts';
import { fromStripeAmount } from './stripe-money.ts';

/**
 * Stripe lists disputes by the day they began, not by their last change: a dispute is over within this time.
 */
const life_s = 180 * 86_400;

export const stripeChargebacks = ({ api, secrets }: StripeApi): GatewayChargebacks => ({
  async list({ since }) {
    const gte = Math.floor(secondsLater(since, -life_s).getTime() / 1000);
    const found: GatewayChargeback[] = [];
    try {
      const all = api.disputes.list({ created: { gte }, limit: 100, expand: ['data.charge'] });
      for await (const dispute of all) if (isChargeback(dispute)) found.push(chargebackOf(dispute));
    } catch (error) {
      throw refusalOf(troubleOf(error, secrets), 'The disputes could not be read.');
    }
    return found.reverse();
  },

  async sendEvidence({ reference, evidence }) {
    const slots = slotsFor(evidence);
    try {
      const { status } = await api.disputes.retrieve(reference);
      if (status === 'won' || status === 'lost')
        throw new Refusal('state_refused', 'This dispute is decided; it takes no more evidence.');
      const files: Record<string, string> = {};
      for (const [slot, file] of slots) files[slot] = await upload(api, reference, file);
      await api.disputes.update(
        reference,
        { evidence: { uncategorized_text: evidence.text, ...files }, submit: true },
        { idempotencyKey: keyOf(`${reference}-evidence`, evidence.text, ...Object.values(files)) },
      );
    } catch (error) {
      if (error instanceof Refusal) throw error;
      const trouble = troubleOf(error, secrets);
      if (trouble.kind === 'refused' && trouble.status !== 404)
        throw new Refusal('state_refused', `Stripe did not take the evidence: ${trouble.message}`);
      throw refusalOf(trouble, 'The evidence could not be sent.');
    }
  },
});

/**
 * An inquiry moves no money and is no chargeback until it becomes one. A debit that a bank takes back is
 * final: it is told as `returned` by the lookup of its payment, and must not be told twice.
 */
function isChargeback(dispute: Stripe.Dispute): boolean {
  const type = full(dispute.charge)?.payment_method_details?.type;
  return !isInquiry(dispute) && type !== 'us_bank_account';
}

function chargebackOf(dispute: Stripe.Dispute): GatewayChargeback {
  const due_s = dispute.evidence_details.due_by;
  return {
    reference: dispute.id,
    paymentId: full(dispute.charge)?.metadata[ourNames.payment],
    paymentReference: idOf(dispute.payment_intent),
    amount: fromStripeAmount(dispute.amount, dispute.currency),
    currency: dispute.currency.toUpperCase(),
    code:
      dispute.payment_method_details?.card?.network_reason_code ??
      dispute.network_reason_code ??
      dispute.reason,
    reason: disputeReason(dispute.reason),
    state: stateOf(dispute),
    openedAt: new Date(dispute.created * 1000),
    evidenceDueAt: due_s === null ? undefined : new Date(due_s * 1000),
  };
}

function stateOf({ status, evidence_details }: Stripe.Dispute): GatewayChargeback['state'] {
  if (status === 'won') return 'won';
  if (status === 'lost') return 'lost';
  if (status === 'under_review' || status === 'appeal_under_review') return 'evidence_sent';
  return evidence_details.submission_count > 0 ? 'evidence_sent' : 'opened';
}

/** Stripe has no list of files, but a place for each kind of paper. The first is the one for anything. */
const places = ['uncategorized_file', 'service_documentation', 'customer_communication', 'receipt'] as const;
const takes = new Set(['application/pdf', 'image/jpeg', 'image/png']);
const file_bytes_max = 5_000_000;

function slotsFor({ files }: Evidence): [string, Evidence['files'][number]][] {
  if (files.length > places.length)
    throw new Refusal('invalid_request', `Stripe takes ${places.length} files. Join some into one PDF.`);
  for (const { name, contentType, bytes } of files) {
    if (!takes.has(contentType))
      throw new Refusal('invalid_request', `Stripe takes PDF, JPEG and PNG files; ${name} is none of them.`);
    if (bytes.length > file_bytes_max)
      throw new Refusal('too_large', `${name} is larger than the 5 MB that Stripe takes.`);
  }
  return files.map((file, at) => [places[at] ?? places[0], file]);
}

async function upload(api: Stripe, reference: string, file: Evidence['files'][number]): Promise<string> {
  const made = await api.files.create(
    { purpose: 'dispute_evidence', file: { data: file.bytes, name: file.name, type: file.contentType } },
    { idempotencyKey: keyOf(`${reference}-file`, file.name, file.bytes) },
  );
  return made.id;
}

/** The same evidence is sent once; other evidence for the same dispute is another effect. */
function keyOf(start: string, ...parts: (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return `${start}-${hash.digest('hex').slice(0, 32)}`;
}
