import assert from 'node:assert/strict';
import type {
  Evidence,
  GatewayChargeback,
  GatewayChargebacks,
  PaymentGateway,
} from '#features/payments/payment-gateway.ts';
import { must } from '#lib/errors.ts';
import {
  assertHides,
  type Case,
  type Charged,
  charged,
  type GatewayLab,
  lookupOn,
  passDays,
  refusalFrom,
  settledCharge,
} from './gateway-lab.ts';

const disputed_days = 5;
const decided_days = 90;
const evidenceOf = (text: string): Evidence => ({ text, files: [] });

const chargebacksOf = (gateway: PaymentGateway): GatewayChargebacks =>
  must(gateway.chargebacks, 'chargebacks');

async function listOn(lab: GatewayLab, days: number, since: Date): Promise<GatewayChargeback[]> {
  const at = await passDays(lab, days);
  return chargebacksOf(lab.gateway).list({ since, at });
}

export const isOf = (
  { paymentId, paymentReference }: { paymentId?: string | undefined; paymentReference?: string | undefined },
  { charge, reference }: Charged,
): boolean => (paymentId === undefined ? paymentReference === reference : paymentId === charge.paymentId);

/** The one dispute of this charge; the vendor's clock then stands at the fifth day. */
async function opened(lab: GatewayLab, made: Charged): Promise<GatewayChargeback> {
  const [dispute, ...others] = (await listOn(lab, disputed_days, lab.start)).filter((each) =>
    isOf(each, made),
  );
  assert.deepEqual(others, [], 'a charge is disputed once');
  return must(dispute, 'a dispute');
}

/** What the list says of a dispute when it is asked only for what changed since it was opened. */
async function laterOn(lab: GatewayLab, days: number, { reference, openedAt }: GatewayChargeback) {
  const since = new Date(openedAt.getTime() + 1);
  const found = (await listOn(lab, days, since)).filter((each) => each.reference === reference);
  assert.equal(found.length, 1, 'a dispute that moved is listed again, once');
  return must(found[0], 'a dispute');
}

const disputed =
  (run: (lab: GatewayLab, made: Charged) => Promise<void>): Case =>
  async (lab, t) => {
    if (!lab.gateway.chargebacks || !lab.tokens.disputes) return t.skip();
    await run(lab, await charged(lab, await lab.tokens.disputes()));
  };

/** Disputes of charges, as the card networks have them. */
export const chargebacks: Record<string, Case> = {
  'a disputed charge is listed once, with its amount, code, reason and due date': disputed(
    async (lab, made) => {
      const dispute = await opened(lab, made);
      assert.equal(dispute.state, 'opened');
      assert.ok(dispute.reference !== '' && dispute.code !== '' && dispute.reason.length > 3);
      assert.deepEqual([dispute.amount, dispute.currency], [made.charge.amount, made.charge.currency]);
      assert.ok(dispute.openedAt >= lab.start);
      assert.ok(must(dispute.evidenceDueAt, 'a due date') > dispute.openedAt);
      assert.deepEqual(await opened(lab, made), dispute, 'asked again, the same');
      assert.equal((await lookupOn(lab, made.charge.paymentId, disputed_days)).outcome, 'settled');
    },
  ),

  'a charge that nobody disputes is not in the list': async (lab, t) => {
    if (!lab.gateway.chargebacks) return t.skip();
    await settledCharge(lab);
    assert.deepEqual(await listOn(lab, disputed_days, lab.start), []);
  },

  'a dispute answered with good evidence is won': async (lab, t) => {
    const send = lab.gateway.chargebacks?.sendEvidence;
    if (!send || !lab.tokens.disputes || lab.winningEvidence === undefined) return t.skip();
    const dispute = await opened(lab, await charged(lab, await lab.tokens.disputes()));
    const input = { reference: dispute.reference, evidence: evidenceOf(lab.winningEvidence) };
    await send({ ...input, at: await passDays(lab, disputed_days) });
    const sent = (await laterOn(lab, disputed_days, dispute)).state;
    assert.ok(sent === 'evidence_sent' || sent === 'won', sent);
    assert.equal((await laterOn(lab, decided_days, dispute)).state, 'won');
  },

  'a dispute answered with poor evidence is lost, and then takes no more': async (lab, t) => {
    const send = lab.gateway.chargebacks?.sendEvidence;
    if (!send || !lab.tokens.disputes) return t.skip();
    const dispute = await opened(lab, await charged(lab, await lab.tokens.disputes()));
    const input = { reference: dispute.reference, evidence: evidenceOf('losing_evidence') };
    await send({ ...input, at: await passDays(lab, disputed_days) });
    assert.equal((await laterOn(lab, decided_days, dispute)).state, 'lost');
    const late = await refusalFrom(send({ ...input, at: await passDays(lab, decided_days) }));
    assert.equal(late.code, 'state_refused');
  },

  'a dispute that nobody answers is lost': disputed(async (lab, made) => {
    const dispute = await opened(lab, made);
    assert.equal((await laterOn(lab, decided_days, dispute)).state, 'lost');
  }),

  'a gateway that cannot be reached refuses, rather than to say that there are none': async (lab, t) => {
    const away = lab.unreachable.chargebacks;
    if (!away) return t.skip();
    const refusals = [await refusalFrom(away.list({ since: lab.start, at: lab.start }))];
    if (away.sendEvidence) {
      const input = { reference: 'dp_1', evidence: evidenceOf('A signed receipt'), at: lab.start };
      refusals.push(await refusalFrom(away.sendEvidence(input)));
    }
    for (const refusal of refusals) {
      assert.equal(refusal.code, 'unavailable');
      assertHides(lab, refusal);
    }
  },
};
