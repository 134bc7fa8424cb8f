import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { stopAutopay } from '#features/autopay/stop-autopay.ts';
import { switchOn } from '../../../test/support/autopay.ts';
import { setFees } from '../../../test/support/card-fees.ts';
import { type Books, card, given, start } from '../../../test/support/given.ts';
import { cards, cardToken } from '../../../test/support/payer-card-fees.ts';
import { apiKeyOf, Browser, query, tokenFor, whileWorking, workOff } from '../../../test/support/portal.ts';
import { chooseInvoices, payerOf } from '../../../test/support/portal-payer.ts';
import { callApi } from '../../../test/support/server.ts';

let books: Books;
let key: string;
before(async () => {
  books = await given.organization();
  key = await apiKeyOf(books);
});

type Autopay = { ended_why: string | null; payment_method_id: string; maximum_amount: bigint | null };
const autopayOf = async (customerId: string): Promise<Autopay | undefined> =>
  (await query<Autopay>('select * from autopays where customer_id = $1', [customerId]))[0];

test('a payer switches autopay on after reading the words, changes it, and switches it off', async () => {
  const { browser, customerId } = await payerOf(books, { portalEditAutopay: true });
  await browser.open('/portal/autopay');
  assert.match(browser.text, /Save a card or a bank account first/);
  const methodId = await given.storedMethod(books, customerId);
  await browser.open(`/portal/autopay/agree?method=${methodId}&when=due_date&maximum=lots`);
  assert.equal(browser.status, 422);
  assert.match(browser.text, /Enter an amount such as 500/);
  await browser.open(`/portal/autopay/agree?method=${methodId}&when=due_date&maximum=500`);
  assert.match(browser.text, /I authorize .* Visa •••• 4242 .* on or after its due date.* above \$500\.00/);
  await browser.submit('/portal/autopay', { agree: '' });
  assert.equal(browser.status, 422);
  assert.equal(await autopayOf(customerId), undefined);
  await browser.submit('/portal/autopay', { agree: 'yes', text_hash: 'another' });
  assert.match(browser.text, /words have changed/);
  const form = browser.filled('/portal/autopay', { agree: 'yes' });
  await browser.post('/portal/autopay', form);
  await browser.post('/portal/autopay', form);
  assert.match(browser.text, /Autopay is on.*No charge is above \$500\.00/);
  assert.equal((await autopayOf(customerId))?.maximum_amount, 50_000n);
  const kept = await query<{ text: string; kind: string }>(
    `select text, kind from authorizations where customer_id = $1 and kind = 'autopay'`,
    [customerId],
  );
  assert.equal(kept.length, 1, 'the same form twice is one agreement');
  assert.match((await browser.open('/portal/methods')).text, /Autopay charges it/);
  await browser.open('/portal/autopay');
  await browser.submit('/portal/autopay/off', {});
  assert.match(browser.text, /you switched it off/);
  assert.equal((await autopayOf(customerId))?.ended_why, 'by_payer');
  const revoked = await query('select 1 from authorization_revocations where customer_id = $1', [customerId]);
  assert.equal(revoked.length, 1);
});

test('a payer who switches autopay on anew keeps the amounts that staff has set it for', async () => {
  const { browser, customerId } = await payerOf(books, { portalEditAutopay: true });
  const methodId = await given.storedMethod(books, customerId);
  const threshold = { direction: 'at_or_below' as const, amount: 50_000n };
  await switchOn(books, { customerId, methodId, terms: { threshold } });
  await books.tx((tx) =>
    stopAutopay(
      tx,
      books.actor,
      { organizationId: books.organizationId, of: { customerId }, why: 'by_payer' },
      start,
    ),
  );
  await browser.open(`/portal/autopay/agree?method=${methodId}&when=due_date&maximum=`);
  await browser.submit('/portal/autopay', { agree: 'yes' });
  const [kept] = await query(
    'select ended_why, threshold_amount, threshold_direction from autopays where customer_id = $1',
    [customerId],
  );
  assert.deepEqual(kept, { ended_why: null, threshold_amount: 50_000n, threshold_direction: 'at_or_below' });
});

test('where the organization keeps autopay, a payer sees it and changes nothing', async () => {
  const { browser, customerId } = await payerOf(books, { portalEditAutopay: false });
  const methodId = await given.storedMethod(books, customerId);
  await browser.open('/portal/autopay');
  assert.match(browser.text, /keeps autopay of your profile/);
  await browser.open(`/portal/autopay/agree?method=${methodId}&when=created&maximum=`);
  assert.equal(browser.status, 403);
});

test('the box at the checkout stores the method and switches autopay on once the payment is through', async () => {
  const who = await payerOf(books, { portalEditAutopay: true, portalEditMethods: true });
  const invoiceId = await given.invoice(books, who.customerId, 12_500n);
  await chooseInvoices(who.browser, { [invoiceId]: undefined });
  assert.match(who.browser.text, /Enable autopay for future invoices\. I authorize/);
  const token = await tokenFor(books, 'approve');
  await whileWorking(books, () =>
    who.browser.submit('/portal/pay', { method: 'card', token, autopay: 'yes' }),
  );
  await workOff('react', books.organizationId);
  await workOff('enable-agreed-autopay', books.organizationId);
  const autopay = await autopayOf(who.customerId);
  assert.equal(autopay?.ended_why, null);
  const [method] = await query<{ id: string }>('select id from payment_methods where customer_id = $1', [
    who.customerId,
  ]);
  assert.equal(autopay?.payment_method_id, method?.id);
});

test('a link to store a method offers autopay only where staff chose that', async () => {
  const customerId = await given.customer(books, { email: 'link@example.com' });
  const link = async (offer: boolean): Promise<string> => {
    const url = `/v1/customers/${customerId}/payment-method-links`;
    const { body } = (await callApi(key, 'POST', url, { mail: false, offer_autopay: offer })) as {
      body: { url: string };
    };
    return new URL(body.url).pathname;
  };
  const plain = new Browser();
  await plain.open(await link(false));
  assert.doesNotMatch(plain.text, /autopay/i);
  const browser = new Browser();
  const path = await link(true);
  await browser.open(path);
  assert.match(browser.text, /Enable autopay for future invoices/);
  await browser.submit(path, { kind: 'card', token: await tokenFor(books, 'approve'), autopay: 'yes' });
  await workOff('react', books.organizationId);
  await workOff('enable-agreed-autopay', books.organizationId);
  assert.equal((await autopayOf(customerId))?.ended_why, null);
});

test('with a surcharge in force every door to autopay says so, and what was read is what is agreed to', async () => {
  const own = await given.organization();
  await setFees(own);
  const agreed = (customerId: string) =>
    query<{ text: string; percent: string | null }>(
      `select text, terms ->> 'card_fee_percent' as percent from authorizations
        where customer_id = $1 and kind = 'autopay' order by id`,
      [customerId],
    );
  const words = /a surcharge of up to 3% of each charge is added/;
  const who = await payerOf(own, { portalEditAutopay: true, portalEditMethods: true });
  const methodId = await given.storedMethod(own, who.customerId, card);
  await who.browser.open(`/portal/autopay/agree?method=${methodId}&when=due_date&maximum=`);
  assert.match(who.browser.text, words);
  await who.browser.submit('/portal/autopay', { agree: 'yes' });
  const [page] = await agreed(who.customerId);
  assert.match(page?.text ?? '', words);
  assert.equal(page?.percent, '3');

  const shopper = await payerOf(own, { portalEditAutopay: true, portalEditMethods: true });
  const invoiceId = await given.invoice(own, shopper.customerId, 12_500n);
  await chooseInvoices(shopper.browser, { [invoiceId]: undefined });
  assert.match(shopper.browser.text, words);
  const token = await cardToken(own, cards.credit);
  await shopper.browser.submit('/portal/pay', { method: 'card', token, autopay: 'yes' });
  assert.match(shopper.browser.text, /Surcharge/);
  await whileWorking(own, () => shopper.browser.submit('/portal/pay', {}));
  const [box] = await agreed(shopper.customerId);
  assert.match(box?.text ?? '', words);
  assert.equal(box?.percent, '3');

  const stranger = await given.customer(own, { email: 'link@example.com' });
  const url = `/v1/customers/${stranger}/payment-method-links`;
  const { body } = (await callApi(await apiKeyOf(own), 'POST', url, {
    mail: false,
    offer_autopay: true,
  })) as {
    body: { url: string };
  };
  const path = new URL(body.url).pathname;
  const browser = new Browser();
  await browser.open(path);
  assert.match(browser.text, words);
  const form = { kind: 'card', token: await tokenFor(own, 'approve'), autopay: 'yes' };
  await browser.submit(path, { ...form, autopay_words: 'others' });
  assert.deepEqual(await agreed(stranger), [], 'what was not read is not agreed to');
});
