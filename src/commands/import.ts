import { sql } from 'kysely';
import type { Command } from '#commands/command.ts';
import { type Database, systemActor } from '#db/db.ts';
import { type FileImportResult, importFile } from '#features/imports/cli.ts';
import { importKinds, isImportKind } from '#features/imports/field-rules.ts';
import { Refusal } from '#lib/errors.ts';
import { openForCommand } from '#open-database.ts';

/** `--format date=MDY`, `--map "Column=field"`: given as often as needed. */
function pairs(given: unknown, name: string): Record<string, string> {
  const texts = Array.isArray(given) ? given.map(String) : [];
  return Object.fromEntries(
    texts.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new Refusal('invalid_request', `--${name} "${pair}": write it as name=value.`);
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    }),
  );
}

/** The organization that is named, or the only one there is. */
async function organizationOf(db: Database, named: unknown): Promise<string> {
  const rows = await db.transaction(systemActor('owed import'), (tx) =>
    tx.rows<{ id: string; name: string }>(sql`select id, name from organizations order by id limit 20`),
  );
  if (typeof named === 'string') {
    const found = await db.transaction(systemActor('owed import'), (tx) =>
      tx.row(sql`select id from organizations where id = ${named}`),
    );
    if (!found) throw new Refusal('not_found', `There is no organization ${named}.`);
    return named;
  }
  const [only] = rows;
  if (only && rows.length === 1) return only.id;
  const list = rows.map(({ id, name }) => `  ${id}  ${name}`).join('\n');
  throw new Refusal(
    'invalid_request',
    rows.length === 0
      ? 'There is no organization yet: set one up first.'
      : `Say which organization: --organization ID\n${list}`,
  );
}

function inWords(result: FileImportResult, dryRun: boolean): string {
  const head =
    `${dryRun ? 'Would create' : 'Created'} ${result.created}, ${dryRun ? 'update' : 'updated'} ${result.updated}, ` +
    `unchanged ${result.unchanged}, left out ${result.rejected} of ${result.rows} rows.`;
  const problems = result.problems
    .slice(0, 20)
    .map(({ line, column, value, reason }) => `  line ${line}, ${column} "${value}": ${reason}`);
  return [
    head,
    ...problems,
    ...(result.problems.length > 20 ? [`  … and ${result.problems.length - 20} more`] : []),
  ].join('\n');
}

export const importCommand: Command = {
  usage:
    'customers|items|invoices FILE [--dry-run] [--organization ID] [--map Column=field …] [--format date=MDY …]',
  options: {
    organization: { type: 'string' },
    'dry-run': { type: 'boolean' },
    map: { type: 'string', multiple: true },
    format: { type: 'string', multiple: true },
  },
  async run({ config, values, positionals, say }) {
    const [kind, path] = positionals;
    if (!isImportKind(kind) || !path) {
      throw new Refusal(
        'invalid_request',
        `Say what and from which file: ${importKinds.map((each) => `owed import ${each} FILE`).join(', or ')}`,
      );
    }
    const database = await openForCommand(config);
    try {
      const organizationId = await organizationOf(database.db, values.organization);
      const dryRun = values['dry-run'] === true;
      const result = await importFile(database.db, {
        organizationId,
        kind,
        path,
        dryRun,
        mapping: pairs(values.map, 'map'),
        formats: pairs(values.format, 'format'),
        onProgress: ({ rowsDone, rowsTotal }) => say(`${rowsDone} of ${rowsTotal} rows`),
      });
      return {
        ok: result.rejected === 0 || dryRun,
        result: { organization_id: organizationId, ...result },
        text: inWords(result, dryRun),
      };
    } finally {
      await database.close();
    }
  },
};
