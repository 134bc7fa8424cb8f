import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { clearedOf } from '#features/deposits/rules.ts';
import { entryOfDeposit, type PostedDeposit, reversalOfDeposit } from '#features/ledger/deposit-rules.ts';
import { postEntries } from '#features/ledger/post-entries.ts';
import { must } from '#lib/errors.ts';

type One = { organizationId: string; depositId: string };

/** Book a deposit that stands in its row: its lines cleared, the bank has the amount, the rest was spent. */
export async function postDeposit(tx: Tx, one: One, now: Date): Promise<void> {
  await postEntries(tx, one.organizationId, [entryOfDeposit(await readPosted(tx, one))], now);
  await tx.run(sql`update deposits set posted_at = ${now}
    where organization_id = ${one.organizationId} and id = ${one.depositId}`);
}

/** Take a booked deposit back out of the books, as it stands before its row changes. */
export async function reverseDeposit(tx: Tx, one: One, now: Date): Promise<void> {
  await postEntries(tx, one.organizationId, [reversalOfDeposit(await readPosted(tx, one))], now);
  await tx.run(sql`update deposits set posted_at = null
    where organization_id = ${one.organizationId} and id = ${one.depositId}`);
}

async function readPosted(tx: Tx, { organizationId, depositId }: One): Promise<PostedDeposit> {
  const row = await tx.row<Omit<PostedDeposit, 'cleared' | 'fees' | 'entryDate'> & { arrivesOn: string }>(sql`
    select id, kind, currency, amount, revision, arrives_on from deposits
    where organization_id = ${organizationId} and id = ${depositId}`);
  const { arrivesOn, ...deposit } = must(row, `the deposit ${depositId}`);
  const lines = await tx.rows<{ kind: 'charge'; gross: bigint }>(sql`select kind, gross from deposit_lines
    where organization_id = ${organizationId} and deposit_id = ${depositId}`);
  const cleared = clearedOf(lines);
  // Whatever is not explained by payments was spent on the way: fees, adjustments, an accepted difference.
  return { ...deposit, cleared, fees: cleared - deposit.amount, entryDate: arrivesOn };
}
