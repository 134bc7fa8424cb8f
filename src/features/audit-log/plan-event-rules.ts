import { amount, dateOf, fixed, join, text, type Words } from '#features/audit-log/event-phrase-rules.ts';

const why = (words: string, tone: Words['tone']): Words => ({
  say: (data) => join(words, text(data.reason) && `· ${text(data.reason)}`),
  ...(tone ? { tone } : {}),
});

/** What happened to payment plans. */
export const planWords: Record<string, Words> = {
  'payment_plan.requested': fixed('Payment plan asked for', 'accent'),
  'payment_plan.offered': fixed('Payment plan offered', 'accent'),
  'payment_plan.attested': fixed('Payment plan written down, signed on paper', 'accent'),
  'payment_plan.agreed': fixed('Payment plan agreed to by the customer', 'good'),
  'payment_plan.approved': {
    kind: 'Payment plan approved',
    say: (data, ink) => join('Payment plan approved, down payment of', amount(data, ink), 'asked for'),
    tone: 'good',
  },
  'payment_plan.activated': fixed('Payment plan started', 'good'),
  'payment_plan.down_payment_failed': why('Down payment did not go through', 'bad'),
  'payment_plan.rejected': why('Payment plan rejected', 'neutral'),
  'payment_plan.withdrawn': why('Payment plan withdrawn', 'neutral'),
  'payment_plan.cancelled': why('Payment plan cancelled', 'bad'),
  'payment_plan.defaulted': why('Payment plan in default', 'bad'),
  'payment_plan.completed': fixed('Payment plan paid off', 'good'),
  'payment_plan.rise_asked': {
    kind: 'Rise of a payment plan asked for',
    say: (data, ink) =>
      join('Invoices rose by', amount(data, ink), 'beyond the plan, the customer was asked'),
    tone: 'bad',
  },
  'payment_plan.rise_agreed': {
    kind: 'Rise of a payment plan agreed to',
    say: (data, ink) => join('Rise of', amount(data, ink), 'agreed to by the customer'),
    tone: 'good',
  },
  'payment_plan.installment_paid': {
    kind: 'Installment paid',
    say: (data, ink) => join('Installment of', amount(data, ink), 'paid'),
    tone: 'good',
  },
  'payment_plan.installment_failed': why('Installment did not go through', 'bad'),
  'payment_plan.installment_moved': {
    kind: 'Installment put off',
    say: (data, ink) => join('Installment put off to', dateOf(data.to, ink)),
  },
  'payment_plan.installment_passed_over': {
    kind: 'Installment not asked for on its date',
    say: (data, ink) =>
      join('Installment of', amount(data, ink), 'was not asked for on its date, and follows after the last'),
  },
  'payment_plan.method_changed': fixed('Payment plan is charged another way'),
  'payment_plan.payoff_asked': {
    kind: 'Rest of a payment plan asked for at once',
    say: (data, ink) => join('Rest of the payment plan,', amount(data, ink), 'asked for at once'),
    tone: 'accent',
  },
  'payment_plan.limits_set': fixed('Limits of payment plans changed'),
};
