import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemActor } from '#db/db.ts';
import { createUser } from '#features/users/create-user.ts';
import { hashPassword } from '#features/users/passwords.ts';
import { newId } from '#lib/ids.ts';
import { asking, signedInStaff } from '../../../test/support/asking.ts';
import { testDemo, testServer } from '../../../test/support/server.ts';

test('a session from before somebody was disabled does not come back when they do', async () => {
  const { organizationId, apiKey } = await testDemo();
  const { db } = (await testServer()).parts;
  const door = { email: `${newId('user')}@example.com`, password: 'seven green bottles' };
  const person = {
    ...{ organizationId, email: door.email, firstName: 'Ada', lastName: 'Lee', roles: ['receivables'] },
    passwordHash: await hashPassword(door.password),
  };
  const { userId } = await db.transaction(systemActor('test'), (tx) =>
    createUser(tx, systemActor('test'), person, new Date()),
  );
  const before = await signedInStaff(door);
  const looks = async (ask: typeof before) => (await ask('GET', '/v1/customers')).status;
  assert.equal(await looks(before), 200);
  const staff = asking(apiKey);
  await staff.patch(`/v1/users/${userId}`, { disabled: true });
  assert.equal(await looks(before), 401);
  await staff.patch(`/v1/users/${userId}`, { disabled: false });
  assert.equal(await looks(before), 401, 'whoever had it then may have it still');
  assert.equal(await looks(await signedInStaff(door)), 200);
});
