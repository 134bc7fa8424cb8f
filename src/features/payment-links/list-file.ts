import { currency, listFile, money } from '#features/downloads/list-file.ts';
import * as api from '#features/payment-links/api.ts';
import { readPaymentLinks } from '#features/payment-links/queries.ts';
import { stateOfLink } from '#features/payment-links/rules.ts';
import { camel } from '#lib/casing.ts';

/** The payment links of a customer, without their addresses: whoever has one of those can open it. */
export const paymentLinksFile = listFile({
  list: api.listPaymentLinks,
  title: 'Payment links',
  read: async ({ tx, organization, now, query }) => {
    const { rows, hasMore } = await readPaymentLinks(tx, organization.id, camel(query));
    return { data: rows.map((row) => ({ ...row, state: stateOfLink(row, now) })), has_more: hasMore };
  },
})([
  ['Id', 'text', (row) => row.id],
  ['For', 'text', (row) => row.description],
  ['State', 'text', (row) => row.state],
  currency,
  money('Amount', (row) => row.amount),
  ['Fixed', 'text', (row) => (row.isFixed ? 'Y' : 'N')],
  money('Paid', (row) => row.payment?.amount ?? null),
  ['Sent to', 'text', (row) => row.sentTo],
  ['Made', 'date', (row) => row.createdAt],
  ['Expires', 'date', (row) => row.expiresAt],
]);
