import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { type NewEvent, record } from '#db/events.ts';
import { postEntries } from '#features/ledger/post-entries.ts';
import { entryOfRefund, type PostedRefund } from '#features/ledger/refund-rules.ts';
import { afterRefund, planRefund, type RefundAsk, type RefundPlan } from '#features/refunds/plan-rules.ts';
import { type GivablePayment, lockGivable } from '#features/refunds/read-refundable.ts';
import { decideGiveBack, nextRefundLookupAfter_s } from '#features/refunds/rules.ts';
import { writeRefunds } from '#features/refunds/write-refunds.ts';
import { dateIn, secondsLater } from '#lib/dates.ts';
import { must, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { sha256 } from '#lib/secrets.ts';

export type AskedRefund = RefundAsk & {
  /** Minted by whoever clicks, before the click: a second click finds the first refund. */
  requestKey: string;
  paymentId: string;
  reason?: string | undefined;
  /** By hand: the number of the check, or the like. */
  reference?: string | undefined;
  sendReceipt: boolean;
};

export type NewRefund = AskedRefund &
  RefundPlan & {
    id: string;
    requestHash: string;
    payment: GivablePayment;
    byHand: boolean;
    account: PostedRefund['account'];
  };

export type RefundVerdict =
  | { ok: true; refundId: string; replayed: boolean }
  | { ok: false; code: Refusal['code']; reason: string; param: string };

/** For a batch of one: the refund's id, or the refusal thrown. */
export function acceptedRefund(verdict: RefundVerdict): string {
  if (verdict.ok) return verdict.refundId;
  throw new Refusal(verdict.code, { message: verdict.reason, param: verdict.param });
}

/**
 * Ask for refunds: pending ones, and the jobs that will send them; nothing leaves. What was received by hand
 * is given back by hand, and is in the books at once.
 */
export async function requestRefunds(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; refunds: readonly AskedRefund[]; quiet?: boolean },
  now: Date,
): Promise<RefundVerdict[]> {
  const { organizationId } = input;
  const payments = await lockGivable(
    tx,
    organizationId,
    input.refunds.map(({ paymentId }) => paymentId),
  );
  const earlier = await findEarlierRefunds(tx, organizationId, input.refunds);
  const accepted: NewRefund[] = [];
  const verdicts = input.refunds.map((ask): RefundVerdict => {
    const requestHash = hashOf(ask);
    const first = earlier.get(ask.requestKey);
    if (first) return again(first, requestHash);
    const payment = payments.get(ask.paymentId);
    if (!payment) return refuse('not_found', `There is no payment ${ask.paymentId}.`, 'payment_id');
    const { offer, reason } = decideGiveBack(payment);
    if (offer !== 'refund') return refuse('state_refused', reason, 'payment_id');
    const planned = planRefund(payment, ask);
    if (!planned.ok) return planned;
    const refund = { ...ask, ...planned.plan, id: newId('refund'), requestHash, payment };
    accepted.push({ ...refund, byHand: payment.gatewayAccountId === null, account: accountOf(payment) });
    payments.set(payment.id, {
      ...afterRefund(payment, planned.plan, ask.feeHandling),
      refunded: payment.refunded + planned.plan.amount,
    });
    earlier.set(ask.requestKey, { id: refund.id, requestHash });
    return { ok: true, refundId: refund.id, replayed: false };
  });
  if (accepted.length > 0)
    await write(tx, { actor, organizationId, quiet: input.quiet ?? false }, accepted, now);
  return verdicts;
}

const accountOf = ({ gatewayAccountId, depositId }: GivablePayment): PostedRefund['account'] =>
  gatewayAccountId !== null ? 'gateway_clearing' : depositId === null ? 'undeposited_funds' : 'bank';

const refuse = (code: Refusal['code'], reason: string, param: string): RefundVerdict => ({
  ok: false,
  code,
  reason,
  param,
});

type Earlier = { id: string; requestHash: string };

const again = (first: Earlier, requestHash: string): RefundVerdict =>
  first.requestHash === requestHash
    ? { ok: true, refundId: first.id, replayed: true }
    : refuse(
        'idempotency_key_reused',
        'This key was used for another refund. Use a new key for a new refund.',
        'request_key',
      );

/** The same refund, asked for again: of which payment, how much, out of what. */
function hashOf(ask: AskedRefund): string {
  const lines = ask.lines?.map(({ invoiceId, amount }) => `${invoiceId} ${amount}`).sort();
  const parts = [ask.paymentId, ask.principal, ask.feeHandling, ask.fromUnapplied, lines?.join() ?? 'none'];
  return sha256(parts.map(String).join('\n'));
}

/**
 * One that another transaction writes at this moment is not seen; the unique index then has ours run again.
 */
async function findEarlierRefunds(
  tx: Tx,
  organizationId: string,
  refunds: readonly AskedRefund[],
): Promise<Map<string, Earlier>> {
  const rows = await tx.rows<Earlier & { requestKey: string }>(sql`
    select id, request_key, request_hash from refunds
    where organization_id = ${organizationId} and request_key = any(${refunds.map((r) => r.requestKey)})`);
  return new Map(rows.map((row) => [row.requestKey, row]));
}

async function write(
  tx: Tx,
  by: { actor: Actor; organizationId: string; quiet: boolean },
  refunds: readonly NewRefund[],
  now: Date,
): Promise<void> {
  const { actor, organizationId } = by;
  const zone = await tx.row<{ timeZone: string }>(
    sql`select time_zone from organizations where id = ${organizationId}`,
  );
  const entryDate = dateIn(must(zone, 'the organization').timeZone, now);
  // Should this process die before it can send, the sweep finds the refund a minute later.
  const firstLookup = secondsLater(now, nextRefundLookupAfter_s('pending', 0) ?? 60);
  await writeRefunds(tx, by, refunds, { now, firstLookup });
  const posted = refunds.filter(({ byHand }) => byHand);
  await postEntries(
    tx,
    organizationId,
    posted.map((refund) =>
      entryOfRefund({
        ...refund,
        customerId: refund.payment.customerId,
        currency: refund.payment.currency,
        entryDate,
        paymentStands: true,
      }),
    ),
    now,
  );
  await record(tx, { actor, organizationId, now, quiet: by.quiet }, refunds.flatMap(eventsOf));
  await enqueue(
    tx,
    refunds
      .filter(({ byHand }) => !byHand)
      .map(({ id }) => ({
        job: 'submit-refund',
        payload: { organizationId, refundId: id },
        key: `refund:${id}`,
      })),
  );
}

function eventsOf(refund: NewRefund): NewEvent[] {
  const { customerId, currency } = refund.payment;
  const data = {
    refund_id: refund.id,
    amount: refund.amount,
    fee_amount: refund.feeAmount,
    currency,
    ...(refund.reason ? { reason: refund.reason } : {}),
  };
  const type = refund.byHand ? 'refund.recorded' : 'refund.requested';
  return [
    { type, subjectId: refund.paymentId, customerId, data },
    ...refund.lines.map(({ invoiceId, amount }) => ({
      type: 'invoice.payment_refunded',
      subjectId: invoiceId,
      customerId,
      data: { payment_id: refund.paymentId, refund_id: refund.id, amount, currency },
    })),
  ];
}
