import { addressee, type Column, composeSheet, facts, figures, withDirection } from './compose-sheet.ts';
import type { ReminderDocument } from './document.ts';
import { plainText } from './plain-text.ts';
import { typeset } from './typeset.ts';

const columns: Column[] = [
  { title: 'Invoice', width: 'wide', numeric: false },
  { title: 'Invoice date', width: 'wide', numeric: false },
  { title: 'Due date', width: 'wide', numeric: false },
  { title: 'Days late', width: 'auto', numeric: true },
  { title: 'Total', width: 'auto', numeric: true },
  { title: 'Balance due', width: 'auto', numeric: true },
];

/** The formal reminder as it is filed: set on the sheet of a receipt, which is a table under a few words. */
export function reminderPdf(reminder: ReminderDocument): Promise<Buffer> {
  const { createdAt, organization } = reminder;
  return typeset('receipt', composeReminder(reminder), { createdAt, logo: organization.logo });
}

function composeReminder(reminder: ReminderDocument): Record<string, unknown> {
  const say = figures(reminder);
  const count = reminder.invoices.length;
  return withDirection({
    ...composeSheet(reminder, 'Reminder'),
    mark: { word: `Level ${reminder.level}`, tone: 'quiet' },
    facts: facts([
      ['Date', say.date(reminder.madeOn)],
      ['Invoices', String(count)],
    ]),
    parties: [addressee('To', reminder.customer)],
    panel: {
      label: 'Past due',
      amount: say.money(reminder.balanceDue),
      note: 'Payable at once',
      filled: true,
    },
    notice: plainText(reminder.words),
    columns,
    rows: reminder.invoices.map((each) => ({
      cells: [
        plainText(each.number),
        say.date(each.invoiceDate),
        say.date(each.dueDate),
        String(each.daysLate),
        say.money(each.total),
        say.money(each.balanceDue),
      ],
      taxable: false,
      whole: true,
    })),
    legend: null,
    sums: [{ label: 'Balance due', amount: say.money(reminder.balanceDue), weight: 'strong' }],
    memo: null,
  });
}
