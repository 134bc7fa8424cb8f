import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { updateCustomers } from '#features/customers/update-customers.ts';
import { isSameAddress } from '#features/letters/address-rules.ts';
import { confirmAddress } from '#features/letters/confirm-address.ts';
import { listPaperConflicts } from '#features/letters/queries.ts';
import { verifyAddress } from '#features/letters/verify-address.ts';
import { systemNow } from '#lib/dates.ts';
import { austin, type ChannelHouse, channelHouse } from '../../../test/support/channels.ts';
import { given } from '../../../test/support/given.ts';

let house: ChannelHouse;
before(async () => {
  house = await channelHouse();
});
after(() => house.close());

const now = systemNow();

describe('addresses', () => {
  const ask = (customerId: string) =>
    verifyAddress(
      { db: house.books.db, carriers: house.carriers },
      house.books.actor,
      { organizationId: house.books.organizationId, customerId },
      now,
    );
  const stateOf = (id: string) =>
    house.books.tx((tx) =>
      tx.row<{ addressState: string; addressFinding: { finding: string } | null }>(
        sql`select address_state, address_finding from customers where id = ${id}`,
      ),
    );

  test('one that the postal service knows as it is spelled is confirmed by that; another spelling is a suggestion', async () => {
    const good = await given.customer(house.books, { billingAddress: austin });
    assert.equal((await ask(good)).finding, 'deliverable');
    assert.equal((await stateOf(good))?.addressState, 'confirmed');
    const spelled = await given.customer(house.books, {
      billingAddress: { ...austin, line1: '1 Main Street' },
    });
    assert.equal((await ask(spelled)).suggestion?.line1, '1 Main St');
    assert.equal((await stateOf(spelled))?.addressState, 'unconfirmed');
    const bad = await given.customer(house.books, {
      billingAddress: { ...austin, line1: '1 Undeliverable Way' },
    });
    assert.equal((await ask(bad)).finding, 'undeliverable');
    assert.deepEqual((await stateOf(bad))?.addressFinding?.finding, 'undeliverable');
  });

  test('signs, capitals and four more digits tell nothing apart; a number does', () => {
    assert.ok(
      isSameAddress(austin, { ...austin, line1: '1 MAIN ST.', postal_code: '78701-1234', country: '' }),
    );
    assert.ok(!isSameAddress(austin, { ...austin, line1: '11 Main St' }));
    assert.ok(!isSameAddress(austin, { ...austin, country: 'CA' }));
  });

  test('the report lists who owes, is to get letters and is unconfirmed, and nobody else', async () => {
    const own = await channelHouse({ paper: false });
    const { organizationId } = own.books;
    const wants = async (more: object = {}) => {
      const { customerId } = await given.debtor(own.books, 5_000n);
      await own.books.tx((tx) =>
        tx.run(
          sql`update customers set message_cells = array['payment_due.email', 'statement.paper'] where id = ${customerId}`,
        ),
      );
      await own.books.tx((tx) =>
        updateCustomers(tx, own.books.actor, { organizationId, patches: [{ id: customerId, ...more }] }, now),
      );
      return customerId;
    };
    const [blank, other] = [await wants(), await wants({ billingAddress: austin })];
    const done = await wants({ billingAddress: austin });
    await own.books.tx((tx) =>
      confirmAddress(tx, own.books.actor, { organizationId, customerId: done }, now),
    );
    await wants({ active: false });
    await given.debtor(own.books, 5_000n);
    const nothingOpen = await given.customer(own.books);
    await own.books.tx((tx) =>
      tx.run(sql`update customers set message_cells = array['statement.paper'] where id = ${nothingOpen}`),
    );
    const list = await own.books.tx((tx) =>
      listPaperConflicts(tx, { organizationId, currency: 'USD' }, { limit: 10 }),
    );
    assert.deepEqual(
      list.data.map((each) => each.id),
      [blank, other],
    );
    assert.deepEqual([list.data[1]?.open_balance, list.data[1]?.open_invoices], [5_000n, 1]);
    await own.close();
  });
});
