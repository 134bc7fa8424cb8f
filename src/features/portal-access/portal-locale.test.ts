import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { extractText, getDocumentProxy } from 'unpdf';
import { receiptFile } from '#features/payments/receipt-document.ts';
import { given } from '../../../test/support/given.ts';
import { mailInvoice, mailsOf, setOrganization } from '../../../test/support/mails.ts';
import { workOff } from '../../../test/support/portal.ts';
import { chooseInvoices, invoiceRow, pay, payerOf } from '../../../test/support/portal-payer.ts';

/** Blanks that do not break, as one writes them by hand. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

async function organizationOf(currency: string, timeZone: string, locale: string) {
  const books = await given.organization({ currency, timeZone });
  await setOrganization(books, sql`locale = ${locale}, allow_partial_payments = true`);
  return books;
}

test('a German organization writes and reads amounts as one does there: page, mail and paper alike', async () => {
  const books = await organizationOf('EUR', 'Europe/Berlin', 'de-DE');
  const who = await payerOf(books, { allowPartialPayments: true });
  const invoiceId = await given.invoice(books, who.customerId, 123_450n, {
    number: 'R-7',
    invoiceDate: '2026-03-02',
    dueDate: '2026-12-31',
  });
  await who.browser.open('/portal');
  assert.match(plain(who.browser.text), /Balance due 1\.234,50 €/);
  assert.match(who.browser.text, /Issued 02\.03\.2026/);
  assert.match(who.browser.html, /name="amount_inv_\w+" [^>]*value="1234,50"/);
  await chooseInvoices(who.browser, { [invoiceId]: '12.50' });
  assert.equal(who.browser.status, 422);
  assert.match(plain(who.browser.text), /as a number, such as 1\.234,50 €/);
  await chooseInvoices(who.browser, { [invoiceId]: '400,25' });
  assert.match(plain(who.browser.text), /Pay 400,25 €/);
  assert.match(
    plain(who.browser.text),
    /debit my bank account once for 400,25 € on or after \d\d\.\d\d\.\d{4}/,
  );
  await pay(who, 'approve');
  assert.match(plain(who.browser.title), /^400,25 € paid/);
  assert.match(plain(who.browser.text), /Still open 834,25 €/);
  assert.equal((await invoiceRow(invoiceId))?.balance_due, 83_425n);
  await who.browser.open(`/portal/invoices/${invoiceId}`);
  assert.match(plain(who.browser.text), /Payment of 400,25 € received/);
  await who.browser.open('/portal/history');
  assert.match(plain(who.browser.text), /400,25 €/);

  await mailInvoice(books, invoiceId);
  const [paymentId] = [/pay_\w+/.exec(who.browser.html)?.[0] ?? ''];
  await workOff('react', books.organizationId);
  await workOff('send-receipts', books.organizationId);
  const mails = (await mailsOf(books)).filter(({ kind }) => kind === 'invoice' || kind === 'receipt');
  assert.deepEqual(new Set(mails.map(({ kind }) => kind)), new Set(['invoice', 'receipt']));
  for (const { kind, text } of mails) assert.match(plain(text), /(834|400),25 €/, kind);
  const file = await receiptFile(books, books.actor, { organizationId: books.organizationId, paymentId });
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(await file.render())), {
    mergePages: true,
  });
  assert.match(plain(text), /400,25 €/);
});

test('yen have no decimals, and the date stands as one writes it in Japan', async () => {
  const books = await organizationOf('JPY', 'Asia/Tokyo', 'ja-JP');
  const who = await payerOf(books, { allowPartialPayments: true });
  const invoiceId = await given.invoice(books, who.customerId, 125_000n, {
    invoiceDate: '2026-03-02',
    dueDate: '2026-12-31',
  });
  await who.browser.open('/portal');
  assert.match(who.browser.text, /Balance due ￥125,000/);
  assert.match(who.browser.text, /Issued 2026\/03\/02/);
  await chooseInvoices(who.browser, { [invoiceId]: '￥25,000' });
  assert.match(who.browser.text, /Pay ￥25,000/);
  await pay(who, 'approve');
  assert.match(who.browser.title, /￥25,000 paid/);
  assert.equal((await invoiceRow(invoiceId))?.balance_due, 100_000n);
});
