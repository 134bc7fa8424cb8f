import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';

/** For looks at tables that grow meanwhile: a plan made while one was small would be kept until it hurts. */
export const planEachTime = (tx: Tx): Promise<number> =>
  tx.run(sql`set local plan_cache_mode = force_custom_plan`);

/** For writes: the checks of foreign keys, row by row, would be planned each time as well: half the work. */
export const planOnce = (tx: Tx): Promise<number> => tx.run(sql`set local plan_cache_mode = auto`);
