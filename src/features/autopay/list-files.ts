import * as api from '#features/autopay/api.ts';
import { listComingCharges } from '#features/autopay/list-coming-charges.ts';
import { listDeclines } from '#features/autopay/list-declines.ts';
import { presentAutopay, presentDecline } from '#features/autopay/present.ts';
import { listAutopays } from '#features/autopay/queries.ts';
import { currency, listFile, money } from '#features/downloads/list-file.ts';
import { camel } from '#lib/casing.ts';

type Method = { kind: string; brand: string; last4: string };
const methodSaid = (method: Method | null): string =>
  method ? `${method.brand} ${method.last4}`.trim() : '';

export const autopaysFile = listFile({
  list: api.listAutopays,
  title: 'Autopay',
  read: async ({ tx, organization, today, now, query }) => {
    const { rows, hasMore } = await listAutopays(tx, organization.id, camel(query), { today, now });
    return {
      data: rows.map((row) => ({ ...presentAutopay(row), currency: organization.currency })),
      has_more: hasMore,
    };
  },
})([
  ['Customer', 'text', (row) => row.customer_name],
  ['State', 'text', (row) => row.state],
  ['Method', 'text', (row) => methodSaid(row.method)],
  ['Charged', 'text', (row) => row.charge_when],
  currency,
  ['Threshold', 'text', (row) => row.threshold?.direction],
  money('Threshold amount', (row) => row.threshold?.amount ?? null),
  money('Maximum of a charge', (row) => row.maximum_amount),
  ['Notice, days', 'count', (row) => row.notice_days],
  ['Since', 'date', (row) => row.since],
  ['Next charge on', 'date', (row) => row.next_charge_on],
  ['Ended', 'date', (row) => row.ended_at],
  ['Ended why', 'text', (row) => row.ended_why],
]);

export const comingChargesFile = listFile({
  list: api.listComingCharges,
  title: 'Coming charges',
  read: ({ tx, organization, today, now, query }) =>
    listComingCharges(tx, organization.id, camel(query), { today, now }),
})([
  ['Invoice', 'text', (row) => row.number],
  ['Customer', 'text', (row) => row.customer_name],
  ['Charged on', 'date', (row) => row.charge_on],
  ['Method', 'text', (row) => methodSaid(row.method)],
  currency,
  money('Amount', (row) => row.amount),
]);

export const autopayDeclinesFile = listFile({
  list: api.listAutopayDeclines,
  title: 'Autopay declines',
  read: async ({ tx, organization, today, query }) => {
    const { rows, hasMore } = await listDeclines(tx, organization.id, camel(query), today);
    return { data: rows.map(presentDecline), has_more: hasMore };
  },
})([
  ['Customer', 'text', (row) => row.customer_name],
  ['Charged on', 'date', (row) => row.run_on],
  ['Method', 'text', (row) => methodSaid(row.method)],
  ['Invoices', 'text', (row) => row.invoices.map(({ number }) => number).join(', ')],
  currency,
  money('Amount', (row) => row.amount),
  ['Reason', 'text', (row) => row.reason],
  ['Failed', 'date', (row) => row.failed_at],
  ['Tried again on', 'date', (row) => row.next_try_on],
]);
