import type { z } from 'zod';
import type { zInvoiceLateFees, zLateFeePolicy } from '#features/late-fees/api.ts';
import type { Ceiling } from '#features/late-fees/ceiling-rules.ts';
import type { Forecast } from '#features/late-fees/forecast-late-fees.ts';
import type { LateFeeRow } from '#features/late-fees/queries.ts';
import type { LateFeePolicyRow } from '#features/late-fees/read-policies.ts';
import type { LateFee, NoLateFee } from '#features/late-fees/rules.ts';
import { snake } from '#lib/casing.ts';

export const presentCeiling = (ceiling: Ceiling) => snake(ceiling);

export const presentLateFee = (row: LateFeeRow) => ({ object: 'late_fee' as const, ...snake(row) });

export const presentInvoice = (found: {
  fees: LateFeeRow[];
  waivesNext: boolean;
  next: LateFee | { none: NoLateFee };
}): z.output<typeof zInvoiceLateFees> => ({
  object: 'invoice_late_fees',
  fees: found.fees.map(presentLateFee),
  next: 'none' in found.next ? null : found.next,
  none: 'none' in found.next ? found.next.none : null,
  waives_next: found.waivesNext,
});

export const presentForecast = (forecast: Forecast, on: string, currency: string) => ({
  object: 'late_fee_forecast' as const,
  on,
  count: forecast.count,
  total: forecast.total,
  currency,
  partial: forecast.isPartial,
  fees: forecast.fees.map(({ invoice, state, ...fee }) => ({
    ...fee,
    invoice_id: invoice.id,
    invoice_number: invoice.number,
    customer_id: invoice.customerId,
    customer_name: invoice.customerName,
    currency: invoice.currency,
    waived: state === 'waived',
  })),
});

type Shown = z.output<typeof zLateFeePolicy>;

/** What late fees start with before anything was agreed: product-a 12.3, and switched off. */
const untouched = {
  version: 0,
  is_active: false,
  amount_type: 'percent',
  flat_amount: 0n,
  percent: '1.5',
  compounds: false,
  grace_days: 30,
  every_days: 30,
  max_fees: null,
  cap_amount: null,
  cap_percent: null,
  minimum_balance: 0n,
  booking: 'on_invoice',
  own_item: 'Late fee',
  own_due_days: 14,
  terms_text: '',
  terms_in_memo: false,
  terms_in_reminders: false,
  created_at: null,
} as const satisfies Partial<Shown>;

export function presentPolicy(
  row: LateFeePolicyRow | undefined,
  start: { currency: string; effective_from: string; jurisdiction: string | null },
): Shown {
  if (!row) return { ...untouched, ...start };
  const { madeOn, ...policy } = row;
  return snake(policy);
}
