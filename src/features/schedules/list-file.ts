import { currency, listFile, money } from '#features/downloads/list-file.ts';
import * as api from '#features/schedules/api.ts';
import { listSchedules } from '#features/schedules/queries.ts';
import { frequencyWords, occurrenceWords } from '#features/schedules/rules.ts';
import { camel } from '#lib/casing.ts';

export const schedulesFile = listFile({
  list: api.listSchedules,
  title: 'Schedules',
  read: ({ tx, organization, query }) => listSchedules(tx, organization.id, camel(query)),
})([
  ['ID', 'text', (row) => row.id],
  ['Type', 'text', (row) => row.kind],
  ['Status', 'text', (row) => row.state],
  ['Payment plan', 'text', (row) => row.payment_plan_id],
  ['Description', 'text', (row) => row.description],
  ['Customer', 'text', (row) => row.customer_name],
  ['Frequency', 'text', frequencyWords],
  money('Amount', (row) => row.amount),
  currency,
  ['Start', 'date', (row) => row.starts_on],
  ['Next run', 'date', (row) => row.next_on],
  ['Occurrences', 'text', (row) => occurrenceWords({ times: row.times, endsOn: row.ends_on }, row.taken)],
]);
