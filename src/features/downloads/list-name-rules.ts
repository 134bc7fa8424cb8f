/** Every list that can be had as a file, as pages and the API name it. */
export const listNames = {
  invoices: 'Invoices',
  invoice_lines: 'Lines of invoices',
  customers: 'Customers',
  payments: 'Payments',
} as const;
export type ListName = keyof typeof listNames;
export const allLists = Object.keys(listNames) as [ListName, ...ListName[]];

/** So many rows can be ticked. */
export const mostChosen = 1000;
