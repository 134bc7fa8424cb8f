import { sql } from 'kysely';
import { accepted } from '#features/payments/decide-batch.ts';
import type { RefundOutcome } from '#features/payments/payment-gateway.ts';
import { recordChargeOutcomes } from '#features/payments/record-charge-outcomes.ts';
import { requestCharges } from '#features/payments/request-charges.ts';
import { recordRefundOutcomes } from '#features/refunds/record-refund-outcomes.ts';
import { type AskedRefund, acceptedRefund, requestRefunds } from '#features/refunds/request-refunds.ts';
import { requestVoid } from '#features/refunds/request-void.ts';
import { newId } from '#lib/ids.ts';
import { type Books, bankAccount, chargeAsk, given, news } from './given.ts';

type Paid = { parts: readonly bigint[]; over?: bigint; fee?: bigint; kind?: 'card' | 'bank_account' };

/** A payment by card or bank that has settled, over an invoice for each part. */
export async function settledPayment(books: Books, { parts, over = 0n, fee = 0n, kind = 'card' }: Paid) {
  const payment = await approvedPayment(books, { parts, over, fee, kind });
  await given.outcome(
    books,
    payment.paymentId,
    kind === 'card' ? news('settled') : news('settled', bankAccount),
  );
  return payment;
}

/** The same before it has settled: approved, or submitted to the bank. */
export async function approvedPayment(books: Books, { parts, over = 0n, fee = 0n, kind = 'card' }: Paid) {
  const customerId = await given.customer(books, { email: 'payer@example.test' });
  const invoiceIds: string[] = [];
  for (const part of parts) invoiceIds.push(await given.invoice(books, customerId, part));
  const applications = parts.map((amount, at) => ({ invoiceId: invoiceIds[at] as string, amount }));
  const amount = parts.reduce((total, part) => total + part, over + fee);
  const { organizationId, actor, now } = books;
  // At once, so that no worker meets the charge before its answer.
  const paymentId = await books.tx(async (tx) => {
    const ask = chargeAsk(books, { customerId, kind, amount, applications });
    const [verdict] = await requestCharges(tx, actor, { organizationId, charges: [ask] }, now);
    const { paymentId: id } = accepted(verdict as NonNullable<typeof verdict>);
    await tx.run(
      sql`update payments set fee = ${fee} where organization_id = ${organizationId} and id = ${id}`,
    );
    const outcome = kind === 'card' ? news('approved') : news('submitted');
    await recordChargeOutcomes(tx, actor, { organizationId, outcomes: [{ paymentId: id, outcome }] }, now);
    return id;
  });
  return { customerId, invoiceIds, paymentId, amount };
}

export async function askRefunds(books: Books, ...asks: (Partial<AskedRefund> & { paymentId: string })[]) {
  const refunds = asks.map((ask) => ({
    requestKey: newId('request'),
    feeHandling: 'inclusive' as const,
    sendReceipt: true,
    ...ask,
  }));
  return books.tx((tx) =>
    requestRefunds(tx, books.actor, { organizationId: books.organizationId, refunds }, books.now),
  );
}

/** One refund, asked for; refused ones throw. */
export async function askRefund(
  books: Books,
  ask: Partial<AskedRefund> & { paymentId: string },
): Promise<string> {
  const [verdict] = await askRefunds(books, ask);
  return acceptedRefund(verdict as NonNullable<typeof verdict>);
}

export const askVoid = (books: Books, paymentId: string, reason?: string): Promise<void> =>
  books.tx((tx) =>
    requestVoid(
      tx,
      books.actor,
      { organizationId: books.organizationId, paymentId, reason, sendReceipt: true },
      books.now,
    ),
  );

type Known = Exclude<RefundOutcome, { outcome: 'absent' }>;
/** The gateway says so of one refund, in order. */
export async function refundNews(
  books: Books,
  refundId: string,
  ...words: Known['outcome'][]
): Promise<void> {
  for (const word of words) {
    const outcome: Known =
      word === 'unknown'
        ? { outcome: word, reason: 'no answer' }
        : word === 'failed'
          ? { outcome: word, code: 'account_closed', message: 'The account is closed.' }
          : { outcome: word, reference: `re_${refundId}` };
    await books.tx((tx) =>
      recordRefundOutcomes(
        tx,
        books.actor,
        { organizationId: books.organizationId, outcomes: [{ refundId, outcome }] },
        books.now,
      ),
    );
  }
}

export type RefundFacts = {
  state: string;
  amount: bigint;
  feeAmount: bigint;
  fromUnapplied: bigint;
  nextLookupAt: Date | null;
  failureCode: string | null;
};
export async function readRefundRow(books: Books, id: string): Promise<RefundFacts> {
  const row = await books.tx((tx) =>
    tx.row<RefundFacts>(
      sql`select * from refunds where organization_id = ${books.organizationId} and id = ${id}`,
    ),
  );
  if (!row) throw new Error('no such refund');
  return row;
}

export type GivenBack = {
  state: string;
  refunded: bigint;
  unappliedRefunded: bigint;
  voidRequestedAt: Date | null;
  voidRefusedAt: Date | null;
  voidRefusal: string | null;
  voidNextAt: Date | null;
};
export async function readGivenBack(books: Books, id: string): Promise<GivenBack> {
  const row = await books.tx((tx) =>
    tx.row<GivenBack>(
      sql`select * from payments where organization_id = ${books.organizationId} and id = ${id}`,
    ),
  );
  if (!row) throw new Error('no such payment');
  return row;
}
