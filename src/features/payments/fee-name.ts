import { cardFeeLabels } from '#features/card-fees/word-rules.ts';
import type { FeeKind } from '#features/payments/payment-name-rules.ts';

/** The part on top of a payment, as its payer reads it; what was brought in from elsewhere says no kind. */
export const feeNameOf = ({ feeKind }: { feeKind: FeeKind | null }): string =>
  feeKind ? cardFeeLabels[feeKind] : 'Fee';
