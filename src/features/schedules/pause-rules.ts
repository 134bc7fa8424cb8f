export const pauseReasons = [
  'by_hand',
  'declined',
  'method',
  'agreement',
  'customer_inactive',
  'kind_barred',
] as const;
export type PauseReason = (typeof pauseReasons)[number];

/** Why a schedule does not run, and what helps. */
export const pauseWords: Record<PauseReason, string> = {
  by_hand: 'Paused by hand.',
  declined: 'Its charges were declined several times in a row. Ask the customer for another payment method.',
  method: 'Its payment method can no longer be charged. Choose another one, then resume.',
  agreement: 'No agreement of the customer covers it: it was taken back. Ask for a new one.',
  customer_inactive: 'The customer is deactivated.',
  kind_barred: 'The customer’s settings no longer allow this kind of payment.',
};
