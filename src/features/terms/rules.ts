import { addDays, addMonths, type CalendarDate } from '#lib/dates.ts';

export const countedFrom = ['invoice_date', 'end_of_month'] as const;
export type Terms = { days: number; countedFrom: (typeof countedFrom)[number] };

const endOfMonth = (date: CalendarDate): CalendarDate => addDays(addMonths(`${date.slice(0, 8)}01`, 1), -1);

/** Net 30 of an invoice of today, or 10 days after the end of its month. */
export const dueDateUnder = (terms: Terms, invoiceDate: CalendarDate): CalendarDate =>
  addDays(terms.countedFrom === 'end_of_month' ? endOfMonth(invoiceDate) : invoiceDate, terms.days);

/** What most businesses write on their invoices. */
export const usualTerms: readonly (Terms & { name: string })[] = [
  { name: 'Due on receipt', days: 0, countedFrom: 'invoice_date' },
  { name: 'Net 15', days: 15, countedFrom: 'invoice_date' },
  { name: 'Net 30', days: 30, countedFrom: 'invoice_date' },
  { name: 'Net 60', days: 60, countedFrom: 'invoice_date' },
];
