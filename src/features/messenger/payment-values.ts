import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { MergeValues } from '#features/correspondence/merge-fields.ts';
import { formatDate } from '#lib/dates.ts';
import { formatMoney } from '#lib/money.ts';

export type PaymentToName = {
  amount: bigint;
  currency: string;
  receivedOn: string;
  kind: string;
  methodBrand: string | null;
  methodLast4: string | null;
};

/** The payment that was put against an invoice last; none where a credit was since: that one closed it. */
export const readLastPayment = (
  tx: Tx,
  organizationId: string,
  invoiceId: string,
): Promise<PaymentToName | undefined> =>
  tx.row<PaymentToName>(sql`
    select a.amount, p.currency, p.received_on, p.kind, p.method_brand, p.method_last4
    from payment_applications a
    join payments p on p.organization_id = a.organization_id and p.id = a.payment_id
    where a.organization_id = ${organizationId} and a.invoice_id = ${invoiceId} and a.state = 'applied'
      and not exists (select from credit_applications c where c.organization_id = a.organization_id
        and c.invoice_id = a.invoice_id and c.state = 'applied' and c.created_at > a.applied_at)
    order by a.applied_at desc, a.id desc limit 1`);

/** What words may name of a payment, each alone and in a sentence. */
export function paymentValues(payment: PaymentToName, locale: string): MergeValues {
  const { kind, methodBrand: brand, methodLast4: last4 } = payment;
  const name = brand ? `${brand.charAt(0).toUpperCase()}${brand.slice(1)}` : kind.replaceAll('_', ' ');
  const method = last4 ? `${name} ending in ${last4}` : name;
  const amount = formatMoney(payment.amount, payment.currency, locale);
  const date = formatDate(payment.receivedOn, locale);
  const by = kind === 'other' && !brand ? '' : ` by ${method}`;
  return {
    'payment.amount': amount,
    'payment.date': date,
    'payment.method': method,
    'payment.notice': `We received ${amount} on ${date}${by}.`,
  };
}
