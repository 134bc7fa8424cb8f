import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { Known } from '#features/deposits/rules.ts';
import type { PayoutLine } from '#features/payments/payment-gateway.ts';

type PaymentRow = {
  id: string;
  amount: bigint;
  currency: string;
  depositId: string | null;
  gatewayReference: string | null;
};

/** The payments and refunds that lines speak of, locked: no other payout takes them meanwhile. */
export async function readKnown(
  tx: Tx,
  account: { organizationId: string; gatewayAccountId: string },
  lines: readonly PayoutLine[],
): Promise<Known> {
  const { organizationId, gatewayAccountId } = account;
  const ids = lines.flatMap((line) => line.paymentId ?? []);
  const references = lines.flatMap((line) => line.paymentReference ?? []);
  const rows = await tx.rows<PaymentRow>(sql`
    select id, amount, currency, deposit_id, gateway_reference from payments
    where organization_id = ${organizationId} and gateway_account_id = ${gatewayAccountId}
      and (id = any(${ids}) or gateway_reference = any(${references}))
    order by id for update`);
  const refunds = await tx.rows<{ id: string }>(sql`select id from refunds
    where organization_id = ${organizationId} and gateway_account_id = ${gatewayAccountId}
      and id = any(${lines.flatMap((line) => line.refundId ?? [])})`);
  return {
    payments: new Map(
      rows.flatMap((row) => [
        [row.id, row] as const,
        ...(row.gatewayReference ? [[row.gatewayReference, row] as const] : []),
      ]),
    ),
    refunds: new Set(refunds.map(({ id }) => id)),
  };
}
