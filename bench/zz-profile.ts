import { sql } from 'kysely';
import { planDay, scanOpen, nearFees, awaitsDecision, decideAll } from '#features/reminders/plan-day.ts';
import { readFacts } from '#features/reminders/read-facts.ts';
import { readNextFees } from '#features/reminders/read-next-fees.ts';
import { writeHolds } from '#features/reminders/write-holds.ts';
import { makeSecrets } from '#lib/secrets.ts';
import { fill, newOrganization, withDatabase } from './support/database.ts';
const n = Number(process.env.N ?? 20000);
const batch = Number(process.env.BATCH ?? 500);
const today = '2026-11-20';
const now = new Date(`${today}T12:00:00Z`);
const makings = { secrets: makeSecrets(Buffer.alloc(32, 1)), outbox: { baseUrl: 'http://b.test', host: 'b.test', hasSmtp: false, fromEmail: 'n@b.test' } };
export async function run() {
  return withDatabase(async ({ db }) => {
    const variants: [string, string[]][] = [
      ['as is', []],
      ['no org fk', ['alter table reminders drop constraint reminders_organization_id_fkey']],
      ['no customer fk', ['alter table reminders drop constraint reminders_organization_id_customer_id_fkey']],
      ['no customer index', ['drop index reminders_customer']],
      ['async', ['alter database postgres set synchronous_commit = off']],
    ];
    let tag = 0;
    for (const [name, ddl] of variants) {
      for (const each of ddl) await db.pool.query(each).catch((e) => console.log(String(e)));
      tag += 1;
      const organizationId = await newOrganization(db);
      await fill(db.pool, organizationId, { customers: n / 20, invoices: n, open: n, tag });
      await db.pool.query(`update organizations set automatic_messages_since = '2020-01-01' where id = $1`, [organizationId]);
      await db.pool.query('update invoices set due_date = due_date - 12 where organization_id = $1', [organizationId]);
      await db.pool.query('update customers set send_reminders = false where organization_id = $1', [organizationId]);
      await db.pool.query('vacuum analyze invoices, customers');
      const actor = { kind: 'job', organizationId, name: 'x' } as const;
      const took: Record<string, number> = {};
      const t = async <T>(key: string, work: () => Promise<T> | T): Promise<T> => {
        const at = performance.now();
        const result = await work();
        took[key] = (took[key] ?? 0) + performance.now() - at;
        return result;
      };
      const pass = async () => {
        const plan = { ...(await db.transaction(actor, (tx) => planDay(tx, { ...makings, organizationId, today }, now))), batchSize: batch };
        let after: any;
        const all = performance.now();
        do {
          const from = after;
          let inner = 0;
          const b = performance.now();
          after = await db.transaction(actor, async (tx) => {
            const s = performance.now();
            const scanned = await t('scan', () => scanOpen(tx, plan, from));
            const fees = await t('fees', () => readNextFees(tx, plan, nearFees(plan, scanned)));
            const ids = scanned.filter((e) => awaitsDecision(plan, e, fees)).map(({ id }) => id);
            if (ids.length > 0) {
              const facts = await t('facts', () => readFacts(tx, organizationId, sql`i.id = any(${ids})`));
              const decided = await t('decide', () => decideAll(plan, facts, fees));
              await t('write', () => writeHolds(tx, plan, decided));
            }
            inner = performance.now() - s;
            return scanned.length < plan.batchSize ? undefined : scanned.at(-1);
          });
          took.begincommit = (took.begincommit ?? 0) + (performance.now() - b - inner);
        } while (after);
        took.all = performance.now() - all;
      };
      await pass();
      console.log(name.padEnd(20), 'first', JSON.stringify(took, (_, v) => (typeof v === 'number' ? Math.round(v) : v)));
      for (const key of Object.keys(took)) delete took[key];
      await pass();
      console.log(name.padEnd(20), 'again', JSON.stringify(took, (_, v) => (typeof v === 'number' ? Math.round(v) : v)));
    }
    return [];
  });
}
