import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { PayoutLine } from '#features/payments/payment-gateway.ts';

export type DepositLine = Omit<PayoutLine, 'kind'> & { kind: PayoutLine['kind'] | 'hand' };

/** Write what a deposit is made of, in place of what stood there, and tell its payments where they went. */
export async function writeDepositLines(
  tx: Tx,
  input: { organizationId: string; depositId: string; lines: readonly DepositLine[] },
): Promise<void> {
  const { organizationId, depositId, lines } = input;
  await tx.run(sql`update payments set deposit_id = null
    where organization_id = ${organizationId} and deposit_id = ${depositId}`);
  await tx.run(
    sql`delete from deposit_lines where organization_id = ${organizationId} and deposit_id = ${depositId}`,
  );
  const column = <T>(pick: (line: DepositLine) => T): T[] => lines.map(pick);
  await tx.run(sql`
    insert into deposit_lines (organization_id, deposit_id, line_no, reference, kind, payment_id, refund_id, gross, fee,
      net, description, on_date)
    select ${organizationId}, ${depositId}, l.ord, l.reference, l.kind, l.payment_id, l.refund_id, l.gross, l.fee, l.net,
      l.description, l.on_date
    from unnest(${column((l) => l.reference)}::text[], ${column((l) => l.kind)}::text[],
      ${column((l) => l.paymentId ?? null)}::text[], ${column((l) => l.refundId ?? null)}::text[],
      ${column((l) => l.gross)}::bigint[], ${column((l) => l.fee)}::bigint[], ${column((l) => l.net)}::bigint[],
      ${column((l) => l.description)}::text[], ${column((l) => l.on)}::date[]) with ordinality
      as l(reference, kind, payment_id, refund_id, gross, fee, net, description, on_date, ord)`);
  const paid = lines.flatMap((line) =>
    line.paymentId && (line.kind === 'charge' || line.kind === 'hand') ? line.paymentId : [],
  );
  await tx.run(sql`update payments set deposit_id = ${depositId}
    where organization_id = ${organizationId} and id = any(${paid}) and deposit_id is null`);
}
