import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeSecrets, newToken } from '#lib/secrets.ts';

const secrets = makeSecrets(Buffer.alloc(32, 1));

test('what was sealed opens with the same key only, and not when a bit of it was changed', () => {
  const sealed = secrets.encrypt('sk_live_1');
  assert.equal(secrets.decrypt(sealed), 'sk_live_1');
  assert.ok(!sealed.includes('sk_live_1'));
  assert.notDeepEqual(
    secrets.encrypt('sk_live_1'),
    sealed,
    'the same text is never sealed to the same bytes',
  );
  assert.throws(() => makeSecrets(Buffer.alloc(32, 2)).decrypt(sealed));
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.throws(() => secrets.decrypt(changed), `byte ${at}`);
  }
});

test('a signature holds for its purpose and text alone', () => {
  const signature = secrets.sign('pay link', 'a');
  assert.ok(secrets.verify('pay link', 'a', signature));
  assert.equal(secrets.verify('pay link', 'b', signature), false);
  assert.equal(secrets.verify('other', 'a', signature), false);
  assert.equal(secrets.verify('pay link', 'a', ''), false);
  assert.equal(secrets.verify('pay link', 'a', `${signature}A`), false);
});

test('a short master key is refused, and tokens are long and never the same', () => {
  assert.throws(() => makeSecrets(Buffer.alloc(31)));
  const tokens = Array.from({ length: 1000 }, newToken);
  assert.equal(new Set(tokens).size, 1000);
  assert.ok(tokens.every((token) => token.length === 32));
});
