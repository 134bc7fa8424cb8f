import { sql } from 'kysely';
import { type Fleet, fail, type Run } from './fleet.ts';
import { usedOf } from './reference-credits.ts';
import { disputeOf, stateOfDispute } from './reference-disputes.ts';
import type { ModelPayment } from './reference-model.ts';

type MemoRow = { id: string; total: bigint; applied: bigint; isVoid: boolean; left: bigint };
type DisputeRow = {
  paymentId: string;
  state: string;
  amount: bigint;
  open: bigint;
  held: bigint;
  lost: bigint;
};
export type MoreRows = {
  memos: Map<string, MemoRow>;
  disputes: Map<string, DisputeRow>;
  methods: Map<string, string>;
};

export const isSame = (a: Record<string, unknown>, b: Record<string, unknown> | undefined): boolean =>
  b !== undefined && Object.keys(a).every((key) => a[key] === b[key]);
export const show = (value: object | undefined): string =>
  value
    ? Object.entries(value)
        .map(([key, item]) => `${key} ${item}`)
        .join(', ')
    : 'not there';

/** Credit memos, disputes and stored accounts, with what the ledger says of each. */
export async function readMore({ books }: Fleet): Promise<MoreRows> {
  const { organizationId } = books;
  const [memos, disputes, methods] = await books.tx(async (tx) => [
    await tx.rows<MemoRow>(sql`
    select m.id, m.total, m.applied, m.voided_at is not null as is_void, coalesce(l.left, 0)::bigint as left
    from credit_memos m left join (select coalesce(a.credit_memo_id, e.source_id) as memo_id,
        sum(l.credit - l.debit) as left
      from journal_entries e
      join journal_lines l on l.organization_id = e.organization_id and l.entry_id = e.id
      left join credit_applications a on a.organization_id = e.organization_id and a.id = e.source_id
      where e.organization_id = ${organizationId} and l.account = 'unapplied_credit' group by 1) l on l.memo_id = m.id
    where m.organization_id = ${organizationId}`),
    await tx.rows<DisputeRow>(sql`
    select c.payment_id, c.state, c.amount, coalesce(l.open, 0)::bigint as open, coalesce(l.held, 0)::bigint as held,
      coalesce(l.lost, 0)::bigint as lost
    from chargebacks c left join (select e.source_id,
        sum(l.debit - l.credit) filter (where l.account = 'chargebacks_receivable') as open,
        sum(l.credit - l.debit) filter (where l.account = 'gateway_clearing') as held,
        sum(l.debit - l.credit) filter (where l.account = 'chargeback_losses') as lost
      from journal_entries e join journal_lines l on l.organization_id = e.organization_id and l.entry_id = e.id
      where e.organization_id = ${organizationId} and e.kind like 'chargeback%' group by 1) l on l.source_id = c.id
    where c.organization_id = ${organizationId}`),
    await tx.rows<{ id: string; state: string }>(sql`
    select id, state from payment_methods where organization_id = ${organizationId}`),
  ]);
  return {
    memos: new Map(memos.map((row) => [row.id, row])),
    disputes: new Map(disputes.map((row) => [row.paymentId, row])),
    methods: new Map(methods.map(({ id, state }) => [id, state])),
  };
}

export function compareMore({ gateway }: Fleet, run: Run, rows: MoreRows): void {
  const { world } = run;
  for (const memo of world.memos) {
    const { total, isVoid } = memo;
    const applied = usedOf(memo);
    const model = { total, applied, isVoid, left: isVoid ? 0n : total - applied };
    const row = rows.memos.get(memo.id);
    if (!isSame(model, row)) fail(run, `credit memo ${memo.key} is ${show(row)}, and must be ${show(model)}`);
  }
  for (const dispute of world.disputes) {
    const payment = world.payments.find(({ key }) => key === dispute.payment) as ModelPayment;
    const { amount } = disputeOf(gateway, payment);
    const state = stateOfDispute(world, gateway, dispute);
    const isOpen = state === 'opened' || state === 'evidence_sent';
    const model = {
      state,
      amount,
      open: isOpen ? amount : 0n,
      held: state === 'won' ? 0n : amount,
      lost: state === 'lost' ? amount : 0n,
    };
    const row = rows.disputes.get(payment.id);
    if (!isSame(model, row))
      fail(run, `the dispute of ${payment.key} is ${show(row)}, and must be ${show(model)}`);
  }
  const known = new Set(world.disputes.map((each) => each.payment));
  for (const { id, key } of world.payments)
    if (rows.disputes.has(id) && !known.has(key)) fail(run, `${key} is disputed, and nobody said so`);
  world.methods.forEach(({ id, state }, at) => {
    const real = rows.methods.get(id);
    if (real !== state) fail(run, `account ${at} is ${real}, and must be ${state}`);
  });
}
