import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { asking, assertNeeds, assertRefused } from '../../../test/support/asking.ts';
import { testDemo } from '../../../test/support/server.ts';

let staff: ReturnType<typeof asking>;
before(async () => {
  staff = asking((await testDemo()).apiKey);
});
const customer = async (display_name: string, more = {}): Promise<string> =>
  (await staff.post('/v1/customers', { display_name, ...more })).body.id;
const bill = (customer_id: string, amount: number) =>
  staff.post('/v1/invoices', { customer_id, issue: true, lines: [{ amount }] });
const open = async (id: string): Promise<number> =>
  (await staff.get(`/v1/customers/${id}`)).body.open_balance;

test('a merge is looked at first, carries the papers over, is listed on both sides, and taken back', async () => {
  const loser = await customer('Fern Cafe', { email: 'a@fern.example' });
  const winner = await customer('Fern Café LLC', { email: 'b@fern.example' });
  await bill(loser, 12_000);
  await bill(winner, 500);
  const preview = (await staff.get(`/v1/customers/${loser}/merge-preview?into_id=${winner}`)).body;
  assert.deepEqual(
    [preview.loser, preview.winner, preview.undo_days, preview.moves.invoices],
    [{ id: loser, display_name: 'Fern Cafe' }, { id: winner, display_name: 'Fern Café LLC' }, 30, 1],
  );
  assert.deepEqual(
    preview.findings.map(({ code, severity }: { code: string; severity: string }) => [code, severity]),
    [['settings_differ', 'warns']],
  );
  assert.match(preview.findings[0].says, /e-mail address/);
  assert.deepEqual([await open(loser), await open(winner)], [12_000, 500], 'nothing has changed');

  const merged = await staff.post(`/v1/customers/${loser}/merge`, { into_id: winner });
  assert.deepEqual([merged.status, merged.body.can_undo, merged.body.moved.invoices], [200, true, 1]);
  assert.deepEqual([await open(loser), await open(winner)], [0, 12_500]);
  const gone = (await staff.get(`/v1/customers/${loser}`)).body;
  assert.deepEqual([gone.active, gone.merged_into_id], [false, winner]);
  for (const id of [loser, winner]) {
    const { data } = (await staff.get(`/v1/customers/${id}/merges`)).body;
    assert.deepEqual(
      data.map((each: { id: string }) => each.id),
      [merged.body.id],
    );
  }
  assertRefused(await bill(loser, 100), [409, 'customer_id', /merged into Fern Café LLC .*Use that one/]);

  const undone = await staff.post(`/v1/customer-merges/${merged.body.id}/undo`);
  assert.deepEqual([undone.status, undone.body.undone], [200, true]);
  assert.deepEqual([await open(loser), await open(winner)], [12_000, 500]);
  assert.deepEqual((await staff.get(`/v1/customers/${winner}/merges`)).body.data, []);
  assertRefused(await staff.post(`/v1/customer-merges/${merged.body.id}/undo`), [409, undefined, /already/]);
});

test('what stands against a merge is said before it and by it', async () => {
  const [one, asleep] = [await customer('One'), await customer('Asleep')];
  await staff.patch(`/v1/customers/${asleep}`, { active: false });
  const findings = async (query: string) =>
    (await staff.get(`/v1/customers/${one}/merge-preview${query}`)).body.findings.map(
      ({ code, severity }: { code: string; severity: string }) => `${severity} ${code}`,
    );
  assert.deepEqual(await findings(''), ['refuses same'], 'nobody is chosen yet');
  assert.deepEqual(await findings(`?into_id=${asleep}`), ['refuses winner_inactive']);
  const merge = (into_id: unknown) => staff.post(`/v1/customers/${one}/merge`, { into_id });
  assertRefused(await merge(one), [409, 'into_id', /into itself\. Choose another/]);
  assertRefused(await merge(asleep), [409, 'into_id', /Asleep is inactive\. Activate it first/]);
  assertRefused(await merge(undefined), [422, 'into_id', /into_id/]);
  assertRefused(await merge('cus_1'), [422, 'into_id', /must be an id such as cus_/]);
  const nobody = `cus_${'0'.repeat(22)}`;
  assertRefused(await merge(nobody), [404, undefined, /No customer/]);
  assertRefused(await staff.post(`/v1/customers/${nobody}/merge`, { into_id: one }), [404, undefined, /No/]);
  assertRefused(await staff.get(`/v1/customers/${nobody}/merge-preview`), [404, undefined, /No customer/]);
  assertRefused(await staff.get(`/v1/customers/${nobody}/merges`), [404, undefined, /No customer/]);
  assertRefused(await staff.post(`/v1/customer-merges/mrg_${'0'.repeat(22)}/undo`), [
    404,
    undefined,
    /No merge/,
  ]);
});

test('who may only read customers looks at a merge and makes none', async () => {
  const [one, two] = [await customer('Kept one'), await customer('Kept two')];
  const reader = await staff.keyWith('customers:read');
  assert.equal((await asking(reader).get(`/v1/customers/${one}/merge-preview?into_id=${two}`)).status, 200);
  const made = await staff.post(`/v1/customers/${one}/merge`, { into_id: two });
  await assertNeeds(
    'customers:write',
    reader,
    ['POST', `/v1/customers/${two}/merge`, { into_id: one }],
    ['POST', `/v1/customer-merges/${made.body.id}/undo`, {}],
  );
  const payments = await staff.keyWith('payments:read');
  await assertNeeds('customers:read', payments, ['GET', `/v1/customers/${one}/merges`]);
});
