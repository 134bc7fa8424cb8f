import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { PayerSource } from '#features/payments/portal-rules.ts';
import {
  type ApplicationRow,
  type PaymentRow,
  readApplications,
  readPayment,
} from '#features/payments/queries.ts';
import type { PaymentKind, PaymentState } from '#features/payments/rules.ts';
import { notFound } from '#lib/errors.ts';

type Scope = { organizationId: string; customerIds: readonly string[] };

export type PayerPaymentRow = PaymentRow & { applications: (ApplicationRow & { customerId: string })[] };

/** A payment of the payer's own customers, with what it was for. */
export async function readPayerPayment(tx: Tx, scope: Scope, id: string): Promise<PayerPaymentRow> {
  const row = await readPayment(tx, scope.organizationId, id);
  if (!scope.customerIds.includes(row.customerId)) throw notFound('payment', id);
  const applications = await readApplications(tx, scope.organizationId, id);
  return { ...row, applications: applications.map((each) => ({ ...each, customerId: row.customerId })) };
}

export type PastPaymentRow = {
  id: string;
  kind: PaymentKind;
  state: PaymentState;
  amount: bigint;
  refunded: bigint;
  currency: string;
  receivedOn: string;
  methodBrand: string | null;
  methodLast4: string | null;
  memo: string | null;
  invoices: string[];
};

/** What was paid or tried, newest first. */
export async function listPayerPayments(
  tx: Tx,
  scope: Scope,
  page: { limit: number; after?: string | undefined; source?: PayerSource | undefined },
): Promise<{ rows: PastPaymentRow[]; nextAfter: string | undefined }> {
  const after = page.after ? sql`and p.id < ${page.after}` : sql``;
  const madeBy = page.source ? sql`and p.source = ${page.source}` : sql``;
  const rows = await tx.rows<PastPaymentRow>(sql`
    select p.id, p.kind, p.state, p.amount, p.refunded, p.currency, p.received_on, p.method_brand, p.method_last4, p.memo,
      array(select i.number::text from payment_applications a
      join invoices i on i.organization_id = a.organization_id and i.id = a.invoice_id
        where a.organization_id = p.organization_id and a.payment_id = p.id
        order by a.id limit 100) as invoices
    from payments p where p.organization_id = ${scope.organizationId}
    and p.customer_id = any(${[...scope.customerIds]}) ${after} ${madeBy}
    order by p.id desc limit ${page.limit + 1}`);
  return {
    rows: rows.slice(0, page.limit),
    nextAfter: rows.length > page.limit ? rows[page.limit - 1]?.id : undefined,
  };
}

/** What the payer has with the organization and no invoice has used yet. */
export async function unappliedCashOf(tx: Tx, scope: Scope): Promise<bigint> {
  const row = await tx.row<{ unapplied: bigint }>(sql`
    select coalesce(sum(amount - fee - applied - unapplied_refunded), 0)::bigint as unapplied from payments
    where organization_id = ${scope.organizationId} and customer_id = any(${[...scope.customerIds]})
      and posted_at is not null and ended_at is null`);
  return row?.unapplied ?? 0n;
}
