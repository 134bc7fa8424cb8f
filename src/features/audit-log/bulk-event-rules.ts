import { text, type Words } from '#features/audit-log/event-phrase-rules.ts';
import { listNames } from '#features/downloads/list-name-rules.ts';

const actions: Record<string, string> = {
  send: 'Send',
  remind: 'Send reminders',
  void: 'Void',
  reminders_off: 'Reminders off',
  reminders_on: 'Reminders on',
  pdf_zip: 'PDFs as an archive',
  pdf_print: 'One PDF to print',
  issue: 'Issue drafts',
  delete_drafts: 'Delete drafts',
  send_statement: 'Send statements',
  invite: 'Invite to the portal',
  set_type: 'Set the type',
  set_policy: 'Set the dunning policy',
  deactivate: 'Deactivate',
  reactivate: 'Activate again',
};
const action = (data: Record<string, unknown>): string => actions[text(data.action) ?? ''] ?? 'Bulk action';
const names: Readonly<Record<string, string>> = listNames;
const listOf = (data: Record<string, unknown>): string => names[text(data.list) ?? ''] ?? 'A list';
const count = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** What was done with many at once, and taken along. */
export const bulkWords: Record<string, Words> = {
  'bulk_action.asked': { say: (data) => `${action(data)}: asked for ${count(data.rows)} at once` },
  'bulk_action.done': {
    say: (data) => `${action(data)}: ${count(data.done)} done, ${count(data.refused)} left out`,
    tone: 'good',
  },
  'bulk_action.cancelled': {
    say: (data) => `${action(data)}: stopped after ${count(data.done)}`,
    tone: 'bad',
  },
  'list_file.asked': { say: (data) => `${listOf(data)}: asked for as a file` },
  'list_file.done': {
    say: (data) => `${listOf(data)}: made as a file of ${count(data.rows)} rows`,
    tone: 'good',
  },
  'list_file.cancelled': { say: (data) => `${listOf(data)}: the file was stopped`, tone: 'bad' },
  'list_file.failed': { say: (data) => `${listOf(data)}: the file could not be made`, tone: 'bad' },
  'data_export.asked': { say: () => 'Export of everything asked for' },
  'data_export.done': { say: () => 'Export of everything made', tone: 'good' },
  'data_export.cancelled': { say: () => 'Export of everything stopped', tone: 'bad' },
  'data_export.failed': { say: () => 'Export of everything could not be made', tone: 'bad' },
};
