import type { NoLateFee } from '#features/late-fees/rules.ts';

/** Why an invoice has no late fee to come, for staff. */
export const noLateFeeWords: Record<NoLateFee, string> = {
  not_owed: 'Nothing is owed on this invoice.',
  is_late_fee: 'This invoice is over a late fee; there is no late fee on it.',
  no_policy: 'Late fees are off, or the invoice was due before they began.',
  invoice_off: 'Late fees are off for this invoice.',
  customer_off: 'Late fees are off for this customer.',
  disputed: 'The invoice is disputed; late fees rest until that is settled.',
  promised: 'The customer has promised to pay; late fees rest until then.',
  on_plan: 'A payment plan that runs covers the invoice; late fees rest while it does.',
  was_covered: 'The invoice was paid on that day.',
  payment_pending: 'A payment under way covers the invoice.',
  maximum_reached: 'The invoice has had as many late fees as the policy allows.',
  cap_reached: 'The late fees of the invoice have reached their cap.',
  below_minimum: 'What is due is below the smallest balance with a late fee.',
  only_fees_left: 'Only earlier late fees are left to be paid.',
  too_small: 'The fee would round to nothing.',
  other_currency: 'The invoice is in another currency than the policy.',
};
