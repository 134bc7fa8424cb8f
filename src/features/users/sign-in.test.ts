import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signInUser } from '#features/users/sign-in.ts';
import { Refusal } from '#lib/errors.ts';
import { testDemo, testServer } from '../../../test/support/server.ts';

const codeOf = (result: PromiseSettledResult<unknown>): string =>
  result.status === 'fulfilled'
    ? 'in'
    : result.reason instanceof Refusal
      ? result.reason.code
      : String(result.reason);

test('many wrong passwords at the same moment are no way around the lock', async () => {
  const { db } = (await testServer()).parts;
  const { email, password } = await testDemo();
  const guesses = await Promise.allSettled(
    Array.from({ length: 12 }, (_, at) => signInUser(db, { email, password: `not the password ${at}` })),
  );
  const codes = guesses.map(codeOf);
  assert.equal(codes.filter((code) => code === 'unauthenticated').length, 5, codes.join());
  assert.equal(codes.filter((code) => code === 'locked').length, 7, codes.join());
  const [right] = await Promise.allSettled([signInUser(db, { email, password })]);
  assert.equal(codeOf(right), 'locked');
});

test('the right password forgives the wrong ones before it', async () => {
  const { db } = (await testServer()).parts;
  const { email, password } = await testDemo();
  const sign = async (given: string) =>
    codeOf((await Promise.allSettled([signInUser(db, { email, password: given })]))[0]);
  for (let round = 0; round < 2; round += 1) {
    for (let tries = 0; tries < 4; tries += 1)
      assert.equal(await sign('not the password'), 'unauthenticated');
    assert.equal(await sign(password), 'in');
  }
});

test('an address that nobody has is answered like one that somebody has, locked or not', async () => {
  const { db } = (await testServer()).parts;
  const { email } = await testDemo();
  const answers = async (address: string): Promise<string[]> => {
    const heard: string[] = [];
    for (let tries = 0; tries < 7; tries += 1) {
      const typed = tries % 2 === 0 ? address : address.toUpperCase();
      const [answer] = await Promise.allSettled([
        signInUser(db, { email: typed, password: 'not the password' }),
      ]);
      heard.push(`${codeOf(answer)}: ${answer.status === 'rejected' && (answer.reason as Error).message}`);
    }
    return heard;
  };
  const known = await answers(email);
  assert.deepEqual(await answers(email.replace('demo', 'nobody')), known);
  assert.match(known.at(-1) ?? '', /^locked: Too many wrong passwords. Try again in 15 minutes/);
});
