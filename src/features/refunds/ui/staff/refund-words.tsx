import type { z } from 'zod';
import type { zGiveBack, zRefund } from '#features/refunds/api.ts';
import type { RefundablePayment } from '#features/refunds/plan-rules.ts';
import type { Tone } from '#ui/state.tsx';
import { State } from '#ui/state.tsx';

export type Refund = z.output<typeof zRefund>;
export type GiveBackView = z.output<typeof zGiveBack>;

type Words = { label: string; tone: Tone; ring?: boolean; means: string };
const words: Record<Refund['state'], Words> = {
  pending: { label: 'Sending', tone: 'neutral', ring: true, means: 'It waits for the gateway.' },
  unknown: {
    label: 'Awaiting answer',
    tone: 'warn',
    ring: true,
    means: 'The gateway gave no clear answer. Owed keeps asking and sends nothing twice.',
  },
  submitted: { label: 'On its way', tone: 'good', ring: true, means: 'Arrives in 3–5 business days.' },
  settled: { label: 'Refunded', tone: 'good', means: 'The money went back.' },
  failed: { label: 'Failed', tone: 'bad', means: 'The money stayed with you. It can be refunded again.' },
};

export const meaningOf = ({ state, failure, by_hand }: Refund): string =>
  failure?.message ?? (by_hand ? 'Given back by hand.' : words[state].means);

export function RefundState({ state }: { state: Refund['state'] }) {
  const { label, tone, ring } = words[state];
  return (
    <State tone={tone} {...(ring ? { ring } : {})}>
      {label}
    </State>
  );
}

/** As the rules know it. */
export const refundableOf = (view: GiveBackView): RefundablePayment => ({
  amount: view.amount,
  fee: view.fee,
  feeRefunded: view.fee_refunded,
  inclusivePrincipal: view.inclusive_principal,
  discounted: view.discounted,
  unapplied: view.unapplied,
  unappliedRefunded: view.unapplied_refunded,
  pieces: view.pieces.map(({ invoice_id, amount, discounted, refunded }) => ({
    invoiceId: invoice_id,
    amount,
    discounted,
    refunded,
  })),
});
