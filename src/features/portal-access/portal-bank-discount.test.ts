import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setFees } from '../../../test/support/card-fees.ts';
import { type Books, bankAccount, given } from '../../../test/support/given.ts';
import { bankToken, cards, cardToken, paymentsOf } from '../../../test/support/payer-card-fees.ts';
import { type Browser, query, whileWorking } from '../../../test/support/portal.ts';
import { chooseInvoices, payerOf, type TestPayer } from '../../../test/support/portal-payer.ts';

let books: Books;
before(async () => {
  books = await given.organization();
  await setFees(books, { mode: 'bank_discount', percent: '2' });
});

/** A payer at the checkout of one invoice over $100.00. */
async function atCheckout() {
  const who = await payerOf(books);
  const methodId = await given.storedMethod(books, who.customerId, bankAccount);
  const invoiceId = await given.invoice(books, who.customerId, 10_000n);
  await chooseInvoices(who.browser, { [invoiceId]: undefined });
  return { ...who, invoiceId, methodId };
}
const send = (who: TestPayer, fields: Record<string, string>): Promise<Browser> =>
  whileWorking(books, () => who.browser.submit('/portal/pay', fields));
const off = { shown_total: '9800', shown_fee: '-200' };

test('before the choice: what paying by bank costs less is said, and the authorization names what is debited', async () => {
  const { browser } = await atCheckout();
  assert.match(browser.text, /Pay from a bank account and 2% is taken off: \$98\.00 instead of \$100\.00\./);
  assert.match(browser.text, /New bank account \$2\.00 off for paying by bank \$98\.00/);
  assert.match(browser.text, /New card \$100\.00/);
  assert.ok(browser.html.indexOf('id="m-bank_account"') < browser.html.indexOf('id="m-card"'));
  assert.match(browser.text, /debit my bank account once for \$98\.00/);
  assert.match(browser.text, /Pay \$98\.00/);
});

test('by bank account the invoice is paid for less, with the consent to that amount, and the page says how', async () => {
  const who = await atCheckout();
  await send(who, { ...off, method: who.methodId, authorize: 'yes' });
  assert.match(who.browser.text, /Payment \$100\.00 Bank account discount -\$2\.00 Total charged \$98\.00/);
  const [payment] = await paymentsOf(who.customerId);
  assert.deepEqual([payment?.amount, payment?.fee, payment?.fee_kind], [9_800n, -200n, 'bank_discount']);
  const [consent, ...more] = await query<{ kind: string; text: string }>(
    'select kind, text from authorizations where payment_id = $1',
    [payment?.id],
  );
  assert.deepEqual([consent?.kind, more], ['bank_debit', []], 'nobody has to agree to pay less');
  assert.match(consent?.text ?? '', /once for \$98\.00/);
});

test('a new account has it too; a card pays all, also where its form says otherwise', async () => {
  const who = await atCheckout();
  await send(who, { ...off, method: 'bank_account', authorize: 'yes', token: await bankToken(books) });
  assert.equal((await paymentsOf(who.customerId))[0]?.amount, 9_800n);
  const other = await atCheckout();
  await send(other, { ...off, method: 'card', token: await cardToken(books, cards.credit) });
  assert.match(other.browser.title, /Confirm your payment/);
  assert.deepEqual(await paymentsOf(other.customerId), [], 'nothing is charged before the amount was shown');
  await send(other, {});
  assert.deepEqual(
    (await paymentsOf(other.customerId)).map(({ amount, fee }) => [amount, fee]),
    [[10_000n, 0n]],
  );
});

test('a discount that has ended meanwhile is said before anything is debited', async () => {
  const who = await atCheckout();
  await setFees(books, { mode: 'off' });
  await send(who, { ...off, method: who.methodId, authorize: 'yes' });
  assert.match(who.browser.title, /Confirm your payment/);
  assert.match(who.browser.text, /Discount None Total \$100\.00/);
  assert.deepEqual(await paymentsOf(who.customerId), []);
  await send(who, {});
  assert.deepEqual(
    (await paymentsOf(who.customerId)).map(({ amount, fee }) => [amount, fee]),
    [[10_000n, 0n]],
  );
  await setFees(books, { mode: 'bank_discount', percent: '2' });
});
