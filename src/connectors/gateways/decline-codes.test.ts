import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { declineCodes, declineWords } from '#features/payments/decline-rules.ts';
import { authorizeNetDeclines, declineCode as ofAuthorizeNet } from './authorize-net/decline-codes.ts';
import { paypalDecline, paypalDeclines } from './paypal/paypal-declines.ts';
import { declinedFor, sandboxDeclines } from './sandbox/sandbox-declines.ts';
import { declineCode as ofStripe, stripeDeclines } from './stripe/stripe-declines.ts';

/** Each code of a vendor, and what we make of it. */
const ofVendors: Record<string, [theirs: string, ours: string][]> = {
  stripe: Object.values(stripeDeclines)
    .flatMap((codes) => codes.split(/\s+/))
    .map((code) => [code, ofStripe(code, true)]),
  'authorize.net': Object.values(authorizeNetDeclines)
    .flatMap((codes) => codes.split(/\s+/))
    .map((code) => [code, ofAuthorizeNet(code)]),
  paypal: Object.keys(paypalDeclines).map((code) => [code, paypalDecline(code).code]),
  sandbox: Object.keys(sandboxDeclines).map((code) => [code, declinedFor({ code, message: 'x' }).code]),
};

test('every code that a connector knows has words, advice for payer and staff, and a turn', () => {
  for (const [vendor, codes] of Object.entries(ofVendors)) {
    assert.ok(codes.length >= 15, vendor);
    assert.equal(
      new Set(codes.map(([theirs]) => theirs)).size,
      codes.length,
      `${vendor}: a code stands twice`,
    );
    for (const [theirs, ours] of codes) {
      const { title, payer, staff, turn } = declineWords(ours);
      const all = `${vendor} ${theirs} → ${ours}`;
      assert.ok(
        declineCodes.some((code) => code === ours),
        all,
      );
      assert.ok(title.length > 5 && payer.length > 15 && staff.length > 15 && turn, all);
    }
  }
});

test('a code that no table knows is explained too: as declined, or as a matter between you and the gateway', () => {
  assert.equal(ofStripe('brand_new_code', true), 'declined');
  assert.equal(ofStripe('parameter_missing', false), 'gateway_setup');
  assert.equal(ofAuthorizeNet('998'), 'declined');
  assert.equal(ofAuthorizeNet('E99999'), 'gateway_setup');
  assert.equal(paypalDecline('BRAND_NEW_ISSUE').code, 'declined');
  assert.equal(declinedFor({ code: 'malformed', message: 'x' }).code, 'gateway_setup');
  assert.equal(declineWords('a code of former times').title, 'Declined');
});

test('each error that Stripe’s own list gives to a card or an account is named, and not only declined', () => {
  const types = createRequire(import.meta.url)
    .resolve('stripe')
    .replace(/esm|cjs.*$/, '');
  const text = readFileSync(`${types}cjs/resources/PaymentIntents.d.ts`, 'utf8');
  const [, list = ''] = /namespace LastPaymentError \{\s*type Code = ([^;]*);/.exec(text) ?? [];
  const codes = [...list.matchAll(/'(\w+)'/g)].map(([, code = '']) => code);
  assert.ok(codes.length > 150, 'the list was found');
  const about =
    /^(card|bank_|incorrect|invalid_(cvc|ex|nu|card)|expired|insuff|routing|account_(cl|n|inv|inf)|amount|authent)/;
  // These two are about keeping an account, which no charge does.
  const elsewhere = new Set(['bank_account_exists', 'cardholder_phone_number_required']);
  const nameless = codes.filter(
    (code) => about.test(code) && !elsewhere.has(code) && ofStripe(code, false) === 'gateway_setup',
  );
  assert.deepEqual(nameless, []);
});

test('what the sandbox gateway really says is all in its table', () => {
  const source = ['charge-life.ts', 'charge-routes.ts']
    .map((file) => readFileSync(new URL(`./sandbox/${file}`, import.meta.url), 'utf8'))
    .join('\n');
  const reasons = [
    ...source.matchAll(/\{\s*code: '(\w+)',\s*message:/g),
    ...source.matchAll(/tokenGone\('(\w+)'\)/g),
    ...source.matchAll(/'(method_\w+)'/g),
  ].map(([, code = '']) => code);
  const declines = reasons.filter((code) => !/^[RC]\d\d$/.test(code));
  assert.ok(declines.length >= 12, declines.join());
  assert.deepEqual(
    declines.filter((code) => !Object.hasOwn(sandboxDeclines, code)),
    [],
  );
});
