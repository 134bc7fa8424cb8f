import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { paymentLink } from '#features/payment-links/payment-link.ts';
import { stateOfLink } from '#features/payment-links/rules.ts';
import type { PaymentKind, PaymentState } from '#features/payments/rules.ts';
import { notFound } from '#lib/errors.ts';
import type { Secrets } from '#lib/secrets.ts';

export type PaymentLinkRow = {
  organizationId: string;
  id: string;
  customerId: string;
  description: string;
  amount: bigint | null;
  isFixed: boolean;
  currency: string;
  sentTo: string | null;
  createdAt: Date;
  expiresAt: Date;
  withdrawnAt: Date | null;
  /** The payment that counts, see rules.ts. */
  payment: { id: string; kind: PaymentKind; state: PaymentState; amount: bigint } | undefined;
};

type Flat = Omit<PaymentLinkRow, 'payment'> & {
  paymentId: string | null;
  paymentKind: PaymentKind;
  paymentState: PaymentState;
  paymentAmount: bigint;
};

const selected = sql.raw(`
  select l.organization_id, l.id, l.customer_id, l.description, l.amount, l.is_fixed, l.currency, l.sent_to,
    l.created_at, l.expires_at, l.withdrawn_at, p.id as payment_id, p.kind as payment_kind, p.state as payment_state,
    p.amount as payment_amount
  from payment_links l
  left join lateral (select p.id, p.kind, p.state, p.amount from payments p
    where p.organization_id = l.organization_id and p.payment_link_id = l.id
      and p.state not in ('declined', 'returned') order by p.id desc limit 1) p on true`);

function rowOf({ paymentId: id, paymentKind, paymentState, paymentAmount, ...link }: Flat): PaymentLinkRow {
  const payment = { kind: paymentKind, state: paymentState, amount: paymentAmount };
  return { ...link, payment: id === null ? undefined : { id, ...payment } };
}

/** The payment page behind an address, of whichever organization: read as the system. */
export async function findPaymentLink(tx: Tx, id: string): Promise<PaymentLinkRow | undefined> {
  const row = await tx.row<Flat>(sql`${selected} where l.id = ${id}`);
  return row && rowOf(row);
}

export async function readPaymentLink(tx: Tx, organizationId: string, id: string): Promise<PaymentLinkRow> {
  const row = await tx.row<Flat>(
    sql`${selected} where l.organization_id = ${organizationId} and l.id = ${id}`,
  );
  if (!row) throw notFound('payment link', id);
  return rowOf(row);
}

export type Presenting = { secrets: Pick<Secrets, 'sign'>; baseUrl: string; now: Date };

export const presentPaymentLink = (row: PaymentLinkRow, { secrets, baseUrl, now }: Presenting) => ({
  object: 'payment_link' as const,
  id: row.id,
  customer_id: row.customerId,
  description: row.description,
  amount: row.amount,
  fixed: row.isFixed,
  currency: row.currency,
  state: stateOfLink(row, now),
  url: paymentLink(secrets, baseUrl, row),
  sent_to: row.sentTo,
  payment_id: row.payment?.id ?? null,
  paid_amount: row.payment?.amount ?? null,
  created_at: row.createdAt,
  expires_at: row.expiresAt,
});

export type LinkFilter = { customerId: string; limit: number; startingAfter?: string | undefined };

/** The payment pages made for one customer, newest first. */
export async function readPaymentLinks(tx: Tx, organizationId: string, filter: LinkFilter) {
  const after = filter.startingAfter ? sql`and l.id < ${filter.startingAfter}` : sql``;
  const rows = await tx.rows<Flat>(sql`${selected}
    where l.organization_id = ${organizationId} and l.customer_id = ${filter.customerId} ${after}
    order by l.id desc limit ${filter.limit + 1}`);
  return { rows: rows.slice(0, filter.limit).map(rowOf), hasMore: rows.length > filter.limit };
}
