import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import { readPlaces } from '#features/users/place-queries.ts';
import { colleague } from '../../../test/support/colleague.ts';
import { type Books, given } from '../../../test/support/given.ts';

/** The same person works here too. */
const alsoAt = ({ db, organizationId, now }: Books, userId: string, roles: string[]) =>
  db.transaction(systemActor('test'), (tx) =>
    tx.run(sql`insert into organization_users (organization_id, user_id, roles, created_at)
      values (${organizationId}, ${userId}, ${roles}::text[], ${now})`),
  );
const bill = async (books: Books, amount: bigint, dueDate: string): Promise<string> =>
  given.invoice(books, await given.customer(books), amount, { invoiceDate: '2026-01-10', dueDate });

test('each organization of a sign-in says what is owed there, what of it is past due, and the role', async () => {
  const [here, there, third] = [
    await given.organization(),
    await given.organization(),
    await given.organization(),
  ];
  const { userId } = await colleague(here.organizationId, { roles: ['superuser'] });
  await alsoAt(there, userId, ['report_viewer', 'payments']);
  await alsoAt(third, userId, ['superuser']);
  await bill(here, 100_00n, '2026-02-01');
  await bill(here, 30_00n, '2026-04-01');
  await bill(there, 7_00n, '2026-03-02');
  const stranger = await given.organization();
  await bill(stranger, 999_00n, '2026-02-01');
  // As of 2 March, by the organization's own calendar: what falls due today is not past due.
  const places = async (hasSecondFactor = false) =>
    new Map(
      (await readPlaces(here.db, { userId, hasSecondFactor }, here.now)).data.map((place) => [
        place.id,
        place,
      ]),
    );
  const of = (all: Awaited<ReturnType<typeof places>>, { organizationId }: Books) => {
    const place = all.get(organizationId);
    return [place?.owed, place?.past_due, place?.roles];
  };
  const all = await places();
  assert.equal(all.size, 3);
  assert.deepEqual(of(all, here), [130_00n, 100_00n, ['Owner']]);
  assert.deepEqual(of(all, there).slice(0, 2), [7_00n, 0n]);
  assert.equal(all.get(there.organizationId)?.roles.length, 2);
  assert.deepEqual(of(all, third), [0n, 0n, ['Owner']]);

  // Who may not see the overview, or may not enter without a second factor, is told no figure.
  await here.db.transaction(systemActor('test'), async (tx) => {
    await tx.run(sql`update organization_users set roles = '{}' where user_id = ${userId}
      and organization_id = ${there.organizationId}`);
    await tx.run(
      sql`update organizations set require_second_factor = true where id = ${here.organizationId}`,
    );
  });
  const fewer = await places();
  assert.deepEqual(of(fewer, there), [null, null, []]);
  assert.deepEqual(of(fewer, here), [null, null, ['Owner']]);
  assert.deepEqual(of(await places(true), here), [130_00n, 100_00n, ['Owner']]);
});
