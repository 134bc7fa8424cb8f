import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from 'uqr';
import { qrCode } from './qr-code.ts';

test('the picture has a square for every dark module and no other', () => {
  const url = 'https://pay.example.com/i/8fK2vQ9x';
  const { data, size } = encode(url, { ecc: 'M', border: 0 });
  const drawn = data.map(() => new Array<boolean>(size).fill(false));
  for (const [, x, y, width] of qrCode(url).matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    drawn[Number(y)]?.fill(true, Number(x), Number(x) + Number(width));
  }
  assert.deepEqual(drawn, data);
});

test('the same text has the same picture', () => {
  const first = qrCode('https://pay.example.com/a');
  for (let i = 0; i < 300; i += 1) qrCode(`https://pay.example.com/${i}`);
  assert.equal(qrCode('https://pay.example.com/a'), first);
});
