import type { DeclineCode } from '#features/payments/payment-gateway.ts';

type Decline = { code: DeclineCode; message: string };
const decline = (code: DeclineCode, message: string): Decline => ({ code, message });

const account = 'payer_account';
const another = 'Choose another one at PayPal, or pay another way.';

/** What PayPal says went wrong, in our code, and what the payer can do about it. Small letters: our own. */
export const paypalDeclines: Record<string, Decline> = {
  INSTRUMENT_DECLINED: decline(
    'do_not_honor',
    `The bank or card behind your PayPal account declined. ${another}`,
  ),
  PAYER_ACTION_REQUIRED: decline(
    'not_confirmed',
    'PayPal needs you to confirm the payment once more. Start again.',
  ),
  REDIRECT_PAYER_FOR_ALTERNATE_FUNDING: decline(
    'method_not_supported',
    `PayPal could not use the chosen source. ${another}`,
  ),
  ORDER_NOT_APPROVED: decline('not_confirmed', 'The payment was not confirmed at PayPal. Start again.'),
  PAYER_CANNOT_PAY: decline(account, 'This PayPal account cannot make the payment. Pay another way.'),
  PAYER_ACCOUNT_RESTRICTED: decline(
    account,
    'This PayPal account is restricted. Ask PayPal, or pay another way.',
  ),
  PAYER_ACCOUNT_LOCKED_OR_CLOSED: decline(
    account,
    'This PayPal account is locked or closed. Pay another way.',
  ),
  TRANSACTION_REFUSED: decline('suspected_fraud', 'PayPal refused the payment. Pay another way.'),
  COMPLIANCE_VIOLATION: decline('suspected_fraud', 'PayPal refused the payment. Pay another way.'),
  TRANSACTION_LIMIT_EXCEEDED: decline(
    'limit_exceeded',
    'The amount is above what this PayPal account may send. Pay another way.',
  ),
  TRANSACTION_RECEIVING_LIMIT_EXCEEDED: decline(
    'gateway_setup',
    'The amount is above what may be received with PayPal. Pay another way.',
  ),
  MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED: decline(
    'limit_exceeded',
    'PayPal was tried too often. Start again, or pay another way.',
  ),
  amount_mismatch: decline(
    'not_confirmed',
    'The amount confirmed at PayPal is not the amount to be paid. Start again.',
  ),
  token_used: decline('details_expired', 'This PayPal payment was used before. Start again.'),
  order_expired: decline('details_expired', 'The payment confirmed at PayPal has expired. Start again.'),
  order_voided: decline('not_confirmed', 'The payment was ended at PayPal. Start again.'),
  not_stored: decline('method_gone', 'Nothing is stored at PayPal. Start again, or pay another way.'),
  wrong_method: decline('wrong_method', 'This is not the kind of payment that was agreed to. Start again.'),
};

export const paypalDecline = (theirs: string): Decline =>
  paypalDeclines[theirs] ?? {
    code: 'declined',
    message: 'PayPal did not make the payment. Start again, or pay another way.',
  };
