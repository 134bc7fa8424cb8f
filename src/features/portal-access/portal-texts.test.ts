import assert from 'node:assert/strict';
import { test } from 'node:test';
import { given } from '../../../test/support/given.ts';
import { query } from '../../../test/support/portal.ts';
import { payerOf } from '../../../test/support/portal-payer.ts';

type Said = { kind: string; words: string; source: string; phone: string };

test('a customer agrees to text messages on the profile page, in the words shown there, and takes it back', async () => {
  const books = await given.organization();
  const { browser, customerId } = await payerOf(books);
  await browser.open('/portal/profile');
  assert.doesNotMatch(
    browser.text,
    /I agree: send me text messages/,
    'without a number there is nothing to agree to',
  );
  await query(`update customers set phone = '(512) 555-0171' where id = $1`, [customerId]);
  await browser.open('/portal/profile');
  assert.match(browser.text, /may send text messages about my invoices and payments to \(512\) 555-0171/);
  await browser.submit('/portal/profile/texts', { texts: 'yes' });
  assert.match(browser.text, /You get text messages about your invoices at \(512\) 555-0171/);
  await browser.submit('/portal/profile/texts', { texts: 'no' });
  assert.match(browser.text, /You get no text messages/);
  const said = await query<Said>(
    'select kind, words, source, phone from text_consents where customer_id = $1 order by number',
    [customerId],
  );
  assert.deepEqual(
    said.map(({ kind, source, phone }) => [kind, source, phone]),
    [
      ['given', 'portal', '+15125550171'],
      ['withdrawn', 'portal', '+15125550171'],
    ],
  );
  assert.match(said[0]?.words ?? '', /^I agree that Organization/);
});
