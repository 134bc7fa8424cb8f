import { channelsOf } from '#features/correspondence/channel-rules.ts';
import type { ReminderFacts, RuleName } from '#features/reminders/eligibility-rules.ts';
import { againOn } from '#features/reminders/limit-rules.ts';
import { plural, type ReminderType, typeWords } from '#features/reminders/step-rules.ts';

/** A place in the console where what holds a reminder can be put right. */
export type Remedy = { words: string; to: string };

export type Circumstances = {
  facts: ReminderFacts;
  says: ReminderType;
  invoiceId: string;
  customerId: string;
  /** As people of this organization write dates. */
  date: (date: string) => string;
};

type Told = { passed: string; failed: string; remedy?: Remedy };

/** What a rule says of one invoice, passed or failed, and where to put it right. */
export function tellRule(rule: RuleName, circumstances: Circumstances): Told {
  return tellers[rule](circumstances);
}

const customerPage = ({ facts }: Circumstances): string => `/customers/${facts.reader.id}`;
const invoicePage = ({ invoiceId }: Circumstances): string => `/invoices/${invoiceId}`;
const whose = ({ facts, customerId }: Circumstances): string =>
  facts.reader.id === customerId
    ? facts.reader.name
    : `${facts.reader.name}, which this customer bills with,`;

/** Of the two of whom either may be what is meant. */
const oneOf = ({ facts, customerId }: Circumstances): string =>
  facts.reader.id === customerId
    ? facts.reader.name
    : `The customer, or ${facts.reader.name}, which it bills with,`;

const tellers: Record<RuleName, (circumstances: Circumstances) => Told> = {
  automatic_messages_live: () => ({
    passed: 'Automatic messages are on.',
    failed: 'Automatic messages have not been switched on yet: nothing goes out by itself.',
    remedy: { words: 'Switch them on', to: '/settings?section=messenger' },
  }),
  invoice_open: (about) => ({
    passed: 'The invoice is open.',
    failed: `The invoice is ${about.facts.invoice.state.replace('_', ' ')}: there is nothing to remind of.`,
  }),
  balance_payable: (about) => ({
    passed: 'There is a balance that no payment covers yet.',
    failed:
      about.facts.invoice.state === 'pending'
        ? 'A payment on its way covers the balance. Should it come back, reminders go on.'
        : 'Nothing is payable on it.',
    remedy: { words: 'See the payment', to: invoicePage(about) },
  }),
  customer_takes_reminders: (about) => ({
    passed: `Reminders are on for ${about.facts.reader.name}.`,
    failed: `Reminders are off for ${about.facts.reader.name}.`,
    remedy: { words: 'Change it at the customer', to: customerPage(about) },
  }),
  invoice_not_opted_out: (about) => ({
    passed: 'Reminders are on for this invoice.',
    failed: 'Reminders are off for this invoice.',
    remedy: { words: 'Change it at the invoice', to: invoicePage(about) },
  }),
  customer_active: (about) => ({
    passed: about.facts.reader.isActive
      ? 'The customer is active.'
      : 'The customer is inactive, and inactive customers are written to.',
    failed: `${oneOf(about)} is inactive, and inactive customers are not written to.`,
    remedy: { words: 'Open the customer', to: customerPage(about) },
  }),
  customer_may_be_contacted: (about) => ({
    passed: 'The customer may be contacted.',
    failed: `${about.facts.reader.name} is not to be contacted.`,
    remedy: { words: 'Change it at the customer', to: customerPage(about) },
  }),
  channel_on: (about) => ({
    passed: `${typeWords[about.says]} is switched on for ${whose(about)} in a channel.`,
    failed: `${typeWords[about.says]} is switched off for ${whose(about)} in every channel.`,
    remedy: { words: 'Choose a channel at the customer', to: customerPage(about) },
  }),
  address_good: (about) => ({
    passed: 'There is an address to write to.',
    failed: addressTrouble(about),
    remedy: { words: 'Put the address right', to: customerPage(about) },
  }),
  no_open_dispute: (about) => ({
    passed: 'No dispute holds it.',
    failed: about.facts.dispute?.restsUntil
      ? `The customer disputes it: reminders rest until ${about.date(about.facts.dispute.restsUntil)}.`
      : 'The customer disputes it: reminders rest until the dispute ends.',
    remedy: { words: 'See the dispute', to: invoicePage(about) },
  }),
  no_open_promise: (about) => ({
    passed: 'No promise to pay holds it.',
    failed: `The customer promised to pay by ${promisedOn(about)}: reminders rest until then.`,
    remedy: { words: 'See the promise', to: invoicePage(about) },
  }),
  no_active_payment_plan: (about) => ({
    passed: 'No payment plan covers it.',
    failed: 'A payment plan that runs covers it: reminders rest while it does.',
    remedy: { words: 'See the plan', to: invoicePage(about) },
  }),
  not_sent_today: () => ({
    passed: 'No reminder of it went today.',
    failed: 'A reminder of it went today already.',
  }),
  not_too_often: ({ facts, date }) => ({
    passed: facts.limit
      ? `Fewer than ${plural(facts.limit.messages, 'reminder')} went to the customer in ${plural(facts.limit.days, 'day')}.`
      : 'How often a customer is reminded has no limit.',
    failed: tooOften(facts, date),
    remedy: { words: 'Change the limit', to: '/settings?section=messenger' },
  }),
  not_superseded: (about) => ({
    passed: 'This step has not been said yet.',
    failed: `It has been said: the last reminder went ${about.facts.invoice.lastOn ? about.date(about.facts.invoice.lastOn) : 'before'}.`,
  }),
};

const promisedOn = ({ facts: { promise }, date }: Circumstances): string =>
  promise ? date(promise.promisedOn) : 'a day';

function tooOften({ limit, remindedOn }: ReminderFacts, date: Circumstances['date']): string {
  const most = limit
    ? `${plural(limit.messages, 'reminder')} in ${plural(limit.days, 'day')}`
    : 'this many reminders';
  const again = limit && againOn(limit, remindedOn);
  return `The customer has had ${most}, and gets no more. ${again ? `The newest step is looked at again on ${date(again)}.` : ''}`.trim();
}

function addressTrouble({ facts: { reader }, says }: Circumstances): string {
  if (reader.email !== null && reader.emailProblem !== null)
    return `Mail to ${reader.email} is held: ${reader.emailProblem}`;
  const byLetter = channelsOf(reader.cells, says).includes('paper');
  if (byLetter && reader.hasAddress && !reader.addressConfirmed)
    return `The billing address of ${reader.name} is not confirmed: no letter goes there.`;
  return `${reader.name} has no address for any channel that is switched on.`;
}
