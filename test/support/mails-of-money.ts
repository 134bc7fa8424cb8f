import { sql } from 'kysely';
import { estimateJobs } from '#features/estimates/jobs.ts';
import { makePaymentLink } from '#features/payment-links/make-payment-link.ts';
import { sendRefundMails } from '#features/refunds/send-refund-mails.ts';
import { sendVoidNotice } from '#features/refunds/send-void-notice.ts';
import { tellFailedCharge } from '#features/standing-charges/tell-failed-charge.ts';
import { must } from '#lib/errors.ts';
import { type Books, bankAccount, given, news } from './given.ts';
import { invoiceOfAna, mailInvoice, makings, setOrganization } from './mails.ts';
import { apiKeyOf, Browser } from './portal.ts';
import { ben, tell, tellReturn } from './receipts.ts';
import { approvedPayment, askRefund, askVoid, refundNews, settledPayment } from './refunds.ts';
import { callApi } from './server.ts';

/** As an organization looks that has filled in its settings, and is told of everything at one address. */
export const furnish = (books: Books): Promise<unknown> =>
  setOrganization(
    books,
    sql`name = 'Fern & Sons Landscaping', phone = '+1 512 555 0100', website = 'https://fern.example',
      email = 'hello@fern.example', notify_emails = array['desk@fern.example'],
      address = '{"line1": "12 Mill Lane", "city": "Austin", "region": "TX", "postal_code": "78701", "country": "US"}'`,
  );

/** What staff sends by hand: an invoice, an estimate that is then declined, a credit memo, a request for money. */
export async function mailsOfDocuments(): Promise<Books> {
  const { books, customerId, invoiceId } = await invoiceOfAna();
  await furnish(books);
  await mailInvoice(books, invoiceId);
  const key = await apiKeyOf(books);
  const post = async (path: string, body: object) =>
    must((await callApi(key, 'POST', path, body)).body, path) as { id: string; url: string };
  const lines = [{ item_name: 'Stone wall', quantity: '3', unit_price: '1480.00' }];
  const estimate = await post('/v1/estimates', { customer_id: customerId, lines, deposit_percent: '30' });
  await post(`/v1/estimates/${estimate.id}/send`, {});
  const { pathname } = new URL(estimate.url);
  const browser = await new Browser().open(pathname);
  await browser.submit(`${pathname}/decline`, {
    declined_by: 'Ana Field',
    reason: 'More than we can spend.',
  });
  const jobs = estimateJobs({ ...makings, db: books.db });
  await jobs['tell-estimate']({ organizationId: books.organizationId, subjectId: estimate.id });
  const memo = await post('/v1/credit-memos', {
    ...{ customer_id: customerId, reason: 'Two visits were rained off' },
    lines: [{ description: 'Mowing, two visits', amount: 12_000 }],
  });
  await post(`/v1/credit-memos/${memo.id}/send`, {});
  const asked = { customerId, description: 'Deposit for the stone wall', amount: 133_200n, fixed: true };
  await books.tx((tx) =>
    makePaymentLink(
      tx,
      books.actor,
      { ...makings, ...asked, organizationId: books.organizationId, expiresInDays: 30, mail: true },
      books.now,
    ),
  );
  return books;
}

/** Money that came, by card and by bank, and what did not stay. */
export async function mailsOfPayments(): Promise<Books[]> {
  const paid = await ben();
  await furnish(paid.books);
  const paymentMethodId = await given.storedMethod(paid.books, paid.customerId);
  const byCard = await given.charge(paid.books, {
    ...{ ...paid.money, source: 'schedule' },
    gatewaySource: { kind: 'stored', token: `sm_${paymentMethodId}` },
    paymentMethodId,
  });
  const byBank = await given.charge(paid.books, { ...paid.money, kind: 'bank_account' });
  await given.outcome(paid.books, byCard.paymentId, news('declined'));
  await tellOfFailed(paid.books, byCard.paymentId);
  await given.outcome(paid.books, byBank.paymentId, news('submitted'));
  await tell(paid.books, byBank.paymentId);
  await given.outcome(paid.books, byBank.paymentId, news('settled', bankAccount));
  await tell(paid.books, byBank.paymentId);
  await given.outcome(paid.books, byBank.paymentId, news('returned'));
  await tellReturn(paid.books, byBank.paymentId);
  const check = await given.payment(paid.books, { ...paid.money, reference: '1042' });
  await tell(paid.books, check.paymentId);
  const back = await given.organization();
  await furnish(back);
  const { organizationId, actor, now } = back;
  const { paymentId } = await settledPayment(back, { parts: [60_000n, 40_000n], fee: 3_000n });
  const sent = await askRefund(back, { paymentId, principal: 21_500n, reason: 'Two lamps came broken' });
  const about = { organizationId, outbox: makings.outbox };
  const tellBack = () => back.tx((tx) => sendRefundMails(tx, actor, { ...about, paymentId }, now));
  await refundNews(back, sent, 'submitted');
  await tellBack();
  await refundNews(back, sent, 'failed');
  await tellBack();
  const taken = await approvedPayment(back, { parts: [12_000n] });
  await askVoid(back, taken.paymentId, 'Paid twice');
  await given.outcome(back, taken.paymentId, news('voided'));
  await back.tx((tx) => sendVoidNotice(tx, actor, { ...about, paymentId: taken.paymentId }, now));
  return [paid.books, back];
}

const tellOfFailed = (books: Books, paymentId: string): Promise<void> =>
  books.tx((tx) =>
    tellFailedCharge(
      tx,
      books.actor,
      { ...makings, organizationId: books.organizationId, paymentId, again: '2026-03-05' },
      books.now,
    ),
  );
