import { setCardFeePolicy } from '#features/card-fees/set-card-fee-policy.ts';
import type { Random } from '#lib/random.ts';
import { type Act, issue, payByClick, trying } from './acts.ts';
import { dayAfter } from './calendar.ts';
import type { World } from './world.ts';

/** What the way of paying changes from a moment on. */
export type PlainFees = {
  mode: 'off' | 'surcharge' | 'dual_pricing' | 'bank_discount';
  percent: string;
  cost: string;
  region: string;
  /** The most that a discount takes off. */
  most: bigint | null;
  from: Date;
};

const drawFees = (random: Random) => ({
  mode: random.pick([
    ...(['surcharge', 'surcharge', 'surcharge', 'dual_pricing', 'off'] as const),
    ...(['bank_discount', 'bank_discount'] as const),
  ]),
  percent: random.pick(['1.25', '1.9', '2', '2', '2.9', '3.5']),
  cost: random.pick(['2.35', '3.2', '3.2']),
  region: random.pick(['US-NY', 'US-TX', 'US-TX', 'US-CO', 'US-MA']),
  most: random.pick([null, 150n, 2_000n]),
});

export const setFees: Act = async (world, random) => {
  const fees = drawFees(random);
  const { books, now, today } = world;
  const { organizationId, actor } = books;
  const policy = {
    ...{
      mode: fees.mode,
      percent: fees.percent,
      flatAmount: 0n,
      costPercent: fees.cost,
      region: fees.region,
      mostAmount: fees.mode === 'bank_discount' ? fees.most : null,
    },
    ...{ channel: 'online' as const, acquirerNotifiedOn: dayAfter(today, -random.int(28, 60)) },
  };
  return trying(
    `cards cost: ${fees.mode} of ${fees.percent} % at a cost of ${fees.cost} % in ${fees.region}`,
    async () => {
      await books.tx((tx) => setCardFeePolicy(tx, actor, { organizationId, policy }, now));
      world.fees.push({ ...fees, from: now });
    },
  );
};

/** Agreements of payers who have also agreed to a surcharge of up to 3 %, as the words of theirs then say. */
export const agreeToFee: Act = async ({ books }, random) => {
  const percent = random.pick(['2', '3']);
  const { rowCount } = await books.db.pool.query(
    `update authorizations set terms = terms || jsonb_build_object('card_fee_kind', 'surcharge', 'card_fee_percent', $2::text)
     where organization_id = $1 and kind in ('autopay', 'schedule', 'payment_plan') and terms is not null`,
    [books.organizationId, percent],
  );
  return `${rowCount} agreements include a surcharge of up to ${percent} %`;
};

// Most clicks find nothing to pay, a method that costs nothing or a place that bars it: so there are many.
export const feeActs: readonly Act[] = [
  ...[setFees, agreeToFee],
  ...Array.from({ length: 8 }, () => issue),
  ...Array.from({ length: 20 }, () => payByClick),
];

export const feesAt = ({ fees }: World, at: Date): PlainFees | undefined =>
  fees.findLast(({ from }) => from <= at);
