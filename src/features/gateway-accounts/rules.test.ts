import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { credentialsFault, modeFault, takesFault } from '#features/gateway-accounts/rules.ts';
import { blankCardNumbers, scrubWebhook } from '#features/gateway-accounts/scrub-rules.ts';

const vendor = {
  name: 'Acme Pay',
  kinds: ['card', 'bank_account'] as const,
  credentials: [
    { name: 'secretKey', label: 'Secret key' },
    { name: 'webhookSecret', label: 'Webhook secret', later: true },
    {
      name: 'environment',
      label: 'Environment',
      options: [
        { value: 'production', label: 'Production' },
        { value: 'sandbox', label: 'Sandbox' },
      ],
    },
  ],
};

test('credentials that are missing, not of the choices or not asked for are named with the field', () => {
  const good = { secretKey: 'sk', environment: 'sandbox' };
  assert.equal(credentialsFault(vendor, good), undefined);
  assert.equal(credentialsFault(vendor, { ...good, secretKey: '  ' })?.field, 'secretKey');
  assert.equal(credentialsFault(vendor, { ...good, environment: 'moon' })?.field, 'environment');
  assert.equal(credentialsFault(vendor, { ...good, pin: '1' })?.field, 'pin');
});

test('a live business is refused test credentials, and practice is refused live ones', () => {
  assert.match(modeFault('live', 'test', 'Acme Pay') ?? '', /no money would arrive/);
  assert.match(modeFault('sandbox', 'live', 'Acme Pay') ?? '', /must not move real money/);
  assert.equal(modeFault('live', 'live', 'Acme Pay'), undefined);
  assert.equal(modeFault('sandbox', 'test', 'Acme Pay'), undefined);
});

test('an account is asked to take no kind that its vendor does not know', () => {
  assert.equal(takesFault(vendor, ['card', 'bank_account']), undefined);
  assert.equal(takesFault(vendor, ['card', 'paypal']), 'paypal');
});

test('a webhook is kept without secrets and card numbers, and with everything else', () => {
  const kept = scrubWebhook(
    JSON.stringify({
      id: 'evt_1',
      data: {
        card: { number: '4242424242424242', last4: '4242', masked: 'XXXX4242' },
        bank: { account_number: '000123456789', accountNumber: 'XXXX6789', routing_number: '110000000' },
        client_secret: 'pi_1_secret_2',
        note: 'card 4242 4242-4242 4242 again',
        amount: 12345678901234,
      },
    }),
  );
  for (const secret of ['4242424242424242', '000123456789', '110000000', 'pi_1_secret_2', '4242 4242'])
    assert.ok(!kept.includes(secret), secret);
  for (const fact of ['evt_1', '"last4":"4242"', 'XXXX6789', '12345678901234', 'again'])
    assert.ok(kept.includes(fact), fact);
  assert.equal(scrubWebhook('number=4242424242424242&x=1'), 'number=[blanked]&x=1');
});

test('any card number is found in any text, and a number that fails the check sum is left', () => {
  const digits = fc.stringMatching(/^[3-6]\d{14}$/);
  const withCheck = (body: string): string => {
    for (let last = 0; last < 10; last += 1)
      if (blankCardNumbers(`${body}${last}`) === '[blanked]') return `${body}${last}`;
    return '';
  };
  fc.assert(
    fc.property(digits, (body) => {
      const number = withCheck(body);
      assert.equal(number.length, 16, 'one of ten last digits makes it a card number');
      assert.equal(blankCardNumbers(`a ${number}.`), 'a [blanked].');
      const wrong = `${body}${(Number(number.at(-1)) + 1) % 10}`;
      assert.equal(blankCardNumbers(wrong), wrong);
    }),
  );
});
