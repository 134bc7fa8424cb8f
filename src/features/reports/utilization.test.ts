import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { sql } from 'kysely';
import { type Actor, systemActor } from '#db/db.ts';
import { record } from '#db/events.ts';
import { createUser } from '#features/users/create-user.ts';
import { newId } from '#lib/ids.ts';
import { asking } from '../../../test/support/asking.ts';
import { type Books, given } from '../../../test/support/given.ts';
import { apiKeyOf } from '../../../test/support/portal.ts';

let books: Books;
let staff: ReturnType<typeof asking>;
before(async () => {
  books = await given.organization();
  staff = asking(await apiKeyOf(books));
});

type Row = { cells: (string | number | null)[]; link: string | null };
const rows = async () => (await staff.get('/v1/reports/feature-utilization')).body.rows as Row[];
const row = async (title: string) => {
  const found = (await rows()).find(({ cells }) => cells[0] === title);
  assert.ok(found, title);
  return found;
};

async function person(firstName: string): Promise<Actor> {
  const { organizationId } = books;
  const input = {
    ...{ organizationId, email: `${newId('user')}@example.com`, firstName, lastName: 'Lee' },
    ...{ passwordHash: '', roles: ['superuser'] },
  };
  const { userId } = await books.db.transaction(systemActor('test'), (tx) =>
    createUser(tx, systemActor('test'), input, books.now),
  );
  return { kind: 'user', organizationId, userId, roles: ['superuser'] };
}

const does = (actor: Actor, type: string, at: string) =>
  books.tx((tx) =>
    record(tx, { actor, organizationId: books.organizationId, now: new Date(at), quiet: true }, [
      { type, subjectId: books.organizationId },
    ]),
  );

test('a feature names who of the staff uses it: three, the latest first, and how many more', async () => {
  const [ada, ben, cleo, dan] = [
    await person('Ada'),
    await person('Ben'),
    await person('Cleo'),
    await person('Dan'),
  ] as [Actor, Actor, Actor, Actor];
  const key: Actor = {
    kind: 'api_key',
    organizationId: books.organizationId,
    apiKeyId: newId('apiKey'),
    scopes: [],
  };
  await does(key, 'autopay.enabled', '2026-03-09T12:00:00Z');
  await does(ada, 'autopay.enabled', '2026-03-01T12:00:00Z');
  await does(ben, 'autopay.ended', '2026-03-02T12:00:00Z');
  assert.equal((await row('Autopay')).cells[4], 'Ben Lee, Ada Lee');
  await does(ada, 'autopay.changed', '2026-03-03T12:00:00Z');
  assert.equal((await row('Autopay')).cells[4], 'Ada Lee, Ben Lee');
  await does(cleo, 'autopay.changed', '2026-03-04T12:00:00Z');
  await does(dan, 'autopay.changed', '2026-03-05T12:00:00Z');
  await does(dan, 'autopay.enabled', '2026-02-01T12:00:00Z');
  assert.equal((await row('Autopay')).cells[4], 'Dan Lee, Cleo Lee, Ada Lee and 1 more');
  assert.equal((await row('Late fees')).cells[4], null, 'what nobody touched');
});

test('the customers of each feature are those of the list that it opens; a feature of the house opens its page', async () => {
  const ana = await given.customer(books, { email: 'ana@example.com' });
  const ben = await given.customer(books, { email: 'ben@example.com' });
  const cleo = await given.customer(books);
  await given.storedMethod(books, ana);
  await given.storedMethod(books, ana);
  await given.storedMethod(books, cleo);
  const { organizationId } = books;
  await books.tx((tx) =>
    tx.run(sql`insert into e_invoice_buyers (organization_id, customer_id, format, updated_at)
      values (${organizationId}, ${ben}, 'ubl', now())`),
  );
  const all = await rows();
  for (const { cells, link } of all) {
    const [title, , count] = cells;
    assert.ok(link, `${title} opens something`);
    if (!link.startsWith('/reports/customers')) {
      assert.equal(count, null, `${title} is of no customer`);
      continue;
    }
    const list = (await staff.get(`/v1${link}`)).body;
    assert.deepEqual([list.count, list.filter?.show], [count, link.split('show=')[1]], String(title));
  }
  const counts = new Map(all.map(({ cells }) => [cells[0], cells[2]]));
  assert.deepEqual(
    ['E-mail addresses', 'Stored payment methods', 'E-invoices', 'Tickets'].map((title) => counts.get(title)),
    [2, 2, 1, 0],
  );
  assert.equal(all.length, 24);
});
