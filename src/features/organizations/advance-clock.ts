import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { bringTextsForward } from '#features/correspondence/bring-texts-forward.ts';
import { organizationNow } from '#lib/clock.ts';
import { systemNow } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';

/**
 * What falls due as a sandbox organization's time passes, in the order of a day (money.md, after the
 * promises).
 */
export type DailyWork = (organizationId: string, now: Date) => Promise<void>;

/** Move a sandbox organization's clock forward a day at a time, doing what falls due on the way, in order. */
export async function advanceClock(
  db: Database,
  work: DailyWork,
  actor: Actor & { organizationId: string },
  days: number,
): Promise<{ now: Date }> {
  let now = new Date(0);
  for (let day = 1; day <= days; day += 1) {
    now = await db.transaction(actor, (tx) =>
      skipDay(tx, actor, { organizationId: actor.organizationId, last: day === days, days }),
    );
    await work(actor.organizationId, now);
  }
  return { now };
}

async function skipDay(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; last: boolean; days: number },
): Promise<Date> {
  const organization = must(
    await tx.row<{ mode: string; clockOffsetMs: bigint }>(sql`
    select mode, clock_offset_ms from organizations where id = ${input.organizationId} for update`),
    'the organization',
  );
  if (organization.mode !== 'sandbox') {
    throw new Refusal(
      'state_refused',
      'Only a sandbox organization’s clock can be moved: a live one keeps real time.',
    );
  }
  await bringTextsForward(tx, actor, input.organizationId, systemNow());
  const clockOffsetMs = organization.clockOffsetMs + 86_400_000n;
  await tx.run(
    sql`update organizations set clock_offset_ms = ${clockOffsetMs} where id = ${input.organizationId}`,
  );
  const now = organizationNow({ clockOffsetMs });
  if (input.last) {
    await record(tx, { actor, organizationId: input.organizationId, now }, [
      { type: 'organization.clock_advanced', subjectId: input.organizationId, data: { days: input.days } },
    ]);
  }
  return now;
}
