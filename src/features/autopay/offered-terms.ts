import type { AutopayTerms } from '#features/autopay/rules.ts';
import { figuresOf } from '#features/autopay/set-autopay.ts';
import { autopayAuthorization, autopayVersion } from '#features/autopay/word-rules.ts';
import type { FeeAgreement } from '#features/card-fees/read-fee-agreement.ts';
import type { OrganizationRow } from '#features/organizations/queries.ts';
import type { Consent } from '#features/payments/portal-write-consents.ts';
import type { Origin } from '#lib/origin.ts';

/** What payers are offered who switch autopay on themselves. */
export const offeredTerms = ({
  autopayWhen,
  autopayNoticeDays,
}: Pick<OrganizationRow, 'autopayWhen' | 'autopayNoticeDays'>): AutopayTerms => ({
  chargeWhen: autopayWhen,
  threshold: null,
  maximum: null,
  noticeDays: autopayNoticeDays,
});

/** The words of the box beside a new method. */
export const offerWords = (seller: OrganizationRow, cardFee: FeeAgreement): string =>
  autopayAuthorization(seller, 'the payment method that I save now', offeredTerms(seller), cardFee.words);

/** What is agreed to with a new method, before there is a stored one to name. */
export const consentAhead = (
  seller: OrganizationRow,
  by: { name?: string | undefined; origin: Origin },
  cardFee: FeeAgreement,
): Consent => ({
  kind: 'autopay',
  name: by.name,
  ...by.origin,
  version: autopayVersion,
  text: offerWords(seller, cardFee),
  terms: { ...figuresOf(offeredTerms(seller)), ...cardFee.terms },
});
