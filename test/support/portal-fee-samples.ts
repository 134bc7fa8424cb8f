import {
  type Amounts,
  bankCost,
  type Fee,
  type FeeOffer,
  feeAgreement,
  feeNotice,
  freeCost,
  knownCost,
  typedCost,
} from '#features/portal-access/fee-rules.ts';
import { checkoutPage } from '#web/portal/views/checkout-page.ts';
import { feeStepPage } from '#web/portal/views/fee-step-page.ts';
import { paymentLinkPage } from '#web/portal/views/payment-link-page.ts';
import type { PaymentPanel } from '#web/portal/views/payment-panel.ts';
import { paymentPaidPage } from '#web/portal/views/payment-result.ts';
import { receiptPage } from '#web/portal/views/receipt-page.ts';
import { bank, panel, payer, type Sample, visa, visitor } from './portal-samples.ts';

const amounts: Amounts = { base: panel.total, currency: 'USD', locale: 'en-US', byBank: true };
const surcharge: Fee = { amount: 6_338n, kind: 'surcharge', percent: '3' };
const dual: Fee = { amount: 6_534n, kind: 'dual_pricing', percent: '3' };

/** The panel of all ways to pay, with what each costs. */
function panelWith(fee: Fee, other: Fee | undefined, at: Amounts): PaymentPanel {
  const offer: FeeOffer = {
    kind: fee.kind,
    stored: new Map([[visa.id, fee]]),
    typed: { credit: fee, other },
    bank: undefined,
  };
  const free = freeCost(offer, at);
  const typed = typedCost(offer, at);
  const notice = feeNotice(offer, at);
  const banks = at.byBank ? [{ ...bank, ...(free ? { cost: free } : {}) }] : [];
  return {
    ...panel,
    stored: [{ ...visa, cost: knownCost(fee, at) }, ...banks],
    slots: panel.slots
      .filter(({ kind }) => at.byBank || kind === 'card')
      .map((slot) => ({ ...slot, ...costOf(slot.kind === 'card' ? typed : free) })),
    ...(notice ? { feeNotice: notice } : {}),
  };
}
/** The panel where a bank account is cheaper than all else. */
function panelWithDiscount(): PaymentPanel {
  const off: Fee = { amount: -4_225n, kind: 'bank_discount', percent: '2' };
  const none = { credit: undefined, other: undefined };
  const offer: FeeOffer = { kind: 'bank_discount', stored: new Map(), typed: none, bank: off };
  const [cheap, full] = [bankCost(offer, amounts), freeCost(offer, amounts)];
  const notice = feeNotice(offer, amounts);
  return {
    ...panel,
    stored: [
      { ...visa, ...costOf(full) },
      { ...bank, ...costOf(cheap) },
    ],
    slots: panel.slots.map((slot) => ({ ...slot, ...costOf(slot.kind === 'card' ? full : cheap) })),
    ...(notice ? { feeNotice: notice } : {}),
  };
}
const costOf = (cost: ReturnType<typeof freeCost>) => (cost ? { cost } : {});

const lines = [{ number: '1042', dueOn: '2026-11-10', balanceDue: 211_250n, amount: 211_250n }];
const checkout = (made: PaymentPanel) => checkoutPage(payer, { panel: made, lines, backUrl: '/portal' });
const paid = {
  amount: panel.total + surcharge.amount,
  currency: 'USD',
  fee: { amount: surcharge.amount, label: 'Surcharge' },
  invoices: ['1042'],
  method: visa,
  reference: '8K2MVQ41ZT',
};
const step = {
  action: '/portal/pay',
  fields: [['method', 'card']] as [string, string][],
  currency: 'USD',
  about: 'Invoices 1042, 1057',
  base: panel.total,
  method: visa,
  other: { url: '/portal/pay', words: 'Pay by bank, without a fee' },
};

/** What payers see of card fees. */
export const feeSamples: Sample[] = [
  ['checkout-fee', checkout(panelWith(surcharge, undefined, amounts))],
  ['checkout-fee-card', checkout({ ...panelWith(surcharge, undefined, amounts), chosen: visa.id })],
  [
    'payment-link-fee',
    paymentLinkPage(visitor, {
      description: 'Deposit for kitchen job',
      customerName: 'Northwind Bakery LLC',
      panel: { ...panelWith(surcharge, undefined, amounts), stored: [], mayStore: false, chosen: 'card' },
    }),
  ],
  ['checkout-fee-dual', checkout(panelWith(dual, dual, amounts))],
  ['checkout-fee-dual-cash', checkout(panelWith(dual, dual, { ...amounts, byBank: false }))],
  ['checkout-discount', checkout(panelWithDiscount())],
  [
    'fee-step',
    feeStepPage(payer, {
      ...step,
      fee: { amount: surcharge.amount, label: 'Surcharge', agreement: feeAgreement(surcharge, amounts) },
    }),
  ],
  ['fee-step-none', feeStepPage(visitor, step)],
  [
    'result-fee',
    paymentPaidPage(payer, { ...paid, paidOn: '2026-11-22', receiptUrl: '/portal/payments/1/receipt' }),
  ],
  [
    'receipt-discount',
    receiptPage(payer, {
      ...{ ...paid, amount: panel.total - 4_225n, method: bank, standing: 'paid', paidOn: '2026-11-22' },
      fee: { amount: -4_225n, label: 'Bank account discount' },
      customerName: 'Northwind Bakery LLC',
      applied: [{ number: '1042', amount: panel.total }],
      from: ['Harbor & Pine Supply', '18 Commercial Wharf', 'Portland, ME 04101'],
    }),
  ],
  [
    'receipt-fee',
    receiptPage(payer, {
      ...paid,
      standing: 'paid',
      paidOn: '2026-11-22',
      customerName: 'Northwind Bakery LLC',
      applied: [{ number: '1042', amount: panel.total }],
      from: ['Harbor & Pine Supply', '18 Commercial Wharf', 'Portland, ME 04101'],
    }),
  ],
];
