import type { DeclineCode, GatewayOutcome } from '#features/payments/payment-gateway.ts';
import type { WireReason } from './answers.ts';

/** The sandbox gateway's codes, which are as coarse and as fine as a real vendor's, by ours. */
export const sandboxDeclines: Record<string, DeclineCode> = {
  card_declined: 'declined',
  declined: 'declined',
  insufficient_funds: 'insufficient_funds',
  expired_card: 'expired_card',
  lost_card: 'lost_or_stolen',
  stolen_card: 'lost_or_stolen',
  incorrect_cvc: 'incorrect_cvc',
  invalid_account: 'bad_account',
  token_unknown: 'details_expired',
  token_used: 'details_expired',
  token_expired: 'details_expired',
  method_removed: 'method_gone',
  method_unknown: 'method_gone',
  wrong_method: 'wrong_method',
  amount_invalid: 'amount_refused',
};

/** What is none of these is a request that was refused as such. */
export const declinedFor = ({
  code,
  message,
}: WireReason): Extract<GatewayOutcome, { outcome: 'declined' }> => ({
  outcome: 'declined',
  code: sandboxDeclines[code] ?? 'gateway_setup',
  message,
  vendor: { code, message },
});
