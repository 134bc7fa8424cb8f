import {
  type Correspondent,
  footerOf,
  mailOrganization,
} from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import type { Foot } from '#features/notifications/tell-staff.ts';
import { cadenceWords, type PlanTerms } from '#features/payment-plans/term-rules.ts';
import { formatDate } from '#lib/dates.ts';
import { formatMoney } from '#lib/money.ts';
import type { MailBlock } from '#ui/mail-blocks.ts';
import { renderMail } from '#ui/mail-layout.ts';

type Written = { subject: string; html: string; text: string };
export type To = { from: Correspondent; outbox: Outbox };
/** A plan as its mails tell it. */
export type ToldPlan = PlanTerms & {
  id: string;
  customerName: string;
  numbers: readonly string[];
  dates: readonly { dueOn: string; amount: bigint }[];
  reason: string;
  askedRise: bigint;
  rest: bigint;
  method: string;
  /** What was signed last. */
  agreement: string | null;
};

type Letter = { subject: string; blocks: MailBlock[]; foot: Foot };
const paragraph = (words: string): MailBlock => ({ kind: 'paragraph', words });

function written({ from, outbox }: To, { subject, blocks, foot }: Letter): Written {
  const rendered = renderMail({
    organization: mailOrganization(from, outbox),
    preheader: subject,
    heading: subject,
    blocks,
    footer: foot,
  });
  return { subject, ...rendered };
}

/** As a sentence with a space behind it; whoever gave none has none told. */
const reasonOf = ({ reason }: ToldPlan): string => {
  const words = reason.trim();
  return words === '' ? '' : `${words}${/[.!?…]$/.test(words) ? '' : '.'} `;
};

const installmentsOf = (count: number): string => (count === 1 ? '1 installment' : `${count} installments`);

const invoicesOf = ({ numbers }: ToldPlan): string =>
  `invoice${numbers.length > 1 ? 's' : ''} ${numbers.join(', ')}`;

function writer({ from }: To, plan: ToldPlan) {
  return {
    money: (amount: bigint): string => formatMoney(amount, plan.currency, from.locale),
    day: (on: string): string => formatDate(on, from.locale),
  };
}

const termRows = (to: To, plan: ToldPlan): [string, string][] => {
  const { money, day } = writer(to, plan);
  return [
    ['Invoices', plan.numbers.join(', ')],
    ['Total', money(plan.total)],
    ['Down payment', money(plan.downPayment)],
    ['Then', `${installmentsOf(plan.dates.length)} ${cadenceWords[plan.cadence]}`],
    ...plan.dates.map(({ dueOn, amount }): [string, string] => [day(dueOn), money(amount)]),
    ...(plan.method ? [['Charged to', plan.method] as [string, string]] : []),
  ];
};

type CustomerLetter = { subject: string; words: string; terms?: boolean; signed?: boolean; button?: string };

const whyPlan = (from: Correspondent): Foot =>
  footerOf(from, `You receive this mail because of your payment plan with ${from.name}.`);

const toCustomer = (to: To, plan: ToldPlan, each: CustomerLetter) =>
  written(to, {
    subject: each.subject,
    blocks: [
      paragraph(each.words),
      ...(each.terms ? [{ kind: 'facts' as const, rows: termRows(to, plan) }] : []),
      ...(each.signed && plan.agreement
        ? [{ kind: 'notice' as const, words: `You signed this: ${plan.agreement}` }]
        : []),
      {
        kind: 'button',
        words: each.button ?? 'Open the plan',
        url: `${to.outbox.baseUrl}/portal/plans/${plan.id}`,
      },
    ],
    foot: whyPlan(to.from),
  });

type StaffLetter = { subject: string; words: string; button: string; terms?: boolean };

const toOrganization = (to: To, plan: ToldPlan, each: StaffLetter) => (foot: Foot) =>
  written(to, {
    subject: each.subject,
    blocks: [
      paragraph(each.words),
      ...(each.terms
        ? [
            {
              kind: 'facts' as const,
              rows: [['Customer', plan.customerName] as [string, string], ...termRows(to, plan)],
            },
          ]
        : []),
      { kind: 'button', words: each.button, url: `${to.outbox.baseUrl}/console/payment-plans/${plan.id}` },
    ],
    foot,
  });

type Pair = { customer?: Written; organization?: (foot: Foot) => Written };

/** What both sides are told of a plan; who has done it is not told of it. */
export function mailsOf(type: string, to: To, plan: ToldPlan): Pair {
  return letters[type]?.(to, plan) ?? {};
}

const letters: Record<string, (to: To, plan: ToldPlan) => Pair> = {
  'payment_plan.requested': (to, plan) => ({
    customer: toCustomer(to, plan, {
      subject: `Your request to ${to.from.name} for a payment plan`,
      words: `${to.from.name} has your request and will answer it. Nothing is charged before that.`,
      ...{ terms: true, signed: true },
    }),
    organization: toOrganization(to, plan, {
      subject: `${plan.customerName} asks for a payment plan`,
      words:
        `${plan.customerName} asks to pay ${invoicesOf(plan)} in parts, and has signed these terms. ` +
        'Approving charges the down payment at once.',
      button: 'Approve or reject',
      terms: true,
    }),
  }),
  'payment_plan.offered': (to, plan) => ({
    customer: toCustomer(to, plan, {
      subject: `${to.from.name} offers you a payment plan`,
      words: `You can pay ${invoicesOf(plan)} in parts. Read the plan and agree to it; the down payment is charged once you have.`,
      button: 'Read and agree',
      terms: true,
    }),
  }),
  'payment_plan.activated': (to, plan) => ({
    customer: toCustomer(to, plan, {
      subject: 'Your payment plan has started',
      words: `Thank you. ${to.from.name} has your down payment, and charges the installments on these days. You need do nothing more.`,
      ...{ terms: true, signed: true },
    }),
  }),
  'payment_plan.down_payment_failed': (to, plan) => ({
    customer: toCustomer(to, plan, {
      subject: 'Your down payment did not go through',
      words:
        `The down payment of your payment plan was not taken, so the plan has not started. ${reasonOf(plan)}` +
        `Please check your payment method, and ask ${to.from.name} to try again.`,
    }),
    organization: toOrganization(to, plan, {
      subject: `Down payment declined: ${plan.customerName}`,
      words:
        `The down payment of the plan for ${invoicesOf(plan)} did not go through. ${reasonOf(plan)}The plan is ` +
        'pending as before. You can approve it again, or reject it.',
      button: 'Open the plan',
    }),
  }),
  'payment_plan.rejected': (to, plan) => ({
    customer: toCustomer(to, plan, {
      subject: `${to.from.name} cannot agree to your payment plan`,
      words:
        `There will be no payment plan as you asked for it. ${reasonOf(plan)}Your invoices stand as they were, ` +
        'and nothing was charged.',
    }),
    organization: toOrganization(to, plan, {
      subject: `Payment plan turned down: ${plan.customerName}`,
      words: `The plan for ${invoicesOf(plan)} does not come about. ${reasonOf(plan)}`.trim(),
      button: 'Open the plan',
    }),
  }),
  'payment_plan.withdrawn': (to, plan) => ({
    organization: toOrganization(to, plan, {
      subject: `Payment plan withdrawn: ${plan.customerName}`,
      words: `The plan for ${invoicesOf(plan)} was taken back before it started. ${reasonOf(plan)}`.trim(),
      button: 'Open the plan',
    }),
  }),
  'payment_plan.cancelled': (to, plan) => ({
    customer: toCustomer(to, plan, {
      subject: 'Your payment plan has ended',
      words: `${reasonOf(plan)}No more installments are charged. What is still owed is due by the dates of your invoices.`,
    }),
  }),
  'payment_plan.defaulted': (to, plan) => ({
    customer: toCustomer(to, plan, {
      subject: 'Your payment plan has ended',
      words:
        `Too many installments could not be collected, so the plan with ${to.from.name} has ended, and all ` +
        `that is still owed on ${invoicesOf(plan)} is due now.`,
    }),
    organization: toOrganization(to, plan, {
      subject: `Payment plan in default: ${plan.customerName}`,
      words:
        `Too many installments of ${plan.customerName} could not be collected. The plan has ended, and ` +
        `reminders and late fees of ${invoicesOf(plan)} go on.`,
      button: 'Open the plan',
    }),
  }),
  'payment_plan.completed': (to, plan) => ({
    customer: toCustomer(to, plan, {
      subject: 'Your payment plan is paid off',
      words: `Thank you. Everything that you agreed to pay in your plan with ${to.from.name} is paid.`,
    }),
    organization: toOrganization(to, plan, {
      subject: `Payment plan paid off: ${plan.customerName}`,
      words: `${plan.customerName} has paid all that was agreed to for ${invoicesOf(plan)}.`,
      button: 'Open the plan',
    }),
  }),
  'payment_plan.rise_asked': (to, plan) => ({
    customer: toCustomer(to, plan, {
      subject: 'Your payment plan needs your agreement',
      words:
        `Invoices of your plan have risen by ${writer(to, plan).money(plan.askedRise)}, more than you agreed ` +
        'to. The plan goes on as it was; please say whether it shall collect this too.',
      button: 'Read and agree',
    }),
  }),
  'payment_plan.rise_agreed': (to, plan) => ({
    customer: toCustomer(to, plan, {
      subject: 'Your copy of the change to your payment plan',
      words: `You agreed that your plan with ${to.from.name} collects what its invoices have risen by. These are its days now.`,
      terms: true,
      signed: true,
    }),
  }),
  'payment_plan.installment_moved': (to, plan) => ({
    customer: toCustomer(to, plan, {
      subject: 'An installment was put off',
      words: `${to.from.name} has put off an installment of your plan. These are the days now.`,
      terms: true,
    }),
  }),
  'payment_plan.installment_passed_over': (to, plan) => ({
    customer: toCustomer(to, plan, {
      subject: 'New dates of your payment plan',
      words:
        `${to.from.name} did not charge an installment of your plan on its date. Two are never charged at once: it ` +
        'follows after the last one, and costs you nothing. These are the days now.',
      terms: true,
    }),
  }),
  'payment_plan.method_changed': (to, plan) => ({
    customer: toCustomer(to, plan, {
      subject: 'Your payment plan is charged another way',
      words: `The installments of your plan with ${to.from.name} are charged to your ${plan.method} from now on.`,
    }),
  }),
  'payment_plan.installment_failed': (to, plan) => ({
    customer: toCustomer(to, plan, {
      subject: 'An installment could not be charged',
      words:
        `Your ${plan.method} cannot be charged any more, so an installment of your payment plan is missed. ` +
        'Please choose another payment method for the plan.',
      button: 'Choose another method',
    }),
    organization: toOrganization(to, plan, {
      subject: `Installment missed: ${plan.customerName}`,
      words:
        `The ${plan.method} of ${plan.customerName} cannot be charged any more, so an installment of its ` +
        'plan is missed. The customer has been asked for another method.',
      button: 'Open the plan',
    }),
  }),
};

/** A few days before an installment is charged. */
export const upcomingMail = (
  to: To,
  each: { planId: string; amount: bigint; currency: string; tryOn: string; method: string },
): Written =>
  written(to, {
    subject: `An installment is charged on ${formatDate(each.tryOn, to.from.locale)}`,
    blocks: [
      paragraph(
        `${to.from.name} charges ${formatMoney(each.amount, each.currency, to.from.locale)} to your ${each.method} on ` +
          `${formatDate(each.tryOn, to.from.locale)}, as you agreed in your payment plan. You need do nothing.`,
      ),
      { kind: 'button', words: 'Open the plan', url: `${to.outbox.baseUrl}/portal/plans/${each.planId}` },
    ],
    foot: whyPlan(to.from),
  });
