import type { CustomerRow } from '#features/customers/queries.ts';
import type { OrganizationRow } from '#features/organizations/queries.ts';
import { isExpiring } from '#features/payment-methods/rules.ts';
import type { RoutedGateways } from '#features/payments/gateways.ts';
import { debitAuthorization } from '#features/payments/portal-rules.ts';
import { isExpired, type MethodRow } from '#features/payments/queries.ts';
import { autopayLabel } from '#features/portal-access/autopay-box.ts';
import {
  type Amounts,
  bankCost,
  type Cost,
  type FeeOffer,
  feeNotice,
  freeCost,
  knownCost,
  typedCost,
} from '#features/portal-access/fee-rules.ts';
import { isByBank } from '#features/portal-access/read-checkout.ts';
import { sealShownAt } from '#features/portal-access/shown-at.ts';
import type { Secrets } from '#lib/secrets.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import type { MethodFace } from '#web/portal/views/parts.ts';
import { expiryWords } from '#web/portal/views/parts.ts';
import type { ListedMethod } from '#web/portal/views/payment-methods-page.ts';
import type { FieldSlot, PaymentPanel, StoredMethod } from '#web/portal/views/payment-panel.ts';

export const faceOf = (method: MethodRow): MethodFace => ({
  kind: method.kind,
  brand: method.brand,
  last4: method.last4,
  ...(method.expiryYear && method.expiryMonth
    ? { expiry: { year: method.expiryYear, month: method.expiryMonth } }
    : {}),
});

type Policy = Pick<CustomerRow, 'allowCard' | 'allowBankAccount'>;
const allows = (policy: Policy, kind: 'card' | 'bank_account'): boolean =>
  kind === 'card' ? policy.allowCard : policy.allowBankAccount;

/** The gateway's fields for what this customer may pay with. */
export const slotsOf = (fields: readonly FieldSlot[], policy: Policy): FieldSlot[] =>
  fields.filter((slot) => allows(policy, slot.kind));

export type PanelFacts = {
  seller: OrganizationRow;
  customer: CustomerRow;
  methods: readonly MethodRow[];
  fields: readonly FieldSlot[];
  routed: RoutedGateways;
  /** What is paid, as the form carries it. */
  words: readonly string[];
  total: bigint;
  key: string;
  today: string;
  action: string;
  mayStore: boolean;
  /** What is agreed to beside a method that is saved; undefined where autopay is not offered. */
  autopay?: { words: string } | undefined;
  termsUrl: string;
  fees: FeeOffer;
  shownAt: Date;
  secrets: Pick<Secrets, 'sign'>;
  form?: FormState | undefined;
  chosen?: string | undefined;
};

/** How to pay these lines: saved methods first, then new ones, with the words that are agreed to. */
export function panelOf(facts: PanelFacts): PaymentPanel {
  const { seller, customer, total, today, fees, key } = facts;
  const amounts = { base: total, ...seller, byBank: isByBank(facts) };
  const free = freeCost(fees, amounts);
  const notice = feeNotice(fees, amounts);
  return {
    action: facts.action,
    idempotencyKey: facts.key,
    currency: seller.currency,
    total,
    stored: facts.methods
      .filter((method) => allows(customer, method.kind))
      .map((method) => ({ ...storedOf(method, today), ...costed(storedCost(method, fees, amounts)) })),
    slots: slotsOf(facts.fields, customer).map((slot) => ({
      ...slot,
      ...costed(slot.kind === 'card' ? typedCost(fees, amounts) : bankCost(fees, amounts)),
    })),
    ...(notice ? { feeNotice: notice } : {}),
    ...(free ? { paypalCost: free } : {}),
    paypal: facts.routed.paypal !== undefined && customer.allowPaypal,
    mayStore: facts.mayStore,
    ...(facts.mayStore && facts.autopay ? { autopay: { words: autopayLabel(facts.autopay.words) } } : {}),
    authorization: debitAuthorization(seller, {
      amount: total + (fees.bank?.amount ?? 0n),
      currency: seller.currency,
      on: today,
    }),
    ...(seller.paymentTermsText ? { terms: { url: facts.termsUrl, words: 'payment terms' } } : {}),
    fields: [
      ['agreed_on', today],
      ...(seller.paymentTermsVersion
        ? [['terms_version', String(seller.paymentTermsVersion)] as [string, string]]
        : []),
      ...(notice ? [['shown_at', sealShownAt(facts.secrets, key, facts.shownAt)] as [string, string]] : []),
      ...facts.words.map((word): [string, string] => ['pay', word]),
    ],
    ...(facts.form ? { form: facts.form } : {}),
    ...(facts.chosen ? { chosen: facts.chosen } : {}),
  };
}

const costed = (cost: Cost | undefined): { cost?: Cost } => (cost ? { cost } : {});

function storedCost(method: MethodRow, fees: FeeOffer, amounts: Amounts): Cost | undefined {
  const fee = fees.stored.get(method.id);
  if (method.kind === 'bank_account') return bankCost(fees, amounts);
  return fee ? knownCost(fee, amounts) : freeCost(fees, amounts, method.kind === 'card');
}

export function storedOf(method: MethodRow, today: string): StoredMethod {
  const face = faceOf(method);
  const why =
    method.state === 'needs_authorization'
      ? 'Needs your signature first'
      : method.state === 'blocked'
        ? 'Refused by the bank'
        : isExpired(method, today) && face.expiry
          ? `Expired ${expiryWords(face.expiry)}`
          : undefined;
  return { ...face, id: method.id, ...(why ? { unusable: why } : {}) };
}

/**
 * A method in the payer's list; `mayEdit` is the customer's permission, `busy` how many payments it is
 * needed for, `hasCopy` whether there is something signed.
 */
export function listedOf(
  method: MethodRow,
  today: string,
  policy: { mayEdit: boolean; busy: number; hasCopy: boolean; isCharged: boolean },
): ListedMethod {
  const standing =
    method.state === 'needs_authorization' || method.state === 'blocked'
      ? method.state
      : isExpired(method, today)
        ? 'expired'
        : isExpiring(method, today)
          ? 'expiring'
          : 'active';
  return {
    ...faceOf(method),
    id: method.id,
    standing,
    isDefault: method.isDefault,
    usedByAutopay: policy.isCharged,
    ...(standing === 'needs_authorization' ? { signUrl: `/portal/methods/${method.id}/sign` } : {}),
    ...(method.kind === 'bank_account' && method.state === 'active' && policy.hasCopy
      ? { copyUrl: `/portal/methods/${method.id}/authorization` }
      : {}),
    ...(policy.mayEdit && !method.isDefault && (standing === 'active' || standing === 'expiring')
      ? { defaultAction: `/portal/methods/${method.id}/default` }
      : {}),
    ...(policy.busy > 0
      ? { whyKept: 'A payment with it is under way' }
      : policy.isCharged
        ? { whyKept: 'Autopay charges it' }
        : policy.mayEdit
          ? { removeUrl: `/portal/methods/${method.id}/remove` }
          : {}),
  };
}
