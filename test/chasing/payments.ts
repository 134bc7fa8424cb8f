import { sql } from 'kysely';
import { tellDesk } from '#features/collections/tell-desk.ts';
import { endRest } from './fees-oracle.ts';
import { breakPromise } from './oracle.ts';
import type { ChasedWorld, PlainInvoice, When } from './world.ts';

/** What was paid may keep a promise, and ends what was objected to. */
export async function paid(
  world: ChasedWorld,
  invoice: PlainInvoice,
  { amount, left }: { amount: bigint; left: bigint },
  { day, now }: When,
): Promise<void> {
  const { organizationId, actor, tx } = world.books;
  invoice.open = left;
  if (invoice.promise) invoice.promise.left -= amount;
  if (invoice.promise && (invoice.promise.left <= 0n || left === 0n)) {
    world.promises.kept += 1;
    invoice.promise = undefined;
    endRest(invoice, 'promise', day);
  }
  breakPromise(world, invoice, day);
  if (left === 0n && invoice.dispute) endRest(invoice, 'dispute', day);
  if (left === 0n) invoice.dispute = undefined;
  await tx((t) => tellDesk(t, actor, { organizationId, subjectId: invoice.id, today: day }, now));
}

/** Late fees come on top by themselves: what is open is asked for. */
export async function balanceOf(
  { books }: ChasedWorld,
  { id }: PlainInvoice,
): Promise<{ balanceDue: bigint }> {
  const row = await books.tx((tx) =>
    tx.row<{ balanceDue: bigint }>(sql`select balance_due from invoices
      where organization_id = ${books.organizationId} and id = ${id}`),
  );
  return row ?? { balanceDue: 0n };
}
