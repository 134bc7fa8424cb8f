import { customersFile } from '#features/customers/list-file.ts';
import type { ListFiles } from '#features/downloads/write-list-file.ts';
import { invoiceLinesFile, invoicesFile } from '#features/invoices/list-file.ts';
import { paymentsFile } from '#features/payments/list-file.ts';

/** Every list of the console as a file, each as its own room says. */
export const listFiles: ListFiles = {
  invoices: invoicesFile,
  invoice_lines: invoiceLinesFile,
  customers: customersFile,
  payments: paymentsFile,
};
