import { sql } from 'kysely';
import { readBulkAction } from '#features/bulk-actions/queries.ts';
import type { Ask } from '#features/bulk-actions/read-chosen.ts';
import {
  cancelBulkAction,
  previewBulkAction,
  startBulkAction,
} from '#features/bulk-actions/start-bulk-action.ts';
import { workBulkAction } from '#features/bulk-actions/work-bulk-action.ts';
import { type Books, secrets } from './given.ts';

const outbox = {
  baseUrl: 'http://owed.test',
  host: 'owed.test',
  hasSmtp: false,
  fromEmail: 'no-reply@owed.test',
};
export const makings = { secrets, outbox };

type Asked = Pick<Ask, 'action' | 'chosen'> & Partial<Pick<Ask, 'settings'>>;
const full = (books: Books, asked: Asked): Ask => ({
  organizationId: books.organizationId,
  today: '2026-03-02',
  settings: {},
  ...asked,
});

/** What a test does with bulk actions. */
export const bulk = {
  preview: (books: Books, asked: Asked) => books.tx((tx) => previewBulkAction(tx, full(books, asked))),
  start: async (books: Books, asked: Asked): Promise<string> => {
    const { bulkActionId } = await books.tx((tx) =>
      startBulkAction(tx, books.actor, full(books, asked), books.now),
    );
    return bulkActionId;
  },
  work: (books: Books, bulkActionId: string, batch = 3) =>
    workBulkAction(
      { db: books.db, ...makings },
      { organizationId: books.organizationId, bulkActionId },
      () => books.now,
      batch,
    ),
  cancel: (books: Books, bulkActionId: string) =>
    books.tx((tx) =>
      cancelBulkAction(tx, books.actor, { organizationId: books.organizationId, bulkActionId }, books.now),
    ),
  read: (books: Books, id: string) => books.tx((tx) => readBulkAction(tx, books.organizationId, id)),
  /** The rule of each row; null: it was done. */
  async rules(books: Books, id: string): Promise<Record<string, string | null>> {
    const rows = await books.tx((tx) =>
      tx.rows<{ rowId: string; rule: string | null }>(sql`select row_id, rule from bulk_action_rows
        where organization_id = ${books.organizationId} and bulk_action_id = ${id}`),
    );
    return Object.fromEntries(rows.map(({ rowId, rule }) => [rowId, rule]));
  },
  /** How many messages each invoice has had. */
  async mails(books: Books): Promise<{ invoiceId: string | null; kind: string }[]> {
    return books.tx((tx) =>
      tx.rows(
        sql`select invoice_id, kind from messages where organization_id = ${books.organizationId} order by id`,
      ),
    );
  },
};
