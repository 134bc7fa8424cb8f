export const authenticationAdvice =
  'The bank of this card asks its holder for a further confirmation, which cannot be given here. ' +
  'Use another card, or a bank account.';

/**
 * Return codes for Stripe's words, where the network's own code is not told. After the table of network codes
 * in Stripe's documents; of the codes behind one word, the most usual.
 */
const returns: Record<string, string> = {
  insufficient_funds: 'R01',
  account_closed: 'R02',
  bank_account_closed: 'R02',
  no_account: 'R03',
  incorrect_account_details: 'R03',
  bank_account_invalid_details: 'R04',
  account_number_invalid: 'R04',
  debit_not_authorized: 'R10',
  customer_initiated: 'R10',
  bank_account_restricted: 'R16',
};

/** The network's code if Stripe names it, else the one that Stripe's word stands for, else the word. */
export function returnCode(network: string | null | undefined, word: string): string {
  if (network && /^R\d\d$/.test(network)) return network;
  return returns[word] ?? word;
}

/** Why a bank took back a debit, in words: Stripe has them for failures, but not for disputes. */
export const returnWords: Record<string, string> = {
  insufficient_funds: 'The account did not have enough money.',
  incorrect_account_details: 'The account could not be found.',
  debit_not_authorized: 'The account holder told the bank that the debit was not authorized.',
  customer_initiated: 'The account holder asked the bank to take the debit back.',
  bank_cannot_process: 'The bank could not process the debit.',
};

const disputeReasons: Record<string, string> = {
  bank_cannot_process: 'The bank could not process the payment',
  check_returned: 'The check was returned',
  credit_not_processed: 'A promised credit or refund did not come',
  customer_initiated: 'The customer asked the bank to take it back',
  debit_not_authorized: 'The debit was not authorized',
  duplicate: 'Charged twice',
  fraudulent: 'The cardholder did not make this payment',
  general: 'No particular reason given',
  incorrect_account_details: 'The account details were wrong',
  insufficient_funds: 'The account did not have enough money',
  noncompliant: 'A rule of the card network was not kept',
  product_not_received: 'The product or service was not received',
  product_unacceptable: 'The product or service was not as described',
  subscription_canceled: 'The subscription had been canceled',
  unrecognized: 'The cardholder does not recognize the payment',
};

export const disputeReason = (reason: string): string =>
  disputeReasons[reason] ?? reason.replaceAll('_', ' ');
