/**
 * What Stripe's page of test cards says of its own numbers (https://docs.stripe.com/testing), as a list of card
 * ranges. Its rows of six digits stand for those numbers alone: of real cards they say nothing.
 */
export const testCardList = `bin,funding
42424242,credit
424242,credit
40000566,debit
400005,debit
55555555,credit
520082,debit
510510,prepaid
37828224,credit
601111,credit
60119811,debit
`;
