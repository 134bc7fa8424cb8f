import type { Column, Sum } from './compose-sheet.ts';
import { addressee, composeSheet, facts, figures, optional, withDirection } from './compose-sheet.ts';
import type { ReceiptDocument } from './document.ts';
import { plainText } from './plain-text.ts';

const columns: Column[] = [
  { title: 'Invoice', width: 'wide', numeric: false },
  { title: 'Invoice date', width: 'wide', numeric: false },
  { title: 'Invoice total', width: 'auto', numeric: true },
  { title: 'Payment applied', width: 'auto', numeric: true },
  { title: 'Balance due', width: 'auto', numeric: true },
];

/** The receipt as the template prints it. */
export function composeReceipt(receipt: ReceiptDocument): Record<string, unknown> {
  const say = figures(receipt);
  const processing = receipt.status === 'processing';
  return withDirection({
    ...composeSheet(receipt, processing ? 'Payment' : 'Receipt'),
    mark: processing ? { word: 'Processing', tone: 'quiet' } : { word: 'Received', tone: 'good' },
    facts: facts([
      [processing ? 'Started' : 'Payment date', say.date(receipt.paymentDate)],
      ['Expected by', processing && receipt.expectedBy ? say.date(receipt.expectedBy) : undefined],
      ['Method', receipt.method],
      ['Reference', receipt.reference],
    ]),
    parties: [addressee(processing ? 'From' : 'Received from', receipt.customer)],
    panel: {
      label: processing ? 'Payment processing' : 'Payment received',
      amount: say.money(receipt.amount),
      note: plainText(receipt.method),
      filled: !processing,
    },
    notice: processing ? notice(receipt.expectedBy && say.date(receipt.expectedBy)) : null,
    columns,
    rows: receipt.applications.map((each) => ({
      cells: [
        plainText(each.number),
        say.date(each.invoiceDate),
        say.money(each.total),
        say.money(each.applied),
        say.money(each.balanceDue),
      ],
      taxable: false,
      whole: true,
    })),
    legend: null,
    sums: composeSums(receipt, say),
    memo: optional(receipt.memo),
  });
}

function notice(expectedBy: string | undefined): string {
  const when = expectedBy ? ` It is expected to clear by ${expectedBy}.` : '';
  const what = 'This bank debit has been submitted and has not cleared yet.';
  return `${what}${when} The balances below assume that it does.`;
}

function composeSums(receipt: ReceiptDocument, say: ReturnType<typeof figures>): Sum[] {
  const applied = receipt.applications.reduce((sum, each) => sum + each.applied.amount, 0n);
  const line = (label: string, amount: bigint, weight: Sum['weight'] = 'plain'): Sum => {
    return { label: plainText(label), amount: say.money({ amount, currency: receipt.currency }), weight };
  };
  return [
    ...(receipt.applications.length > 0 ? [line('Applied to invoices', applied)] : []),
    ...(receipt.unapplied.amount === 0n ? [] : [line('Not yet applied', receipt.unapplied.amount)]),
    ...(receipt.fees ?? []).map((fee) => line(fee.label, fee.amount.amount)),
    line(totalLabel(receipt), receipt.amount.amount, 'strong'),
  ];
}

/** With a fee of its own line, the sum is what the card was charged. */
const totalLabel = ({ status, fees = [] }: ReceiptDocument): string =>
  fees.length > 0 ? 'Total charged' : status === 'processing' ? 'Payment' : 'Payment received';
