import type { z } from 'zod';
import type { zPayment, zPaymentMethod } from '#features/payments/api.ts';
import type { Tone } from '#ui/state.tsx';
import { State } from '#ui/state.tsx';

export type Payment = z.output<typeof zPayment>;
export type PaymentMethod = z.output<typeof zPaymentMethod>;
type Words = { label: string; tone: Tone; ring?: boolean; means: string };

/** What a state means for the money. Nothing is called paid before it is. */
const words: Record<Payment['state'], Words> = {
  pending: {
    label: 'Processing',
    tone: 'neutral',
    ring: true,
    means: 'The charge is with the gateway; its answer is awaited.',
  },
  unknown: {
    label: 'Awaiting answer',
    tone: 'warn',
    ring: true,
    means: 'The gateway gave no clear answer. Owed keeps asking; until it knows, nobody is charged again.',
  },
  submitted: {
    label: 'Processing',
    tone: 'neutral',
    ring: true,
    means: 'The bank debit was submitted. It takes a few working days and can still come back.',
  },
  accepted: {
    label: 'Processing',
    tone: 'neutral',
    ring: true,
    means: 'The bank network accepted the debit. It is not money yet and can still come back.',
  },
  collected: {
    label: 'Processing',
    tone: 'neutral',
    ring: true,
    means: 'The bank debit was collected and waits to settle. It can still come back.',
  },
  approved: {
    label: 'Approved',
    tone: 'good',
    ring: true,
    means: 'The card was approved and the invoices are paid. The money is on its way to your bank.',
  },
  settling: {
    label: 'Settling',
    tone: 'good',
    ring: true,
    means: 'The invoices are paid. The gateway is moving the money to your bank.',
  },
  settled: { label: 'Settled', tone: 'good', means: 'The money is settled.' },
  declined: {
    label: 'Declined',
    tone: 'bad',
    means: 'Nothing was charged. The invoices are open as before.',
  },
  returned: {
    label: 'Returned',
    tone: 'bad',
    means: 'The bank took the money back. The invoices it had paid are open again.',
  },
  voided: { label: 'Voided', tone: 'faint', means: 'The payment was voided before it settled.' },
};

const received: Words = { label: 'Received', tone: 'good', means: 'Recorded by hand, as received.' };

export function wordsOfState(state: Payment['state'], kind: string): Words {
  const byHand = kind !== 'card' && kind !== 'bank_account';
  return byHand && state === 'settled' ? received : words[state];
}

const isState = (text: string): text is Payment['state'] => text in words;

export function PaymentState({ state, kind }: { state: string; kind: string }) {
  if (!isState(state)) return <State tone="neutral">{state}</State>;
  const { label, tone, ring } = wordsOfState(state, kind);
  return (
    <State tone={tone} {...(ring ? { ring } : {})}>
      {label}
    </State>
  );
}

export const kindWords: Record<string, string> = {
  card: 'Card',
  bank_account: 'Bank account',
  check: 'Check',
  cash: 'Cash',
  wire: 'Wire',
  other: 'Other',
};
export const sourceWords: Record<string, string> = {
  portal: 'In the portal',
  invoice_link: 'From the mail',
  statement_link: 'By statement link',
  payment_page: 'By payment link',
  staff: 'By your staff',
  api: 'Through the API',
  import: 'From a file',
  virtual_terminal: 'Entered by your staff',
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function methodWords({
  kind,
  method,
  reference,
}: Pick<Payment, 'kind' | 'method' | 'reference'>): string {
  const name = method?.brand ? capital(method.brand) : (kindWords[kind] ?? kind);
  if (method?.last4) return `${name} •••• ${method.last4}`;
  return reference ? `${name} ${reference}` : name;
}

export const methodName = ({ brand, last4 }: Pick<PaymentMethod, 'brand' | 'last4'>): string =>
  `${brand.charAt(0).toUpperCase()}${brand.slice(1)} •••• ${last4}`;
