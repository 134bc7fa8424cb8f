import type { z } from 'zod';
import type { Payment, zPaymentMethod } from '#features/payments/api.ts';
import { kindWords, stateLabel } from '#features/payments/word-rules.ts';
import type { Tone } from '#ui/state.tsx';
import { State } from '#ui/state.tsx';

export type { Payment };
export type PaymentMethod = z.output<typeof zPaymentMethod>;
type Words = { tone: Tone; ring?: boolean; means: string };

/** What a state means for the money. Nothing is called paid before it is. */
const words: Record<Payment['state'], Words> = {
  pending: {
    tone: 'neutral',
    ring: true,
    means: 'The charge is with the gateway; its answer is awaited.',
  },
  unknown: {
    tone: 'warn',
    ring: true,
    means: 'The gateway gave no clear answer. Owed keeps asking; until it knows, nobody is charged again.',
  },
  submitted: {
    tone: 'neutral',
    ring: true,
    means: 'The bank debit was submitted. It takes a few working days and can still come back.',
  },
  accepted: {
    tone: 'neutral',
    ring: true,
    means: 'The bank network accepted the debit. It is not money yet and can still come back.',
  },
  collected: {
    tone: 'neutral',
    ring: true,
    means: 'The bank debit was collected and waits to settle. It can still come back.',
  },
  approved: {
    tone: 'good',
    ring: true,
    means: 'The card was approved and the invoices are paid. The money is on its way to your bank.',
  },
  settling: {
    tone: 'good',
    ring: true,
    means: 'The invoices are paid. The gateway is moving the money to your bank.',
  },
  settled: { tone: 'good', means: 'The money is settled.' },
  declined: { tone: 'bad', means: 'Nothing was charged. The invoices are open as before.' },
  returned: {
    tone: 'bad',
    means: 'The bank took the money back. The invoices it had paid are open again.',
  },
  voided: { tone: 'faint', means: 'The payment was voided before it settled.' },
};

export function wordsOfState(state: Payment['state'], kind: Payment['kind']): Words & { label: string } {
  const label = stateLabel(state, kind);
  const means = label === 'Received' ? 'Recorded by hand, as received.' : words[state].means;
  return { ...words[state], label, means };
}

const isState = (text: string): text is Payment['state'] => Object.hasOwn(words, text);
export const isKind = (text: string): text is Payment['kind'] => Object.hasOwn(kindWords, text);

export function PaymentState({ state, kind }: { state: string; kind: string }) {
  if (!isState(state) || !isKind(kind)) return <State tone="neutral">{state}</State>;
  const { label, tone, ring } = wordsOfState(state, kind);
  return (
    <State tone={tone} {...(ring ? { ring } : {})}>
      {label}
    </State>
  );
}

export const methodName = ({ brand, last4 }: Pick<PaymentMethod, 'brand' | 'last4'>): string =>
  `${brand.charAt(0).toUpperCase()}${brand.slice(1)} •••• ${last4}`;
