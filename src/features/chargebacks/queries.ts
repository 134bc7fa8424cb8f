import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { ChargebackState } from '#features/chargebacks/rules.ts';
import { snake } from '#lib/casing.ts';
import { notFound } from '#lib/errors.ts';

type Row = {
  id: string;
  paymentId: string;
  customerId: string;
  customerName: string;
  gatewayName: string;
  gatewayReference: string;
  state: ChargebackState;
  amount: bigint;
  currency: string;
  code: string;
  reason: string;
  openedAt: Date;
  evidenceDueAt: Date | null;
  evidenceText: string | null;
  evidenceAskedAt: Date | null;
  evidenceSentAt: Date | null;
  evidenceError: string | null;
  files: string[];
  closedAt: Date | null;
};

const columns =
  sql.raw(`b.id, b.payment_id, b.customer_id, c.display_name as customer_name, g.name as gateway_name,
  b.gateway_reference, b.state, b.amount, b.currency, b.code, b.reason, b.opened_at, b.evidence_due_at, b.evidence_text,
  b.evidence_asked_at, b.evidence_sent_at, b.evidence_error, b.closed_at,
  array(select f.file_name from chargeback_files f where f.organization_id = b.organization_id
    and f.chargeback_id = b.id order by f.file_name) as files`);
const joined = sql.raw(`join customers c on c.organization_id = b.organization_id and c.id = b.customer_id
  join gateway_accounts g on g.organization_id = b.organization_id and g.id = b.gateway_account_id`);

const present = (row: Row) => ({ object: 'chargeback' as const, ...snake(row) });

export async function listChargebacks(
  tx: Tx,
  organizationId: string,
  filter: {
    limit: number;
    startingAfter?: string | undefined;
    status: 'all' | 'open' | 'no_evidence' | 'won' | 'lost';
    paymentId?: string | undefined;
  },
) {
  const conditions: RawBuilder<unknown>[] = [sql`b.organization_id = ${organizationId}`];
  if (filter.status === 'open' || filter.status === 'no_evidence')
    conditions.push(sql`b.state in ('opened', 'evidence_sent')`);
  if (filter.status === 'no_evidence') conditions.push(sql`b.state = 'opened'`);
  if (filter.status === 'won' || filter.status === 'lost') conditions.push(sql`b.state = ${filter.status}`);
  if (filter.paymentId) conditions.push(sql`b.payment_id = ${filter.paymentId}`);
  if (filter.startingAfter) conditions.push(sql`b.id < ${filter.startingAfter}`);
  const rows = await tx.list<Row>(sql`select ${columns} from chargebacks b ${joined}
    where ${sql.join(conditions, sql` and `)} order by b.id desc limit ${filter.limit + 1}`);
  return {
    object: 'list' as const,
    data: rows.slice(0, filter.limit).map(present),
    has_more: rows.length > filter.limit,
  };
}

export async function readChargeback(tx: Tx, organizationId: string, id: string) {
  const row = await tx.row<Row>(sql`select ${columns} from chargebacks b ${joined}
    where b.organization_id = ${organizationId} and b.id = ${id}`);
  if (!row) throw notFound('chargeback', id);
  return present(row);
}
