import type { z } from 'zod';
import type { Actor } from '#db/db.ts';
import type { listWorklist } from '#features/collections/api.ts';
import { camel } from '#lib/casing.ts';

/** What the desk is asked for: `me` is whoever asks, and a key is nobody. */
export function worklistFilter(actor: Actor, query: z.output<typeof listWorklist.query>) {
  const me = actor.kind === 'user' ? actor.userId : 'nobody';
  const { min_amount: least, assignee, ...rest } = query;
  return {
    ...camel(rest),
    assignee: assignee === 'me' ? me : assignee,
    ...(least === undefined ? {} : { minAmount: BigInt(least) }),
  };
}
