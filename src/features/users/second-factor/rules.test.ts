import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCode, shownCode } from '#features/users/second-factor/rules.ts';
import { appUrl, stepOfCode } from '#features/users/second-factor/totp.ts';

test('a code is read however it is typed, and what is none is none', () => {
  const cases: [string, ReturnType<typeof readCode>][] = [
    ['123456', { app: '123456' }],
    [' 123 456 ', { app: '123456' }],
    ['a8k3f-7qm2n', { recovery: 'A8K3F7QM2N' }],
    ['A8K3F 7QM2N', { recovery: 'A8K3F7QM2N' }],
    ['OILAB-00000', { recovery: '011AB00000' }],
    ['12345', undefined],
    ['1234567', undefined],
    ['A8K3F-7QM2', undefined],
    ['A8K3F-7QM2U', undefined],
    ['', undefined],
  ];
  for (const [typed, read] of cases) assert.deepEqual(readCode(typed), read, typed);
  assert.equal(shownCode('A8K3F7QM2N'), 'A8K3F-7QM2N');
});

test('codes are those of RFC 6238, appendix B; one step early or late is right, two are not', () => {
  // The RFC's secret in base32. Its codes have eight digits, of which an app shows the last six.
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  const vectors: [number, string][] = [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ];
  for (const [at_s, code] of vectors) {
    const step = Math.floor(at_s / 30);
    const when = (offset_s: number) => new Date((at_s + offset_s) * 1000);
    assert.equal(stepOfCode(secret, code, when(0)), step, code);
    assert.equal(stepOfCode(secret, code, when(30)), step, `${code}, a step late`);
    assert.equal(stepOfCode(secret, code, when(-30)), step, `${code}, a step early`);
    assert.equal(stepOfCode(secret, code, when(61)), undefined, `${code}, too late`);
  }
});

test('the picture names Owed, the person and the habits of every app', () => {
  const url = new URL(appUrl('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 'ada@example.com'));
  assert.equal(decodeURIComponent(url.pathname), '/Owed:ada@example.com');
  const { searchParams: says } = url;
  assert.deepEqual(
    ['issuer', 'secret', 'algorithm', 'digits', 'period'].map((name) => says.get(name)),
    ['Owed', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 'SHA1', '6', '30'],
  );
});
