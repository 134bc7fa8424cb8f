import { readFile } from 'node:fs/promises';
import type { Command, CommandResult } from '#commands/command.ts';
import { systemActor } from '#db/db.ts';
import { loadCardRanges, readRangeLists } from '#features/card-fees/card-ranges.ts';
import { readRangeList } from '#features/card-fees/read-range-list.ts';
import { dateIn, isCalendarDate, systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { sha256 } from '#lib/secrets.ts';
import { openForCommand } from '#open-database.ts';

const actor = systemActor('owed card-ranges');

/** What stands behind a card, by its first digits: for gateways that do not say it. */
export const cardRanges: Command = {
  usage: '[load FILE --source WHERE --date DAY]   lists that say which cards are credit, debit or prepaid',
  options: { source: { type: 'string' }, date: { type: 'string' } },
  async run({ config, values, positionals: [verb, file] }) {
    const now = systemNow();
    const ask = verb === undefined ? undefined : askOf({ verb, file, ...values }, dateIn('UTC', now));
    const text = ask && (await readFile(ask.file, 'utf8'));
    const { db, close } = await openForCommand(config);
    try {
      if (!ask || text === undefined) return listed(await db.transaction(actor, readRangeLists));
      const list = readRangeList(text);
      const input = { list, source: ask.source, datedOn: ask.date, sha256: sha256(text) };
      const loaded = await db.transaction(actor, (tx) => loadCardRanges(tx, input, now));
      const result = { ...loaded, rows: list.rows, skipped: list.skipped };
      const skipped = list.skipped === 0 ? '' : ` ${list.skipped} of ${list.rows} rows said nothing usable.`;
      return {
        result,
        text: `${loaded.ranges} ranges loaded; ${loaded.cards} stored cards are known by them.${skipped}`,
      };
    } finally {
      await close();
    }
  },
};

type Given = { verb: string; file: string | undefined; source?: unknown; date?: unknown };

function askOf({ verb, file, source, date }: Given, today: string) {
  if (verb !== 'load' || file === undefined)
    throw new Refusal(
      'invalid_request',
      'Say which file: owed card-ranges load FILE --source WHERE --date DAY',
    );
  if (typeof source !== 'string' || source.trim() === '')
    throw new Refusal('invalid_request', 'Say where the file is from: --source "Visa, by our acquirer"');
  if (typeof date !== 'string' || !isCalendarDate(date) || date > today)
    throw new Refusal('invalid_request', 'Say the day on which the file was true: --date 2026-10-01');
  return { file, source: source.trim().slice(0, 300), date };
}

function listed(lists: Awaited<ReturnType<typeof readRangeLists>>): CommandResult {
  const lines = lists.map(({ source, datedOn, ranges }) => `${source}, of ${datedOn}: ${ranges} ranges`);
  return {
    result: { lists },
    text: lines.length > 0 ? lines.join('\n') : 'No list of card ranges is loaded.',
  };
}
