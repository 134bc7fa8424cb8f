import type { z } from 'zod';
import type { LinkState, zPaymentLink } from '#features/payment-links/api.ts';
import type { Tone } from '#ui/state.tsx';
import { State } from '#ui/state.tsx';

export type PaymentLink = z.output<typeof zPaymentLink>;

const words: Record<LinkState, { label: string; tone: Tone; ring?: true }> = {
  open: { label: 'Open', tone: 'accent' },
  pending: { label: 'Processing', tone: 'neutral', ring: true },
  paid: { label: 'Paid', tone: 'good' },
  withdrawn: { label: 'Withdrawn', tone: 'faint' },
  expired: { label: 'Expired', tone: 'warn' },
};

export function PaymentLinkState({ state }: { state: LinkState }) {
  const { label, ...look } = words[state];
  return <State {...look}>{label}</State>;
}
