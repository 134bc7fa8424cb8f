import { listFile } from '#features/downloads/list-file.ts';
import * as api from '#features/imports/api.ts';
import { listImports } from '#features/imports/queries.ts';
import { camel } from '#lib/casing.ts';

export const importsFile = listFile({
  list: api.listImports,
  title: 'Imports',
  read: ({ tx, organization, query }) => listImports(tx, organization.id, camel(query)),
})([
  ['Id', 'text', (row) => row.id],
  ['Of', 'text', (row) => row.kind],
  ['File', 'text', (row) => row.file_name],
  ['State', 'text', (row) => row.state],
  ['Rows', 'count', (row) => row.rows_total],
  ['Refused', 'count', (row) => row.rows_rejected],
  ['New', 'count', (row) => row.created_count],
  ['Changed', 'count', (row) => row.updated_count],
  ['Unchanged', 'count', (row) => row.unchanged_count],
  ['What went wrong', 'text', (row) => row.error],
  ['Begun', 'date', (row) => row.created_at],
  ['Imported', 'date', (row) => row.imported_at],
  ['Undone', 'date', (row) => row.undone_at],
]);
