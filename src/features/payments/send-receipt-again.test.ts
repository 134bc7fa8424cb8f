import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sendReceiptAgain } from '#features/payments/send-receipt-again.ts';
import type { Refusal } from '#lib/errors.ts';
import { type Books, bankAccount, given, news } from '../../../test/support/given.ts';
import { ben, kindsOf, mailsOf, outbox, tell } from '../../../test/support/receipts.ts';

describe('a receipt that is asked for again', () => {
  const again = (books: Books, paymentId: string, to?: string) =>
    books.tx((tx) =>
      sendReceiptAgain(
        tx,
        books.actor,
        { organizationId: books.organizationId, paymentId, to, outbox },
        books.now,
      ),
    );

  test('goes to the payer, or to the address given, each time, and not to the organization', async () => {
    const { books, money } = await ben();
    const { paymentId } = await given.payment(books, money);
    await tell(books, paymentId);
    assert.deepEqual((await again(books, paymentId)).to, ['ben@example.com']);
    assert.deepEqual((await again(books, paymentId, 'boss@elsewhere.example')).to, [
      'boss@elsewhere.example',
    ]);
    assert.deepEqual(await kindsOf(books), ['receipt', 'receipt_copy', 'receipt', 'receipt']);
    const [first, , ...more] = await mailsOf(books);
    assert.ok(
      more.every(({ text }) => text === first?.text),
      'it says the same as the first',
    );
  });

  test('is held back by no switch, but says processing while a bank payment is, and why there is none', async () => {
    const { books, money } = await ben({ sendReceipts: false });
    const { paymentId } = await given.charge(books, { ...money, kind: 'bank_account', sendReceipt: false });
    const refused = (words: RegExp) => (error: Refusal) =>
      error.code === 'state_refused' && words.test(error.message);
    await assert.rejects(again(books, paymentId), refused(/not known to have gone through/));
    await given.outcome(books, paymentId, news('submitted'));
    await again(books, paymentId);
    assert.deepEqual(await kindsOf(books), ['payment_processing']);
    await given.outcome(books, paymentId, news('settled', bankAccount));
    await again(books, paymentId);
    assert.deepEqual(await kindsOf(books), ['payment_processing', 'receipt']);
    await given.outcome(books, paymentId, news('returned'));
    await assert.rejects(again(books, paymentId), refused(/returned by the bank/));
  });

  test('needs an address, and says so', async () => {
    const { books, money } = await ben({ email: null });
    const { paymentId } = await given.payment(books, money);
    await assert.rejects(again(books, paymentId), (error: Refusal) => error.details.param === 'to');
    assert.deepEqual((await again(books, paymentId, 'ben@new.example')).to, ['ben@new.example']);
  });
});
