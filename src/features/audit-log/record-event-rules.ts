import {
  amount,
  fixed,
  join,
  list,
  named,
  text,
  type Words,
  withAmount,
} from '#features/audit-log/event-phrase-rules.ts';

/** What is kept on customers, in drafts and in the lists that invoices are written from. */
export const recordWords: Record<string, Words> = {
  'customer.file_added': named('File added'),
  'customer.file_changed': {
    kind: 'File shown or hidden',
    say: (data) =>
      join(
        data.customer_sees === true ? 'File shown to the customer' : 'File kept from the customer',
        text(data.name) && `· ${text(data.name)}`,
      ),
  },
  'customer.file_removed': named('File removed'),
  'customer.merged': {
    kind: 'Customers merged',
    say: (data) =>
      join(
        'Merged',
        text(data.from_name) && `${text(data.from_name)}`,
        text(data.to_name) && `into ${text(data.to_name)}`,
      ),
  },
  'customer.merge_undone': fixed('Merge undone'),
  'invoice.moved': fixed('Invoice moved to another customer by a merge'),
  'invoice.draft_rewritten': {
    say: (data, ink) =>
      join(
        'Draft rewritten',
        text(data.number) && `· ${text(data.number)}`,
        amount(data, ink) && `over ${amount(data, ink)}`,
      ),
  },
  'invoice.draft_deleted': { ...named('Draft deleted', 'number'), tone: 'bad' },
  'item.added': named('Item added'),
  'item.changed': named('Item changed'),
  'item.removed': { ...named('Item removed'), tone: 'bad' },
  'tax_rate.added': named('Tax rate added'),
  'tax_rate.changed': named('Tax rate changed'),
  'invoice_terms.added': named('Terms added'),
  'invoice_terms.removed': named('Terms removed'),
};

const outcomes: Record<string, string> = {
  'chargeback.evidence_sent': 'Evidence against a chargeback sent',
  'chargeback.won': 'Chargeback won',
  'chargeback.lost': 'Chargeback lost',
};
const ofOutcome = (type: keyof typeof outcomes, tone?: Words['tone']): Words =>
  withAmount((sum) => join(outcomes[type] ?? '', sum && `· ${sum}`), tone);

/** Chargebacks, payouts and deposits: money between bank, gateway and books. */
export const bankWords: Record<string, Words> = {
  'payment.disputed': {
    say: (data) => join('Taken back by the payer’s bank', text(data.reason) && `· ${text(data.reason)}`),
    tone: 'bad',
  },
  'chargeback.opened': {
    say: (data, ink) =>
      join(
        'Chargeback',
        amount(data, ink) && `of ${amount(data, ink)}`,
        text(data.reason) && `· ${text(data.reason)}`,
      ),
    tone: 'bad',
  },
  'chargeback.evidence_given': {
    say: (data) => join('Evidence against a chargeback given', list(data.files) && `· ${list(data.files)}`),
  },
  'chargeback.evidence_sent': ofOutcome('chargeback.evidence_sent'),
  'chargeback.won': ofOutcome('chargeback.won', 'good'),
  'chargeback.lost': ofOutcome('chargeback.lost', 'bad'),
  'payout.in_transit': withAmount((sum) => join('Payout', sum && `of ${sum}`, 'on its way to the bank')),
  'payout.paid': withAmount((sum) => join('Payout', sum && `of ${sum}`, 'arrived at the bank'), 'good'),
  'payout.failed': withAmount((sum) => join('Payout', sum && `of ${sum}`, 'failed'), 'bad'),
  'payout.needs_attention': withAmount((sum) => join('Payout', sum && `of ${sum}`, 'does not add up'), 'bad'),
  'payout.resolved': {
    say: (data) =>
      join('Payout that did not add up resolved', text(data.resolution) && `· ${text(data.resolution)}`),
    tone: 'good',
  },
  'payout.assigned': {
    kind: 'Payout given to somebody',
    say: ({ owner_id }) =>
      owner_id ? 'Payout given to somebody to look at' : 'Payout is nobody’s to look at',
  },
  'deposit.made': withAmount((sum) => join('Deposit', sum && `of ${sum}`, 'made'), 'good'),
  'deposit.undone': withAmount((sum) => join('Deposit', sum && `of ${sum}`, 'undone'), 'bad'),
};
