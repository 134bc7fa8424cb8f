import type { DeclineCode } from '#features/payments/payment-gateway.ts';

/** Who has to do something next, or is expected to. */
export type Turn = 'customer' | 'organization' | 'gateway' | 'bank';

type DeclineWords = {
  title: string;
  /** What helps: told to the payer, and to staff. */
  payer: string;
  staff: string;
  turn: Turn;
};

const another = 'Use another payment method.';

const words: Record<DeclineCode, DeclineWords> = {
  insufficient_funds: {
    title: 'Not enough money',
    payer: 'Use another card or bank account, or pay a smaller amount.',
    staff: 'Ask for another payment method, or for a part of the amount now.',
    turn: 'customer',
  },
  limit_exceeded: {
    title: 'Over a limit of the card or account',
    payer: 'Use another card or bank account, or ask the bank to raise the limit.',
    staff: 'The customer can ask the bank to raise the limit, or pay in another way or in parts.',
    turn: 'customer',
  },
  expired_card: {
    title: 'Card expired',
    payer: 'Check the expiry date, or use another card.',
    staff: 'Ask the customer for the new card, and remove the old one if it is stored.',
    turn: 'customer',
  },
  incorrect_cvc: {
    title: 'Wrong security code',
    payer: 'Check the security code on the card and try again.',
    staff: 'The security code was mistyped. It can be tried again with the right one.',
    turn: 'customer',
  },
  incorrect_details: {
    title: 'Wrong card or billing details',
    payer: 'Check the number, the expiry date and the billing address, and try again.',
    staff: 'Number, expiry date or billing address do not fit. It can be tried again with the right ones.',
    turn: 'customer',
  },
  lost_or_stolen: {
    title: 'Card reported lost or stolen',
    payer: `${another} The card’s bank can tell more.`,
    staff: 'Do not charge this card again. Ask the customer for another payment method.',
    turn: 'customer',
  },
  do_not_honor: {
    title: 'Refused by the bank',
    payer: 'Call the number on the back of the card, or use another payment method.',
    staff: 'The customer can call the number on the back of the card and ask the bank to allow it.',
    turn: 'customer',
  },
  suspected_fraud: {
    title: 'Refused as a fraud risk',
    payer: `${another} Whom you pay can tell more.`,
    staff: 'Make sure that it was the customer. Your gateway’s fraud settings say which filter refused it.',
    turn: 'organization',
  },
  authentication_required: {
    title: 'The bank asks for a confirmation',
    payer: 'Use another card, or a bank account.',
    staff: 'Ask the customer to pay by the link or in the portal with another card or a bank account.',
    turn: 'customer',
  },
  method_not_supported: {
    title: 'This card or account is not taken',
    payer: 'Use a card of another brand, or a bank account.',
    staff: 'Ask for another card or account. Which brands are taken is set at your gateway.',
    turn: 'customer',
  },
  bad_account: {
    title: 'No such bank account',
    payer: 'Check the routing and account numbers, or use another account.',
    staff: 'Ask the customer for the right routing and account numbers.',
    turn: 'customer',
  },
  payer_account: {
    title: 'The payer’s PayPal account cannot pay',
    payer: 'Ask PayPal, or pay in another way.',
    staff: 'The customer can ask PayPal why, or pay in another way.',
    turn: 'customer',
  },
  not_confirmed: {
    title: 'Not confirmed by the payer',
    payer: 'Start again, and confirm the amount that is shown.',
    staff: 'The payer left before confirming, or confirmed something else. They can start again.',
    turn: 'customer',
  },
  amount_refused: {
    title: 'The amount is not taken',
    payer: 'Pay another amount, or in another way.',
    staff: 'The amount is below or above what your gateway takes at once. Split it, or ask your gateway.',
    turn: 'organization',
  },
  duplicate: {
    title: 'Taken for a duplicate',
    payer: 'Look whether the payment has been made already before trying again.',
    staff: 'The same amount was charged shortly before. If it is another payment, try again in a while.',
    turn: 'organization',
  },
  details_expired: {
    title: 'The typed details have expired',
    payer: 'Enter the card or account again.',
    staff: 'The details were typed too long before, or used already. They can be entered again.',
    turn: 'customer',
  },
  method_gone: {
    title: 'The gateway no longer has this method',
    payer: another,
    staff: 'Remove the stored method here, and ask the customer to store it again.',
    turn: 'organization',
  },
  wrong_method: {
    title: 'Another kind of method than agreed to',
    payer: 'Start again, and choose card or bank account as you mean to pay.',
    staff: 'What was entered is not what was agreed to, so nothing was charged. It can be tried again.',
    turn: 'customer',
  },
  blocked_method: {
    title: 'The bank account is blocked',
    payer: another,
    staff:
      'The bank returned another debit of this account, so this one was not sent. Ask for another method.',
    turn: 'customer',
  },
  gateway_setup: {
    title: 'Refused by your gateway',
    payer: `${another} Nothing is wrong with this one.`,
    staff:
      'Your account at the gateway does not allow it as it is set up. Call the gateway and name its code.',
    turn: 'organization',
  },
  gateway_error: {
    title: 'The gateway could not process it',
    payer: 'Try again in a while, or use another payment method.',
    staff: 'Try again in a while. If it stays so, call your gateway and name its code.',
    turn: 'organization',
  },
  declined: {
    title: 'Declined',
    payer: 'Use another payment method, or call the bank that issued this one.',
    staff: 'No reason was given. The customer can use another method, or ask the bank.',
    turn: 'customer',
  },
};

export const isDeclineCode = (code: string): code is DeclineCode => Object.hasOwn(words, code);

export const declineCodes = Object.keys(words).filter(isDeclineCode);

/** What a code means. One that is not of this list was stored before there was one: it says no more. */
export const declineWords = (code: string | null): DeclineWords =>
  words[code !== null && isDeclineCode(code) ? code : 'declined'];

/** What to tell someone whose card or bank said no. */
export const declineAdvice = (code: string): string => declineWords(code).payer;
