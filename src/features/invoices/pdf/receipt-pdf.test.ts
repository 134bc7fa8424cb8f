import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractText, getDocumentProxy } from 'unpdf';
import type { ReceiptDocument } from './document.ts';
import { receiptPdf } from './receipt-pdf.ts';
import { sampleReceipt } from './sample-document.ts';

async function readReceipt(over: Partial<ReceiptDocument>): Promise<{ pages: number; text: string }> {
  const pdf = await receiptPdf({ ...sampleReceipt, ...over });
  assert.ok(pdf.includes('pdfuaid:part>1<'));
  const { text, totalPages } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), {
    mergePages: true,
  });
  return { pages: totalPages, text: text.replaceAll(/\s+/g, ' ') };
}

test('a receipt says what was paid, how, and where it went to the last cent', async () => {
  const { pages, text } = await readReceipt({});
  assert.equal(pages, 1);
  for (const said of [
    'Receipt Received',
    'RCP-2051',
    'Mar 20, 2026',
    'Visa •••• 4242',
    'Received from Acme Robotics, Inc.',
    'Payment received $7,622.00',
    'INV-10042 Mar 2, 2026 $6,422.34 $5,272.34 $0.00',
    'INV-10037 Feb 14, 2026 $3,000.00 $1,500.00 $1,500.00',
    'Applied to invoices $6,772.34',
    'Not yet applied $627.66',
    'Card surcharge, 3% $222.00',
  ]) {
    assert.ok(text.includes(said), `${said} is missing in: ${text}`);
  }
});

test('a bank debit that has not settled is no receipt, and the page says so', async () => {
  const { text } = await readReceipt({
    status: 'processing',
    method: 'Bank account •••• 6789',
    expectedBy: '2026-03-25',
  });
  assert.match(text, /Payment Processing/);
  assert.match(text, /has not cleared yet\. It is expected to clear by Mar 25, 2026\./);
  assert.doesNotMatch(text, /Receipt|received/i);
});

test('a payment without invoices is a receipt for cash that is not yet applied', async () => {
  const { text } = await readReceipt({
    applications: [],
    fees: [],
    unapplied: sampleReceipt.amount,
    method: 'Check 1042',
  });
  assert.match(text, /Not yet applied \$7,622\.00 Payment received \$7,622\.00/);
  assert.doesNotMatch(text, /Invoice total/);
});

test('a payment of 200 invoices lists them all', async () => {
  const one = sampleReceipt.applications[0];
  assert.ok(one);
  const applications = Array.from({ length: 200 }, (_, i) => ({ ...one, number: `INV-${5000 + i}` }));
  const { pages, text } = await readReceipt({ applications });
  assert.ok(pages > 3);
  assert.ok(applications.every(({ number }) => text.includes(number)));
});

test('a receipt has the same bytes every time', async () => {
  assert.ok((await receiptPdf(sampleReceipt)).equals(await receiptPdf(structuredClone(sampleReceipt))));
});
