import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { type Actor, type Database, systemActor } from '#db/db.ts';
import { createCustomers } from '#features/customers/create-customers.ts';
import { createImport } from '#features/imports/create-import.ts';
import type { ImportKind } from '#features/imports/field-rules.ts';
import { listRows, type RowFilter } from '#features/imports/list-rows.ts';
import { type ImportBatch, readImport } from '#features/imports/queries.ts';
import { type MappingEdit, setImportMapping } from '#features/imports/set-import-mapping.ts';
import { startCheck, startImport, startUndo } from '#features/imports/start-work.ts';
import { templateCsv } from '#features/imports/templates.ts';
import { type WorkOptions, workThrough } from '#features/imports/work-through.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { checkLedger } from '#features/ledger/check-ledger.ts';
import { createOrganization } from '#features/organizations/create-organization.ts';
import { recordPayments } from '#features/payments/record-payments.ts';
import { csvLine } from '#lib/csv-line.ts';
import { must } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { makeSecrets } from '#lib/secrets.ts';
import { testDatabase } from './database.ts';

export const now = new Date('2026-04-01T12:00:00Z');

/** One organization of a test, and what is done in it. */
export class Own {
  readonly db: Database;
  readonly id: string;
  readonly actor: Actor;

  constructor(db: Database, id: string) {
    this.db = db;
    this.id = id;
    this.actor = { kind: 'job', organizationId: id, name: 'test' };
  }

  template(kind: ImportKind): string {
    return templateCsv(kind);
  }

  async upload(kind: ImportKind, text: string | Buffer, edit: MappingEdit = {}): Promise<string> {
    const file = (async function* () {
      yield Buffer.from(text);
    })();
    return this.db.transaction(this.actor, async (tx) => {
      const { importId } = await createImport(
        tx,
        this.actor,
        { organizationId: this.id, kind, fileName: 'file.csv', file },
        now,
      );
      if (Object.keys(edit).length > 0) {
        await setImportMapping(tx, this.actor, { organizationId: this.id, importId, ...edit }, now);
      }
      return importId;
    });
  }

  map(importId: string, edit: MappingEdit): Promise<void> {
    return this.db.transaction(this.actor, (tx) =>
      setImportMapping(tx, this.actor, { organizationId: this.id, importId, ...edit }, now),
    );
  }

  async customers(...names: string[]): Promise<string[]> {
    const { customerIds } = await this.db.transaction(this.actor, (tx) =>
      createCustomers(
        tx,
        this.actor,
        { organizationId: this.id, customers: names.map((displayName) => ({ displayName })) },
        now,
      ),
    );
    return customerIds;
  }

  async invoice(number: string): Promise<{ id: string; customerId: string }> {
    const [row] = await this.query<{ id: string; customerId: string }>(
      sql`select id, customer_id from invoices where number = ${number}`,
    );
    return must(row, `the invoice ${number}`);
  }

  async pay(number: string, amount: bigint): Promise<void> {
    const { id, customerId } = await this.invoice(number);
    const payment = {
      requestKey: `pay ${number} ${amount}`,
      customerId,
      kind: 'check' as const,
      source: 'staff' as const,
      amount,
      currency: 'USD',
      receivedOn: '2026-04-01',
      sendReceipt: false,
      applications: [{ invoiceId: id, amount }],
    };
    const [verdict] = await this.db.transaction(this.actor, (tx) =>
      recordPayments(tx, this.actor, { organizationId: this.id, payments: [payment] }, now),
    );
    assert.ok(verdict?.ok);
  }

  /** A message about the invoice, as sending leaves it. */
  async send(number: string): Promise<void> {
    const { id, customerId } = await this.invoice(number);
    await this.query(sql`insert into messages (organization_id, id, kind, state, route, from_name,
      from_email, to_emails,
        subject, html, text, message_id, customer_id, invoice_id, created_at)
      values (${this.id}, ${newId('message')}, 'invoice', 'sent', 'mailbox', 'A', 'a@a.example',
      '{b@b.example}', 'Invoice', '', '',
        ${number}, ${customerId}, ${id}, clock_timestamp())`);
  }

  async void(number: string): Promise<void> {
    const { id } = await this.invoice(number);
    await this.db.transaction(this.actor, (tx) =>
      voidInvoice(tx, this.actor, { organizationId: this.id, invoiceId: id, reason: 'test' }, now),
    );
  }

  read(importId: string): Promise<ImportBatch> {
    return this.db.transaction(this.actor, (tx) => readImport(tx, this.id, importId));
  }

  async check(importId: string, options: WorkOptions = {}): Promise<ImportBatch> {
    await this.db.transaction(this.actor, (tx) =>
      startCheck(tx, this.actor, { organizationId: this.id, importId }, now),
    );
    return workThrough(this.db, { organizationId: this.id, importId }, options);
  }

  start(importId: string): Promise<void> {
    return this.db.transaction(this.actor, (tx) =>
      startImport(tx, this.actor, { organizationId: this.id, importId }, now),
    );
  }

  async commit(importId: string, options: WorkOptions = {}): Promise<ImportBatch> {
    await this.start(importId);
    return workThrough(this.db, { organizationId: this.id, importId }, options);
  }

  async undo(importId: string, options: WorkOptions = {}): Promise<ImportBatch> {
    await this.db.transaction(this.actor, (tx) =>
      startUndo(tx, this.actor, { organizationId: this.id, importId }, now),
    );
    return workThrough(this.db, { organizationId: this.id, importId }, options);
  }

  async bringIn(kind: ImportKind, text: string | Buffer, edit: MappingEdit = {}): Promise<ImportBatch> {
    return this.commit(await this.upload(kind, text, edit));
  }

  rows(importId: string, filter: Partial<RowFilter> = {}) {
    return this.db.transaction(this.actor, (tx) =>
      listRows(
        tx,
        this.actor,
        { organizationId: this.id, importId },
        { limit: 100, afterLine: 0, only: 'all', ...filter },
      ),
    );
  }

  query<Row>(statement: ReturnType<typeof sql<Row>>): Promise<Row[]> {
    return this.db.transaction(this.actor, (tx) => tx.rows<Row>(statement));
  }

  async reasons(importId: string): Promise<string[]> {
    const rows = await this.query<{
      lineNo: number;
      reason: string;
    }>(sql`select line_no::int, reason from import_problems
      where batch_id = ${importId} order by line_no, problem_no`);
    return rows.map(({ lineNo, reason }) => `${lineNo}: ${reason}`);
  }

  /** The ledger balances, receivables are what invoices say is due, documents are what the log kept. */
  async isSound(): Promise<void> {
    const report = await checkLedger(this.db, this.id);
    assert.deepEqual(report.problems, []);
  }
}

/** Rows of objects with the same keys, as a file. */
export function csvOf(rows: readonly Record<string, string>[]): string {
  return [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))]
    .map((cells) => csvLine(cells))
    .join('');
}

/** A database that dies in the n-th transaction, after its work and before its commit. */
export function crashing(db: Database, at: number): Database {
  let count = 0;
  return {
    ...db,
    transaction: (actor, work, requestId) =>
      db.transaction(
        actor,
        async (tx) => {
          const result = await work(tx);
          count += 1;
          if (count === at) throw new Error('killed');
          return result;
        },
        requestId,
      ),
  };
}

const secrets = makeSecrets(Buffer.alloc(32, 1));

export const given = {
  async organization(): Promise<Own> {
    const { db } = await testDatabase();
    const { organizationId } = await db.transaction(systemActor('test'), (tx) =>
      createOrganization(
        tx,
        systemActor('test'),
        { name: 'Harbor Supply', mode: 'live', currency: 'USD', timeZone: 'America/New_York', secrets },
        now,
      ),
    );
    return new Own(db, organizationId);
  },
};
