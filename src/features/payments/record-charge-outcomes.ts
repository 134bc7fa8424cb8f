import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { type NewEvent, record } from '#db/events.ts';
import { applyBankChanges } from '#features/bank-rules/apply-bank-changes.ts';
import { applyReturnCodes } from '#features/bank-rules/apply-return-codes.ts';
import { postEntries } from '#features/ledger/post-entries.ts';
import { entryOfPayment, reversalOfPayment } from '#features/ledger/rules.ts';
import { lockInvoices } from '#features/payments/lock-invoices.ts';
import { moveInvoices } from '#features/payments/move-invoices.ts';
import {
  type DecidedMove,
  decideOutcome,
  eventsOfMove,
  type LockedPayment,
} from '#features/payments/outcome-rules.ts';
import type { GatewayOutcome } from '#features/payments/payment-gateway.ts';
import { storeMethods } from '#features/payments/store-methods.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

export type ChargeOutcome = { paymentId: string; outcome: Exclude<GatewayOutcome, { outcome: 'absent' }> };

/**
 * Record what the gateway says of payments: the state, what it does to invoices and books, and the events.
 * The answer to our call, a webhook and a lookup all come here; news that changes nothing is harmless.
 */
export async function recordChargeOutcomes(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; outcomes: readonly ChargeOutcome[]; quiet?: boolean },
  now: Date,
): Promise<{ moved: string[] }> {
  const { organizationId } = input;
  const ids = [...new Set(input.outcomes.map((o) => o.paymentId))].sort();
  const touched = await tx.rows<{ invoiceId: string }>(sql`
    select distinct invoice_id from payment_applications where organization_id = ${organizationId} and payment_id = any(${ids})`);
  await lockInvoices(
    tx,
    organizationId,
    touched.map((row) => row.invoiceId),
  );
  const zone = await tx.row<{ timeZone: string }>(
    sql`select time_zone from organizations where id = ${organizationId}`,
  );
  const entryDate = dateIn(must(zone, 'the organization').timeZone, now);
  const moved: string[] = [];
  for (const round of inRounds(input.outcomes)) {
    const payments = await lockPayments(tx, organizationId, ids);
    const moves = round.flatMap(({ paymentId, outcome }) => {
      const payment = payments.get(paymentId);
      return payment ? [decideOutcome(payment, outcome, now)] : [];
    });
    if (moves.length === 0) continue;
    await writeMoves(tx, { actor, organizationId, quiet: input.quiet ?? false, entryDate }, moves, now);
    moved.push(...moves.filter((move) => move.changed).map((move) => move.payment.id));
  }
  return { moved };
}

/**
 * One statement writes one piece of news of each payment, so the second of a payment waits for the next
 * round.
 */
function inRounds(outcomes: readonly ChargeOutcome[]): ChargeOutcome[][] {
  const rounds: ChargeOutcome[][] = [];
  const seen = new Map<string, number>();
  for (const outcome of outcomes) {
    const round = seen.get(outcome.paymentId) ?? 0;
    seen.set(outcome.paymentId, round + 1);
    rounds[round] = [...(rounds[round] ?? []), outcome];
  }
  return rounds;
}

async function lockPayments(
  tx: Tx,
  organizationId: string,
  ids: string[],
): Promise<Map<string, LockedPayment>> {
  const rows = await tx.rows<LockedPayment>(sql`
    select p.id, p.customer_id, p.kind, p.state, p.amount, p.fee, p.fee_kind, p.refunded, p.currency, p.lookups,
      p.gateway_account_id, p.gateway_source, p.payment_method_id, p.portal_user_id, p.user_id, p.gateway_reference, p.next_lookup_at
    from payments p where p.organization_id = ${organizationId} and p.id = any(${ids}) and p.gateway_account_id is not null
    order by p.id for update`);
  // Read after the locks: an application cannot change under them.
  const applications = await tx.rows<{ paymentId: string; invoiceId: string; amount: bigint }>(sql`
    select payment_id, invoice_id, amount from payment_applications
    where organization_id = ${organizationId} and payment_id = any(${ids}) and state <> 'ended' order by id`);
  const givenBack = await readGivenBack(
    tx,
    organizationId,
    rows.filter(({ refunded }) => refunded > 0n).map(({ id }) => id),
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        ...row,
        applications: applications.filter((application) => application.paymentId === row.id),
        givenBack: givenBack.get(row.id) ?? { fee: 0n, unapplied: 0n },
      },
    ]),
  );
}

/** What refunds that are in the books took out of fee and unapplied cash. */
async function readGivenBack(
  tx: Tx,
  organizationId: string,
  paymentIds: readonly string[],
): Promise<Map<string, LockedPayment['givenBack']>> {
  if (paymentIds.length === 0) return new Map();
  const rows = await tx.rows<LockedPayment['givenBack'] & { paymentId: string }>(sql`
    select payment_id, sum(fee_amount)::bigint as fee, sum(from_unapplied)::bigint as unapplied from refunds
    where organization_id = ${organizationId} and payment_id = any(${[...paymentIds]}) and state in ('submitted', 'settled')
    group by payment_id`);
  return new Map(rows.map(({ paymentId, fee, unapplied }) => [paymentId, { fee, unapplied }]));
}

async function writeMoves(
  tx: Tx,
  by: { actor: Actor; organizationId: string; entryDate: string; quiet: boolean },
  moves: readonly DecidedMove[],
  now: Date,
): Promise<void> {
  const { actor, organizationId, entryDate } = by;
  await updatePayments(tx, organizationId, moves, now);
  const changed = moves.filter((move) => move.changed);
  await endOrApply(tx, organizationId, changed, now);
  const stored = await storeMethods(tx, organizationId, changed, now);
  const methods = await followBanks(tx, by, moves, now);
  const about = (move: DecidedMove, applied: bigint, reserved: bigint) =>
    move.payment.applications.map((a) => ({
      invoiceId: a.invoiceId,
      applied: a.amount * applied,
      reserved: a.amount * reserved,
    }));
  const closings = await moveInvoices(
    tx,
    organizationId,
    changed.flatMap((move) =>
      move.effect === 'post'
        ? about(move, 1n, -1n)
        : move.effect === 'release'
          ? about(move, 0n, -1n)
          : move.effect === 'reverse'
            ? about(move, -1n, 0n)
            : [],
    ),
    now,
  );
  await postEntries(
    tx,
    organizationId,
    changed.flatMap((move) => {
      const posted = { ...move.payment, entryDate, throughGateway: true };
      return move.effect === 'post'
        ? [entryOfPayment(posted)]
        : move.effect === 'reverse'
          ? [reversalOfPayment(posted, move.payment.givenBack)]
          : [];
    }),
    now,
  );
  await record(tx, { actor, organizationId, now, quiet: by.quiet }, [
    ...moves.flatMap(eventsOfMove),
    ...stored,
    ...methods,
    ...closings,
  ]);
}

/** What the bank says of the accounts that were debited: that one has changed, or is no good any more. */
async function followBanks(
  tx: Tx,
  by: { organizationId: string; entryDate: string },
  moves: readonly DecidedMove[],
  now: Date,
): Promise<NewEvent[]> {
  const notices = moves.flatMap(({ payment, change }) =>
    change ? [{ ...change, paymentId: payment.id }] : [],
  );
  const returns = moves.flatMap(({ payment, changed, returnCode }) =>
    changed && returnCode ? [{ paymentId: payment.id, code: returnCode }] : [],
  );
  return [
    ...(await applyBankChanges(tx, by.organizationId, notices, now)),
    ...(await applyReturnCodes(tx, by.organizationId, { returns, today: by.entryDate }, now)),
  ];
}

async function updatePayments(
  tx: Tx,
  organizationId: string,
  moves: readonly DecidedMove[],
  now: Date,
): Promise<void> {
  const rows = moves.map((move) => ({
    id: move.payment.id,
    kind: move.kind,
    state: move.state,
    lookups: move.lookups,
    next_lookup_at: move.nextLookupAt,
    applied: move.appliedDelta.toString(),
    reference: move.reference,
    brand: move.method?.brand,
    last4: move.method?.last4,
    funding: move.method?.funding,
    decline_code: move.declineCode,
    decline_message: move.declineMessage,
    return_code: move.returnCode,
    vendor: move.vendor,
    at_once: move.refundAtOnce,
    known: move.isKnown,
    posted: move.effect === 'post',
    settled: move.changed && move.state === 'settled',
    ended:
      move.changed && (move.state === 'declined' || move.state === 'voided' || move.state === 'returned'),
  }));
  await tx.run(sql`
    update payments p set kind = r.kind, state = r.state, lookups = r.lookups, next_lookup_at = r.next_lookup_at,
      applied = p.applied + r.applied, gateway_reference = coalesce(r.reference, p.gateway_reference),
      method_brand = coalesce(r.brand, p.method_brand), method_last4 = coalesce(r.last4, p.method_last4),
      method_funding = coalesce(r.funding, p.method_funding), decline_code = coalesce(r.decline_code, p.decline_code),
      decline_message = coalesce(r.decline_message, p.decline_message), return_code = coalesce(r.return_code, p.return_code),
      refund_at_once = p.refund_at_once or r.at_once,
      gateway_code = case when r.vendor is null then p.gateway_code else r.vendor->>'code' end,
      gateway_message = case when r.vendor is null then p.gateway_message else left(r.vendor->>'message', 1000) end,
      gateway_source = case when r.known then null else p.gateway_source end,
      posted_at = case when r.posted then ${now} else p.posted_at end,
      settled_at = case when r.settled then ${now} else p.settled_at end,
      ended_at = case when r.ended then ${now} else p.ended_at end,
      void_next_at = case when r.ended then null else p.void_next_at end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id text, kind text, state text, lookups int,
      next_lookup_at timestamptz, applied bigint, reference text, brand text, last4 text, funding text, decline_code text,
      decline_message text, return_code text, vendor jsonb, at_once boolean, known boolean, posted boolean, settled boolean, ended boolean)
    where p.organization_id = ${organizationId} and p.id = r.id`);
}

async function endOrApply(
  tx: Tx,
  organizationId: string,
  moves: readonly DecidedMove[],
  now: Date,
): Promise<void> {
  const idsOf = (...effects: string[]) =>
    moves.filter((m) => effects.includes(m.effect)).map((m) => m.payment.id);
  const [post, end] = [idsOf('post'), idsOf('release', 'reverse')];
  if (post.length + end.length === 0) return;
  await tx.run(sql`
    update payment_applications a set
      state = case when a.payment_id = any(${post}) then 'applied' else 'ended' end,
      applied_at = case when a.payment_id = any(${post}) then ${now} else a.applied_at end,
      ended_at = case when a.payment_id = any(${end}) then ${now} else a.ended_at end
    where a.organization_id = ${organizationId} and a.payment_id = any(${[...post, ...end]}) and a.state <> 'ended'`);
}
