import { sql } from 'kysely';
import { setCardFeePolicy } from '#features/card-fees/set-card-fee-policy.ts';
import type { Books } from './given.ts';

type Policy = Parameters<typeof setCardFeePolicy>[2]['policy'];

/** A surcharge of 3 % in Texas, of which the acquirer has known for long; unless something else is given. */
export const surcharge: Policy = {
  mode: 'surcharge',
  percent: '3',
  flatAmount: 0n,
  costPercent: '3.2',
  acquirerNotifiedOn: '2025-12-01',
  region: 'US-TX',
  channel: 'online',
};

export const setFees = (books: Books, policy: Partial<Policy> = {}) =>
  books.tx((tx) =>
    setCardFeePolicy(
      tx,
      books.actor,
      { organizationId: books.organizationId, policy: { ...surcharge, ...policy } },
      books.now,
    ),
  );

export const feeIncome = async (books: Books): Promise<Record<string, bigint>> => {
  const rows = await books.tx((tx) =>
    tx.rows<{ account: string; sum: bigint }>(sql`
      select account, sum(credit - debit)::bigint as sum from journal_lines
      where organization_id = ${books.organizationId} and account in ('surcharge_income', 'dual_pricing_income',
        'convenience_fee_income', 'gateway_clearing', 'refunds') group by account having sum(credit - debit) <> 0`),
  );
  return Object.fromEntries(rows.map(({ account, sum }) => [account, sum]));
};
