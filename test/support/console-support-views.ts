import type { ConsoleCompany } from './console-company.ts';
import type { View } from './console-press.ts';

/** Questions of customers, and what staff asks the host. */
export const supportViews = (ids: ConsoleCompany['ids']): View[] => [
  { name: 'tickets', path: '/tickets' },
  { name: 'tickets-all', path: '/tickets?status=all&category=invoice' },
  { name: 'tickets-none', path: '/tickets?status=closed' },
  { name: 'ticket', path: `/tickets/${ids.ticket}` },
  { name: 'ticket-solved', path: `/tickets/${ids.solvedTicket}` },
  {
    name: 'ticket-note',
    path: `/tickets/${ids.ticket}`,
    open: (page) => page.getByRole('button', { name: 'Note for the desk' }).click(),
  },
  { name: 'support-requests', path: '/help/requests' },
  { name: 'support-request', path: `/help/requests/${ids.request}` },
  {
    name: 'support-ask',
    path: '/help/requests/new',
    open: async (page) => {
      await page.getByLabel('Subject').fill('refund a payment');
      await page.getByText('This may answer it at once').waitFor();
    },
  },
  // The desk of the host: whoever is none is told so.
  { name: 'host-desk-refused', path: '/help/desk', expected: /403/ },
];
