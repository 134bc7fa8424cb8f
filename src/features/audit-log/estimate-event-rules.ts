import { amount, join, text, type Words } from '#features/audit-log/event-phrase-rules.ts';

const named = (verb: string, tone?: Words['tone']): Words => ({
  say: (data, ink) =>
    join('Estimate', text(data.number), verb, amount(data, ink) && `· ${amount(data, ink)}`),
  ...(tone ? { tone } : {}),
});
const answered = (verb: string, tone: Words['tone']): Words => ({
  say: (data, ink) =>
    join(
      'Estimate',
      text(data.number),
      verb,
      text(data.name) && `by ${text(data.name)}`,
      amount(data, ink) && `· ${amount(data, ink)}`,
      text(data.reason) && `· ${text(data.reason)}`,
    ),
  ...(tone ? { tone } : {}),
});

/** What happened to estimates, and to invoices as machines read them. */
export const estimateWords: Record<string, Words> = {
  'estimate.created': named('written'),
  'estimate.updated': named('changed'),
  'estimate.sent': { say: (data) => join('Estimate', text(data.number), 'sent'), tone: 'accent' },
  'estimate.viewed': { say: (data) => join('Estimate', text(data.number), 'opened by the customer') },
  'estimate.accepted': answered('accepted', 'good'),
  'estimate.declined': answered('declined', 'bad'),
  'estimate.deposit_billed': {
    kind: 'Deposit of an estimate billed',
    say: (data, ink) =>
      join('Deposit billed as', text(data.invoice), amount(data, ink) && `· ${amount(data, ink)}`),
    tone: 'accent',
  },
  'estimate.billed': {
    kind: 'Estimate billed',
    say: (data, ink) =>
      join(
        'Estimate',
        text(data.number),
        'billed as',
        text(data.invoice),
        amount(data, ink) && `· ${amount(data, ink)}`,
      ),
    tone: 'accent',
  },
  'credit_memo.sent': { say: (data) => join('Credit memo', text(data.number), 'sent'), tone: 'accent' },
  'e_invoice.policy_set': { say: () => 'Structured e-invoices of the organization changed' },
  'e_invoice.buyer_set': { say: () => 'Structured e-invoice of the customer changed' },
};
