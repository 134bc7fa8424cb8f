import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { record } from '#db/events.ts';
import { entryOfCredit } from '#features/ledger/credit-rules.ts';
import { entryStatements } from '#features/ledger/post-entries.ts';
import { moveInvoices } from '#features/payments/move-invoices.ts';
import type { Application } from '#features/payments/rules.ts';
import { newId } from '#lib/ids.ts';

export type LockedMemo = {
  id: string;
  number: string;
  customerId: string;
  currency: string;
  tax: bigint;
  total: bigint;
  applied: bigint;
  issuedAt: Date | null;
  voidedAt: Date | null;
  /** The day in the organization’s time zone. */
  today: string;
};

/** Credit memos that a decision rests on, ids in order, locked after the invoices. */
export async function lockMemos(
  tx: Tx,
  organizationId: string,
  which: { ids: readonly string[] } | { customerId: string },
  now: Date,
): Promise<LockedMemo[]> {
  const those =
    'ids' in which
      ? sql`m.id = any(${[...which.ids]}::text[])`
      : sql`m.customer_id = ${which.customerId} and m.issued_at is not null and m.voided_at is null and m.applied < m.total`;
  return tx.rows<LockedMemo>(sql`
    select m.id, m.number, m.customer_id, m.currency, m.tax, m.total, m.applied, m.issued_at, m.voided_at,
      (${now}::timestamptz at time zone o.time_zone)::date as today
    from credit_memos m join organizations o on o.id = m.organization_id
    where m.organization_id = ${organizationId} and ${those} order by m.id for update of m`);
}

export type CreditUse = Application & { memo: LockedMemo };

/** Write what was decided under lock: rows, invoices, books and the events of both sides. */
export async function writeCredits(
  tx: Tx,
  by: { actor: Actor; organizationId: string },
  uses: readonly CreditUse[],
  now: Date,
): Promise<void> {
  const { actor, organizationId } = by;
  const rows = uses.map((use) => ({ ...use, id: newId('creditApplication') }));
  const closings = await moveInvoices(
    tx,
    organizationId,
    rows.map(({ invoiceId, amount }) => ({ invoiceId, applied: 0n, reserved: 0n, credited: amount })),
    now,
  );
  await tx.writeAll([
    sql`update credit_memos m set applied = m.applied + u.amount
      from (select id, sum(amount)::bigint as amount from unnest(${rows.map(({ memo }) => memo.id)}::text[],
        ${rows.map(({ amount }) => amount)}::bigint[]) as r(id, amount) group by id) u
      where m.organization_id = ${organizationId} and m.id = u.id`,
    sql`insert into credit_applications (organization_id, id, credit_memo_id, invoice_id, customer_id, amount, state,
        created_at)
      select ${organizationId}, r.*, 'applied', ${now}::timestamptz
      from unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ memo }) => memo.id)}::text[],
        ${rows.map(({ invoiceId }) => invoiceId)}::text[], ${rows.map(({ memo }) => memo.customerId)}::text[],
        ${rows.map(({ amount }) => amount)}::bigint[]) as r`,
    ...entryStatements(
      organizationId,
      rows.map(({ memo, ...row }) =>
        entryOfCredit({
          ...row,
          customerId: memo.customerId,
          currency: memo.currency,
          entryDate: memo.today,
        }),
      ),
      now,
    ),
  ]);
  await record(tx, { actor, organizationId, now }, [
    ...rows.flatMap(({ memo, invoiceId, amount }) => {
      const about = { customerId: memo.customerId };
      const data = { amount, currency: memo.currency, number: memo.number };
      return [
        {
          ...about,
          type: 'credit_memo.applied',
          subjectId: memo.id,
          data: { ...data, invoice_id: invoiceId },
        },
        {
          ...about,
          type: 'invoice.credit_applied',
          subjectId: invoiceId,
          data: { amount, currency: memo.currency, credit_memo_id: memo.id, credit_memo: memo.number },
        },
      ];
    }),
    ...closings,
  ]);
}
