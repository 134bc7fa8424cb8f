import * as api from '#features/deposits/api.ts';
import { listDeposits } from '#features/deposits/queries.ts';
import { currency, listFile, money } from '#features/downloads/list-file.ts';
import { camel } from '#lib/casing.ts';

export const depositsFile = listFile({
  list: api.listDeposits,
  title: 'Deposits',
  read: ({ tx, organization, query }) => listDeposits(tx, organization.id, camel(query)),
})([
  ['Id', 'text', (row) => row.id],
  ['Kind', 'text', (row) => row.kind],
  ['Gateway account', 'text', (row) => row.gateway_name],
  ['Reference', 'text', (row) => row.gateway_reference],
  ['State', 'text', (row) => row.state],
  ['Made on', 'date', (row) => row.made_on],
  ['Arrives on', 'date', (row) => row.arrives_on],
  currency,
  money('Gross', (row) => row.gross),
  money('Fees', (row) => row.fees),
  money('Went back', (row) => row.returned),
  money('Unexplained', (row) => row.difference),
  money('In the bank', (row) => row.amount),
  ['Exception', 'text', (row) => row.exception],
  ['Looked after by', 'text', (row) => row.owner_name],
  ['Resolution', 'text', (row) => row.resolution],
  ['Memo', 'text', (row) => row.memo],
]);
