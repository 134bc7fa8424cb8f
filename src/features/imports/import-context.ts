import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { proposeMapping } from '#features/imports/mapping-rules.ts';
import type { ImportBatch } from '#features/imports/queries.ts';
import { type ImportPlan, planImport } from '#features/imports/row-rules.ts';
import { organizationNow } from '#lib/clock.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

/** What work on a batch rests on, beside its rows. */
export type ImportContext = { actor: Actor; batch: ImportBatch; plan: ImportPlan; now: Date; today: string };

type Seller = { currency: string; termsDays: number; timeZone: string; clockOffsetMs: bigint };

/** The plan is made once for a run: it remembers dates it has read. */
export async function makePlan(tx: Tx, batch: ImportBatch): Promise<{ plan: ImportPlan; seller: Seller }> {
  const { kind, header, mapping, formats } = batch;
  const seller = must(
    await tx.row<Seller>(sql`select currency, terms_days, time_zone, clock_offset_ms
    from organizations where id = ${batch.organizationId}`),
    'the organization',
  );
  const { layout } = proposeMapping(kind, header, []);
  const plan = planImport({
    kind,
    headers: header,
    mapping,
    formats,
    currency: seller.currency,
    layout,
    termsDays: seller.termsDays,
  });
  return { plan, seller };
}

export function contextOf(
  actor: Actor,
  batch: ImportBatch,
  made: { plan: ImportPlan; seller: Seller },
): ImportContext {
  const now = organizationNow(made.seller);
  return { actor, batch, plan: made.plan, now, today: dateIn(made.seller.timeZone, now) };
}
