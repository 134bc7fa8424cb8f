import { sql } from 'kysely';
import { type ChasedWorld, kinds, type PlainMessage } from './world.ts';

const lineOf = (key: string, { kind, to, listed, state }: Omit<PlainMessage, 'key'>): string =>
  `${key} ${kind} to ${to}${listed ? `, of ${listed}` : ''}: ${state}`;

/** Every message that there must be by now, a line each. */
export const mustBe = ({ messages }: ChasedWorld): string[] =>
  [...messages].map(([key, message]) => lineOf(key, message)).sort();

type Row = {
  key: string;
  kind: PlainMessage['kind'];
  channel: string;
  to: string;
  text: string;
  state: string;
  suppressedBy: string | null;
  awaitsAddress: boolean;
};

/** Every message that chases; but for those over invoices that late fees made. */
export async function readMessages({ books }: ChasedWorld): Promise<string[]> {
  const rows = await books.tx((tx) =>
    tx.rows<Row>(sql`select m.dedupe_key as key, m.kind, m.channel, m.text, m.state, m.suppressed_by, m.awaits_address,
        coalesce(m.to_phone, m.to_address->>'name', array_to_string(m.to_emails, ' ')) as "to"
      from messages m left join invoices i on i.organization_id = m.organization_id and i.id = m.invoice_id
      where m.organization_id = ${books.organizationId} and i.late_fee_of is null
        and m.kind = any(${[...kinds]})`),
  );
  return rows
    .map(({ key, kind, channel, to, text, state, suppressedBy, awaitsAddress }) => {
      const names = kind === 'statement' && channel !== 'sms' ? [...new Set(text.match(/\bN-\d{3}\b/g))] : [];
      const stands = awaitsAddress ? 'awaits' : suppressedBy ? `suppressed ${suppressedBy}` : state;
      return lineOf(key, { kind, to, listed: names.sort().join(' '), state: stands } as PlainMessage);
    })
    .sort();
}

/** What is to be paid on each invoice, with the days of its late fees. */
export const mustBeOwed = ({ invoices }: ChasedWorld): string[] =>
  invoices.map(({ number, open, feeDays }) => [number, open, ...feeDays].join(' '));

export const readOwed = ({ books }: ChasedWorld): Promise<string[]> =>
  books.tx(async (tx) => {
    const rows = await tx.rows<{ line: string }>(sql`select concat_ws(' ', i.number, i.balance_due,
        string_agg(f.fell_due_on::text, ' ' order by f.fell_due_on)) as line
      from invoices i left join late_fees f on f.organization_id = i.organization_id and f.invoice_id = i.id
      where i.organization_id = ${books.organizationId} and i.late_fee_of is null group by i.number, i.balance_due`);
    return rows.map(({ line }) => line);
  });

/** What differs, each side by itself; empty where nothing does. */
export function differences(must: readonly string[], are: readonly string[]): string {
  const lacking = must.filter((line) => !are.includes(line));
  const extra = are.filter((line) => !must.includes(line));
  if (lacking.length + extra.length === 0 && must.length === are.length) return '';
  return `was to say\n  ${lacking.join('\n  ') || 'no more'}\nand said\n  ${extra.join('\n  ') || 'no more'}`;
}

/** What has become of promises and disputes, as far as the desk tells it. */
export async function readDesk({ books }: ChasedWorld): Promise<{
  promises: ChasedWorld['promises'];
  woken: string[];
  tasks: number;
}> {
  const { organizationId } = books;
  return books.tx(async (tx) => {
    const told = await tx.rows<{
      type: string;
      count: number;
    }>(sql`select type, count(*)::int as count from events
      where organization_id = ${organizationId} and type like 'promise.%' group by type`);
    const of = (type: string): number => told.find((each) => each.type === type)?.count ?? 0;
    const tasks = await tx.rows<{ cause: string; kind: string }>(sql`select cause, kind from tasks
      where organization_id = ${organizationId} and cause is not null`);
    return {
      promises: {
        kept: of('promise.kept'),
        broken: of('promise.broken'),
        withdrawn: of('promise.withdrawn'),
      },
      woken: tasks.flatMap(({ kind, cause }) => (kind === 'dispute' ? [cause] : [])),
      tasks: tasks.filter(({ kind }) => kind === 'broken_promise').length,
    };
  });
}
