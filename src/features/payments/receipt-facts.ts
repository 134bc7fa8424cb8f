import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { FeeKind } from '#features/payments/payment-name-rules.ts';
import type { PaymentKind, PaymentState } from '#features/payments/rules.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { notFound } from '#lib/errors.ts';

export type PaymentFacts = {
  id: string;
  customerId: string;
  kind: PaymentKind;
  source: string;
  state: PaymentState;
  amount: bigint;
  applied: bigint;
  fee: bigint;
  feeKind: FeeKind | null;
  currency: string;
  receivedOn: CalendarDate;
  reference: string | null;
  gatewayReference: string | null;
  memo: string | null;
  payerName: string | null;
  payerEmail: string | null;
  /** Off as well where each invoice that it pays has its receipts off. */
  sendReceipt: boolean;
  /** A schedule says itself whether the organization wants receipts of it. */
  tellOrganization: boolean;
  methodBrand: string | null;
  methodLast4: string | null;
  returnCode: string | null;
  /** What the code means to the payer, and what helps; null where no rule knows it. */
  returnWords: string | null;
  returnAdvice: string | null;
  /** The stored account was blocked by this or another return. */
  methodBlocked: boolean;
  requestedAt: Date;
  postedAt: Date | null;
  settledAt: Date | null;
  displayName: string;
  firstName: string | null;
  email: string | null;
  ccEmails: string[];
  sendReceipts: boolean;
};

/** A payment with the customer that it is of. `lock` where a decision rests on its state. */
export async function readPaymentFacts(
  tx: Tx,
  organizationId: string,
  paymentId: string,
  lock = false,
): Promise<PaymentFacts> {
  const row = await tx.row<PaymentFacts>(sql`
    select p.id, p.customer_id, p.kind, p.source, p.state, p.amount, p.applied, p.fee, p.fee_kind, p.currency, p.received_on,
      p.reference, p.gateway_reference, p.memo, p.payer_name, p.payer_email,
      p.send_receipt and not coalesce((select bool_and(i.receipts_off)
        from payment_applications a join invoices i on i.organization_id = a.organization_id and i.id = a.invoice_id
        where a.organization_id = p.organization_id and a.payment_id = p.id), false) as send_receipt, p.method_brand,
      p.method_last4, p.return_code, p.requested_at, p.posted_at, p.settled_at, c.display_name, b.first_name,
      b.email, b.cc_emails, b.send_receipts, r.payer_words as return_words, r.payer_advice as return_advice,
      coalesce(m.state = 'blocked', false) as method_blocked,
      coalesce((select s.receipt_to_organization from schedule_occurrences o
        join schedules s on s.organization_id = o.organization_id and s.id = o.schedule_id
        where o.organization_id = p.organization_id and o.payment_id = p.id), true) as tell_organization
    from payments p join customers c on c.organization_id = p.organization_id and c.id = p.customer_id
    -- Whoever bills with a parent is written to through it, and by its settings.
    join customers b on b.organization_id = p.organization_id
      and b.id = coalesce((select id from customers where organization_id = p.organization_id and c.parent_id is not null
        and id = billed_to(p.organization_id::text, p.customer_id::text)), p.customer_id)
    left join lateral ach_return_code(p.return_code, p.received_on) r on true
    left join payment_methods m on m.organization_id = p.organization_id and m.id = p.payment_method_id
    where p.organization_id = ${organizationId}
      and p.id = ${paymentId} ${lock ? sql`for update of p` : sql``}`);
  if (!row) throw notFound('payment', paymentId);
  return row;
}

export type PaidInvoice = {
  id: string;
  number: string;
  invoiceDate: CalendarDate;
  dueDate: CalendarDate;
  currency: string;
  total: bigint;
  amount: bigint;
  /** What was due after this payment; as if it had gone through, while it is under way. */
  balanceAfter: bigint;
  /** What is due as of now. */
  balanceDue: bigint;
  linkVersion: number;
};

/**
 * What a payment pays, in the order it was applied. The balance after it leaves out payments that were
 * applied later, so that a receipt says the same on every day it is opened.
 */
export async function readPaidInvoices(
  tx: Tx,
  organizationId: string,
  paymentId: string,
): Promise<PaidInvoice[]> {
  return tx.rows<PaidInvoice>(sql`
    select i.id, i.number, i.invoice_date, i.due_date, i.currency, i.total + i.fees as total, a.amount,
      i.balance_due, i.link_version,
      case a.state when 'reserved' then i.balance_due - a.amount when 'ended' then i.balance_due
        else i.balance_due + coalesce((select sum(later.amount) from payment_applications later
          where later.organization_id = a.organization_id and later.invoice_id = a.invoice_id
            and later.state = 'applied'
            and (later.applied_at, later.id) > (a.applied_at, a.id)), 0)::bigint end as balance_after
    from payment_applications a
    join invoices i on i.organization_id = a.organization_id and i.id = a.invoice_id
    where a.organization_id = ${organizationId} and a.payment_id = ${paymentId} order by a.id limit 500`);
}
