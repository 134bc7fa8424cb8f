import type { OrganizationRow } from '#features/organizations/queries.ts';
import {
  cadenceWords,
  type PlanLimits,
  type PlannedInstallment,
  type PlanTerms,
} from '#features/payment-plans/term-rules.ts';
import { lateDays } from '#features/schedules/agreement-rules.ts';
import { formatDate } from '#lib/dates.ts';
import { formatMoney, percentOf } from '#lib/money.ts';

/** Which wording of ours: part of the evidence. */
export const planVersion = 'payment-plan-2';

type Seller = Pick<OrganizationRow, 'name' | 'phone' | 'email' | 'locale'>;
export type Face = { brand: string; last4: string };

export type Agreed = {
  seller: Seller;
  terms: PlanTerms;
  /** With every date, as it was shown. */
  installments: readonly PlannedInstallment[];
  numbers: readonly string[];
  method: Face;
  bounds: Pick<PlanLimits, 'missedLimit' | 'moveDays'> & { mayRise: bigint };
};

export const mayRiseOf = (total: bigint, { risePercent }: PlanLimits): bigint =>
  percentOf(total, risePercent);

export const largestOf = (installments: readonly { amount: bigint }[]): bigint =>
  installments.reduce((most, { amount }) => (amount > most ? amount : most), 0n);

const cardName = (brand: string): string => `${brand.charAt(0).toUpperCase()}${brand.slice(1)}`;
export const methodWords = ({ brand, last4 }: Face): string => `${cardName(brand)} ending in ${last4}`;

const contactOf = ({ name, phone, email }: Seller): string =>
  phone ? `calling ${phone}` : email ? `writing to ${email}` : `telling ${name}`;

/** What a payer signs: every amount and every date, what may change, and how to stop it. */
export function planAgreement({ seller, terms, installments, numbers, method, bounds }: Agreed): string {
  const money = (amount: bigint): string => formatMoney(amount, terms.currency, seller.locale);
  const day = (on: string): string => formatDate(on, seller.locale);
  const invoices = `invoice${numbers.length > 1 ? 's' : ''} ${numbers.join(', ')}`;
  const dates = installments.map(({ dueOn, amount }) => `${money(amount)} on ${day(dueOn)}`).join('; ');
  const count = installments.length;
  const rise =
    bounds.mayRise > 0n
      ? `If they are corrected upwards by up to ${money(bounds.mayRise)} in all, further payments at the same rhythm ` +
        'follow; anything beyond that needs my agreement anew. '
      : 'If they are corrected upwards, the part that is new needs my agreement anew. ';
  const later =
    bounds.moveDays > 0
      ? `${seller.name} may put a payment off by up to ${bounds.moveDays} days, and never brings one forward. `
      : '';
  const missed =
    bounds.missedLimit === 1 ? 'After one missed payment' : `After ${bounds.missedLimit} missed payments`;
  return (
    `I owe ${seller.name} ${money(terms.total)} for ${invoices}. I authorize ${seller.name} to charge my ` +
    `${methodWords(method)} for it in parts: ${money(terms.downPayment)} once this plan is approved, then ${count} ` +
    `payment${count > 1 ? 's' : ''}, ${cadenceWords[terms.cadence]}: ${dates}. ` +
    `No payment after the first is more than ${money(largestOf(installments))}. If less is owed, because invoices are ` +
    `corrected, voided or paid in another way, the last payments shrink or end. ${rise}${later}` +
    'A payment that fails is tried once more; if it fails again, it follows after the last one. One that was not ' +
    `asked for within ${lateDays} days of its date follows so too, and no two dates are charged at once. ` +
    `${missed} the plan ends and all that is still owed is due at once. I may pay the rest at any time. ` +
    `I may revoke this up to 3 business days before a payment by ${contactOf(seller)}; the plan then ends.`
  );
}

/** What a payer signs to go on with another method, on the same terms. */
export const methodAgreement = (about: {
  seller: Seller;
  rest: bigint;
  currency: string;
  mostAmount: bigint;
  method: Face;
}): string => {
  const money = (amount: bigint): string => formatMoney(amount, about.currency, about.seller.locale);
  return (
    `I authorize ${about.seller.name} to charge my ${methodWords(about.method)} for the ${money(about.rest)} that my ` +
    `payment plan still has to collect, on its dates and in payments of at most ${money(about.mostAmount)}. Everything ` +
    `else that I agreed to in this plan stands. I may revoke this up to 3 business days before a payment by ` +
    `${contactOf(about.seller)}; the plan then ends.`
  );
};

/** What a payer signs when invoices were corrected upwards beyond what was agreed. */
export const riseAgreement = (about: {
  seller: Seller;
  rise: bigint;
  currency: string;
  mostAmount: bigint;
  numbers: readonly string[];
}): string => {
  const money = (amount: bigint): string => formatMoney(amount, about.currency, about.seller.locale);
  return (
    `Invoices of my payment plan (${about.numbers.join(', ')}) have risen by ${money(about.rise)}. I agree that ` +
    `${about.seller.name} collects this too, in further payments after the last one, at the same rhythm and of at most ` +
    `${money(about.mostAmount)} each. Everything else that I agreed to in this plan stands.`
  );
};
