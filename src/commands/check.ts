import { sql } from 'kysely';
import type { Command } from '#commands/command.ts';
import { systemActor } from '#db/db.ts';
import { checkLedger, type LedgerReport } from '#features/ledger/check-ledger.ts';
import { openForCommand } from '#open-database.ts';

export const check: Command = {
  usage: '[--organization ID]   rebuild every balance and document, and report the drift',
  options: { organization: { type: 'string' } },
  async run({ config, values }) {
    const database = await openForCommand(config);
    try {
      const organizations =
        typeof values.organization === 'string'
          ? [{ id: values.organization }]
          : await database.db.transaction(systemActor('owed check'), (tx) =>
              tx.rows<{ id: string }>(sql`select id from organizations order by id`),
            );
      const reports: LedgerReport[] = [];
      for (const { id } of organizations) reports.push(await checkLedger(database.db, id));
      const total = (key: 'entries' | 'invoices' | 'payments' | 'documents' | 'drift') =>
        reports.reduce((sum, report) => sum + report[key], 0);
      const result = {
        organizations: reports.length,
        entries: total('entries'),
        invoices: total('invoices'),
        payments: total('payments'),
        documents: total('documents'),
        drift: total('drift'),
        problems: reports.flatMap((report) => report.problems).slice(0, 100),
      };
      return {
        ok: result.drift === 0,
        result,
        text: [
          `${result.entries} entries, ${result.invoices} invoices, ${result.payments} payments,`,
          `${result.documents} documents rebuilt: ${result.drift === 0 ? 'no drift' : `DRIFT in ${result.drift}`}`,
          ...result.problems.map((problem) => `\n  ${problem}`),
        ].join(' '),
      };
    } finally {
      await database.close();
    }
  },
};
