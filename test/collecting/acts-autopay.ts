import { setAutopay } from '#features/autopay/set-autopay.ts';
import { stopAutopay } from '#features/autopay/stop-autopay.ts';
import type { Random } from '#lib/random.ts';
import { type Act, trying } from './acts.ts';
import { told, type World } from './world.ts';

/** What a payer agreed to for a time: from a moment until it was changed, taken back, or for ever. */
export type PlainAutopay = {
  payer: number;
  method: number;
  when: 'created' | 'invoice_date' | 'due_date';
  threshold: { direction: 'at_or_below' | 'at_or_above'; amount: bigint } | null;
  maximum: bigint | null;
  noticeDays: number;
  /** Invoices issued or revised from here on. */
  since: Date;
  from: Date;
  /** Until people ended or changed it; what ended by itself is read. */
  to: Date | undefined;
};

const origin = { ip: '10.0.0.1', userAgent: 'a test' };

const drawTerms = (random: Random) => ({
  when: random.pick(['created', 'created', 'invoice_date', 'due_date', 'due_date'] as const),
  threshold: random.chance(0.35)
    ? {
        direction: random.pick(['at_or_below', 'at_or_above'] as const),
        amount: random.pick([900n, 4_000n, 10_000n, 33_333n]),
      }
    : null,
  maximum: random.chance(0.5) ? random.pick([10_000n, 14_000n, 45_000n, 300_000n]) : null,
  noticeDays: random.chance(0.2) ? random.int(1, 5) : 0,
});

export const switchOn: Act = async (world, random) => {
  const standing = world.methods.filter(({ removedAt }) => !removedAt);
  const method = random.pick(standing.length > 0 ? standing : world.methods);
  const payer = method.customer;
  const terms = drawTerms(random);
  const { books, now } = world;
  const { organizationId, actor } = books;
  const running = await standingOf(world, payer);
  const what =
    `autopay of customer ${payer} on ${told(method)}: ${terms.when}, ` +
    `${terms.threshold ? `${terms.threshold.direction} ${terms.threshold.amount}` : 'any'}, ` +
    `at most ${terms.maximum ?? '∞'}, told ${terms.noticeDays} days before`;
  return trying(what, async () => {
    const { when: chargeWhen, ...rest } = terms;
    await books.tx((tx) =>
      setAutopay(
        tx,
        actor,
        {
          ...{ organizationId, customerId: world.customers[payer]?.id ?? '', paymentMethodId: method.id },
          ...{ terms: { ...rest, chargeWhen }, agreed: { by: 'staff', name: 'Cleo', origin } },
        },
        now,
      ),
    );
    const before = world.autopays.findLast((each) => each.payer === payer && !each.to);
    if (before) before.to = now;
    const since = before && running === 'running' ? before.since : now;
    const at = world.methods.indexOf(method);
    world.autopays.push({ ...terms, payer, method: at, since, from: now, to: undefined });
  });
};

export const switchOff: Act = async (world, random) => {
  const on = world.autopays.filter(({ to }) => !to);
  if (on.length === 0) return undefined;
  const autopay = random.pick(on);
  const { books, now } = world;
  const { organizationId, actor } = books;
  const customerId = world.customers[autopay.payer]?.id ?? '';
  return trying(`autopay of customer ${autopay.payer} is switched off`, async () => {
    await books.tx((tx) =>
      stopAutopay(tx, actor, { organizationId, of: { customerId }, why: 'by_payer' }, now),
    );
    autopay.to = now;
  });
};

/** Whether the product has it running: banks end it as well. */
async function standingOf({ books, customers }: World, payer: number): Promise<'running' | 'off'> {
  const { rows } = await books.db.pool.query<{ count: number }>(
    'select count(*)::int as count from autopays where organization_id = $1 and customer_id = $2 and ended_at is null',
    [books.organizationId, customers[payer]?.id],
  );
  return rows[0]?.count === 1 ? 'running' : 'off';
}

export const autopayActs: readonly Act[] = [switchOn, switchOn, switchOn, switchOff];
