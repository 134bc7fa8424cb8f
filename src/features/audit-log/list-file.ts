import * as api from '#features/audit-log/api.ts';
import { areas } from '#features/audit-log/kind-rules.ts';
import { listAudit } from '#features/audit-log/read-audit-log.ts';
import { listFile } from '#features/downloads/list-file.ts';
import { camel } from '#lib/casing.ts';

type Detail = { field: string; before?: string | undefined; after: string };
const changesOf = (details: readonly Detail[]): string =>
  details
    .map(({ field, before, after }) => `${field}: ${before === undefined ? after : `${before} → ${after}`}`)
    .join('\n');

export const auditFile = listFile({
  list: api.listAudit,
  title: 'Audit log',
  read: ({ tx, organization, query }) => listAudit(tx, organization, camel(query)),
})([
  ['Time (UTC)', 'text', (row) => row.occurred_at.toISOString()],
  ['Who', 'text', (row) => row.actor.name],
  ['What happened', 'text', (row) => row.says],
  ['On', 'text', (row) => areas[row.area].title],
  ['Record', 'text', (row) => row.subject_name],
  ['Customer', 'text', (row) => row.customer?.name],
  ['Details', 'text', (row) => changesOf(row.details)],
  ['Acting as', 'text', (row) => row.actor.acting_as],
  ['From where', 'text', (row) => row.from.says],
  ['IP address', 'text', (row) => row.from.ip],
  ['Device', 'text', (row) => row.from.device],
  ['Kind', 'text', (row) => row.kind],
  ['Record id', 'text', (row) => row.subject_id],
  ['Request id', 'text', (row) => row.request_id],
  ['Entry id', 'text', (row) => row.id],
]);
