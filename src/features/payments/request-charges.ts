import { sql } from 'kysely';
import type { Actor, Statement, Tx } from '#db/db.ts';
import { enqueueStatement, type NewJob } from '#db/enqueue.ts';
import { eventStatements } from '#db/events.ts';
import { type DebitAsk, findResubmissions } from '#features/bank-rules/find-resubmissions.ts';
import { decideBatch, type Verdict } from '#features/payments/decide-batch.ts';
import { findEarlier } from '#features/payments/find-earlier.ts';
import { lockInvoices } from '#features/payments/lock-invoices.ts';
import { invoiceMoves } from '#features/payments/move-invoices.ts';
import type { ChargeKind, PaymentSource } from '#features/payments/payment-gateway.ts';
import type { FeeKind } from '#features/payments/payment-name-rules.ts';
import type { PayerSource } from '#features/payments/portal-rules.ts';
import { type Consent, writeConsents } from '#features/payments/portal-write-consents.ts';
import { priceAskedFees } from '#features/payments/price-asked-fees.ts';
import { type Application, unknownLookupAfter_s } from '#features/payments/rules.ts';
import { applicationStatements } from '#features/payments/write-applications.ts';
import { secondsLater } from '#lib/dates.ts';
import { newId } from '#lib/ids.ts';

/** Charges that Owed makes by itself, under a standing agreement. */
export type StandingSource = 'autopay' | 'schedule' | 'plan_down_payment' | 'plan_installment';

/** `disclosedAt`: when the payer was told; now, when left out. */
export type ChargeFee = { amount: bigint; kind: FeeKind; disclosedAt?: Date | undefined };

export type ChargeAsk = {
  /** Minted by whoever clicks, before the click: a second click finds the first charge. */
  requestKey: string;
  customerId: string;
  kind: ChargeKind;
  source: PayerSource | StandingSource | 'staff' | 'api' | 'virtual_terminal';
  /** All that the payer is charged, the fee included. */
  amount: bigint;
  /** The part of it that is paid on top and applied to no invoice; below zero: what was taken off. */
  paidOnTop?: ChargeFee | undefined;
  currency: string;
  receivedOn: string;
  gatewayAccountId: string;
  gatewaySource: PaymentSource;
  paymentMethodId?: string | undefined;
  /** What the gateway said of a one-time token when it was inspected. */
  inspected?: { funding: string | null; brand: string } | undefined;
  applications: readonly Application[];
  payerName?: string | undefined;
  payerEmail?: string | undefined;
  sendReceipt: boolean;
  memo?: string | undefined;
  /** The standing agreement under which it is charged. */
  authorizationId?: string | undefined;
  /** The key of the try before, where this one repeats it. */
  retryOf?: string | undefined;
  /** What was agreed to with it, kept with it. */
  consents?: readonly Consent[] | undefined;
};

/**
 * Ask for charges: pending payments that reserve their invoices, and the jobs that will submit them. Nothing
 * leaves.
 */
export async function requestCharges(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; charges: readonly ChargeAsk[]; quiet?: boolean },
  now: Date,
): Promise<Verdict[]> {
  const { organizationId } = input;
  const invoices = await lockInvoices(
    tx,
    organizationId,
    input.charges.flatMap((c) => c.applications.map((a) => a.invoiceId)),
  );
  const earlier = await findEarlier(
    tx,
    organizationId,
    input.charges.map((c) => c.requestKey),
  );
  const { refusal, accepted, feeStatements } = await refusalsOf(tx, organizationId, input.charges);
  const { verdicts, accepted: charges } = decideBatch(
    input.charges,
    { invoices: new Map(invoices), earlier },
    {
      take: (invoice, amount) => ({ ...invoice, reserved: invoice.reserved + amount }),
      newPaymentId: () => newId('payment'),
      refusal,
      accepted,
    },
  );
  if (charges.length === 0) return verdicts;
  const moves = invoiceMoves(
    organizationId,
    invoices,
    charges.flatMap((c) =>
      c.applications.map((a) => ({ invoiceId: a.invoiceId, applied: 0n, reserved: a.amount })),
    ),
    now,
  );
  const events = eventStatements(
    tx,
    { actor, organizationId, now, quiet: input.quiet ?? false },
    charges.map((c) => ({
      type: 'payment.requested',
      subjectId: c.id,
      customerId: c.customerId,
      data: { amount: c.amount, currency: c.currency, kind: c.kind, source: c.source },
    })),
  );
  const submits: NewJob[] = charges.map((c) => ({
    job: 'submit-charge',
    payload: { organizationId, paymentId: c.id },
    key: `submit:${c.id}`,
  }));
  const jobs = events.reaction ? [...submits, events.reaction] : [];
  await tx.writeAll(
    [
      chargeStatement(organizationId, actor, charges, now),
      ...applicationStatements(organizationId, charges, { state: 'reserved', now }),
      ...moves.writes,
      ...feeStatements(charges, now),
      ...events.writes,
    ],
    jobs.length > 0 ? enqueueStatement(jobs) : undefined,
  );
  for (const { id: paymentId, customerId, consents = [] } of charges)
    await writeConsents(tx, actor, { organizationId, customerId, paymentId, consents }, now);
  return verdicts;
}

function chargeStatement(
  organizationId: string,
  actor: Actor,
  charges: readonly (ChargeAsk & { id: string })[],
  now: Date,
): Statement<unknown> {
  // Should this process die before it can submit, the lookup sweep finds the payment a minute later.
  const firstLookup = secondsLater(now, unknownLookupAfter_s(0) ?? 60);
  const column = <T>(pick: (charge: (typeof charges)[number]) => T): T[] => charges.map(pick);
  return sql`
    insert into payments (organization_id, id, customer_id, request_key, kind, source, state, amount, currency,
      received_on, gateway_account_id, payment_method_id, gateway_source, payer_name, payer_email, send_receipt, memo,
      portal_user_id, user_id, next_lookup_at, requested_at, fee, fee_kind, authorization_id)
    select ${organizationId}, p.id, p.customer_id, p.request_key, p.kind, p.source, 'pending', p.amount, p.currency,
      p.received_on, p.gateway_account_id, p.payment_method_id, p.gateway_source, p.payer_name, p.payer_email,
      p.send_receipt, p.memo, ${actor.kind === 'portal_user' ? actor.portalUserId : null},
      ${actor.kind === 'user' ? actor.userId : null}, ${firstLookup}, ${now}, p.fee, p.fee_kind, p.authorization_id
    from unnest(${column((c) => c.id)}::text[], ${column((c) => c.customerId)}::text[],
      ${column((c) => c.requestKey)}::text[], ${column((c) => c.kind)}::text[], ${column((c) => c.source)}::text[],
      ${column((c) => c.amount)}::bigint[], ${column((c) => c.currency)}::text[], ${column((c) => c.receivedOn)}::date[],
      ${column((c) => c.gatewayAccountId)}::text[], ${column((c) => c.paymentMethodId ?? null)}::text[],
      ${column((c) => JSON.stringify(c.gatewaySource))}::jsonb[], ${column((c) => c.payerName ?? null)}::text[],
      ${column((c) => c.payerEmail ?? null)}::text[], ${column((c) => c.sendReceipt)}::boolean[],
      ${column((c) => c.memo ?? null)}::text[], ${column((c) => c.paidOnTop?.amount ?? 0n)}::bigint[],
      ${column((c) => c.paidOnTop?.kind ?? null)}::text[], ${column((c) => c.authorizationId ?? null)}::text[])
      as p(id, customer_id, request_key, kind, source, amount, currency, received_on, gateway_account_id,
        payment_method_id, gateway_source, payer_name, payer_email, send_receipt, memo, fee, fee_kind, authorization_id)`;
}

/** What stands in the way of a charge besides its invoices: the method, or debits of it that came back. */
async function refusalsOf(tx: Tx, organizationId: string, charges: readonly ChargeAsk[]) {
  const onFile = await lockMethods(
    tx,
    organizationId,
    charges.flatMap((c) => c.paymentMethodId ?? []),
  );
  const fees = await priceAskedFees(tx, organizationId, charges, onFile);
  const resubmission = await findResubmissions(tx, organizationId, charges.flatMap(debitOf));
  return {
    refusal: (charge: ChargeAsk): Verdict | undefined => {
      const { paymentMethodId } = charge;
      if (paymentMethodId !== undefined && !onFile.has(paymentMethodId)) return methodGone;
      const reason = debitOf(charge).map(resubmission.against)[0];
      return reason === undefined ? fees.refusal(charge) : { ...methodGone, reason };
    },
    accepted: (charge: ChargeAsk) => debitOf(charge).forEach(resubmission.note),
    feeStatements: fees.write,
  };
}

/** What the rules of bank debits look at: a stored account and the invoices it is to pay. */
const debitOf = (charge: ChargeAsk): DebitAsk[] =>
  charge.kind === 'bank_account' && charge.paymentMethodId !== undefined && charge.applications.length > 0
    ? [
        {
          paymentMethodId: charge.paymentMethodId,
          invoiceIds: charge.applications.map(({ invoiceId }) => invoiceId),
          today: charge.receivedOn,
        },
      ]
    : [];

const methodGone = {
  ok: false as const,
  code: 'state_refused' as const,
  param: 'payment_method_id',
  reason: 'This payment method has been removed or blocked. Use another one.',
};

/**
 * The methods that may be charged, held until the payment exists: whoever removes one at this moment has done
 * so already, or finds the payment under way.
 */
async function lockMethods(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, { funding: string | null; brand: string }>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.rows<{
    id: string;
    funding: string | null;
    brand: string;
  }>(sql`select id, funding, brand from payment_methods
    where organization_id = ${organizationId} and id = any(${[...new Set(ids)]}) and state = 'active'
    order by id for share`);
  return new Map(rows.map((row) => [row.id, row]));
}
