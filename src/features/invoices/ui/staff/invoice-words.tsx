import type { z } from 'zod';
import type { zInvoice } from '#features/invoices/api.ts';
import type { Tone } from '#ui/state.tsx';
import { State } from '#ui/state.tsx';

export type Invoice = z.output<typeof zInvoice>;

type Words = { label: string; tone: Tone; ring?: boolean };

const words: Record<Invoice['state'], Words> = {
  draft: { label: 'Draft', tone: 'faint', ring: true },
  open: { label: 'Open', tone: 'accent', ring: true },
  pending: { label: 'Processing', tone: 'neutral', ring: true },
  paid: { label: 'Paid', tone: 'good' },
  void: { label: 'Void', tone: 'faint' },
  written_off: { label: 'Written off', tone: 'faint' },
};

export const daysLateWords = (days: number): string => (days === 1 ? '1 day late' : `${days} days late`);

export function InvoiceState({
  invoice,
}: {
  invoice: Pick<Invoice, 'state' | 'past_due' | 'days_late' | 'applied' | 'balance_due'>;
}) {
  if (invoice.past_due)
    return (
      <State tone="bad" ring>
        {daysLateWords(invoice.days_late)}
      </State>
    );
  const { label, tone, ring } = words[invoice.state];
  const partly = invoice.state === 'open' && invoice.applied > 0n;
  return (
    <State tone={tone} {...(ring ? { ring } : {})}>
      {partly ? 'Partly paid' : label}
    </State>
  );
}
