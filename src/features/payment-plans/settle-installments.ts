import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { type NewEvent, record } from '#db/events.ts';
import type { ChargeStanding } from '#features/payment-plans/follow-rules.ts';
import { type InstallmentRow, type PlanRow, readInstallments } from '#features/payment-plans/read-plan.ts';
import { whenAgain } from '#features/standing-charges/read-retry-limits.ts';
import type { CalendarDate } from '#lib/dates.ts';

export type Charge = {
  id: string;
  standing: ChargeStanding;
  /** Given back by staff: no failure of the customer's. */
  isVoided: boolean;
  /** What the gateway or the bank said. */
  words: string;
};

type Row = {
  id: string;
  state: string;
  isPosted: boolean;
  hasEnded: boolean;
  declineMessage: string | null;
  returnTitle: string | null;
};

/** How charges stand, by the payment. */
export async function readCharges(
  tx: Tx,
  organizationId: string,
  paymentIds: readonly string[],
): Promise<Map<string, Charge>> {
  if (paymentIds.length === 0) return new Map();
  const rows = await tx.rows<Row>(sql`select p.id, p.state, p.posted_at is not null as is_posted,
      p.ended_at is not null as has_ended, p.decline_message, c.title as return_title
    from payments p left join lateral ach_return_code(p.return_code, p.received_on) c on true
    where p.organization_id = ${organizationId} and p.id = any(${[...paymentIds]}::text[])`);
  return new Map(rows.map((row) => [row.id, chargeOf(row)]));
}

function chargeOf(row: Row): Charge {
  const words = row.declineMessage ?? (row.returnTitle ? `The bank returned it: ${row.returnTitle}.` : '');
  return {
    id: row.id,
    standing: standingOf(row),
    isVoided: row.state === 'voided',
    words: (words || 'The charge did not go through.').slice(0, 500),
  };
}

function standingOf({ state, hasEnded, isPosted }: Row): ChargeStanding {
  if (hasEnded) return 'failed';
  if (isPosted) return 'collected';
  return state === 'pending' || state === 'unknown' ? 'under_way' : 'taken';
}

type About = { organizationId: string; plan: PlanRow; today: CalendarDate; isOver?: boolean };

/**
 * Take note of how the charges of installments went; answers the installments as they then stand. Of a plan
 * that is over, none is tried again.
 */
export async function settleInstallments(
  tx: Tx,
  actor: Actor,
  about: About,
  now: Date,
): Promise<InstallmentRow[]> {
  const { organizationId, plan, today, isOver = false } = about;
  const installments = await readInstallments(tx, organizationId, plan.id);
  const watched = installments.filter(({ state }) => state === 'charging' || state === 'paid');
  const charges = await readCharges(
    tx,
    organizationId,
    watched.flatMap(({ paymentId }) => paymentId ?? []),
  );
  const events: NewEvent[] = [];
  const after: InstallmentRow[] = [];
  for (const each of installments) {
    const charge = watched.includes(each) ? charges.get(each.paymentId ?? '') : undefined;
    const settled = charge ? await settle(tx, { organizationId, today, isOver }, each, charge) : each;
    after.push(settled);
    if (settled.state === each.state) continue;
    const type =
      settled.state === 'paid' ? 'payment_plan.installment_paid' : 'payment_plan.installment_failed';
    events.push({
      type,
      subjectId: plan.id,
      customerId: plan.customerId,
      data: {
        installment: each.number,
        payment_id: each.paymentId,
        amount: each.amount,
        currency: plan.currency,
        ...(settled.state === 'paid' ? {} : { reason: settled.reason, again_on: settled.tryOn }),
      },
    });
  }
  await write(
    tx,
    organizationId,
    after.filter((each, at) => each !== installments[at]),
  );
  await record(tx, { actor, organizationId, now }, events);
  return after;
}

async function settle(
  tx: Tx,
  by: { organizationId: string; today: CalendarDate; isOver: boolean },
  each: InstallmentRow,
  charge: Charge,
): Promise<InstallmentRow> {
  if (charge.standing === 'collected') return each.state === 'paid' ? each : { ...each, state: 'paid' };
  if (charge.standing !== 'failed') return each;
  // What is owed because of it is asked for again at the end.
  if (charge.isVoided) return { ...each, state: 'dropped', reason: 'The payment was voided.' };
  const reason = charge.words;
  if (by.isOver) return { ...each, state: 'missed', tryOn: null, reason };
  const tries = await daysOfTries(tx, by.organizationId, each);
  const again = await whenAgain(tx, { ...by, paymentId: charge.id, tries, retries: 1 });
  return again?.again
    ? { ...each, state: 'due', tryOn: again.on, reason }
    : { ...each, state: 'missed', tryOn: null, reason };
}

export const keyOfTry = (installmentId: string, tries: number): string =>
  `installment:${installmentId}:${tries}`;

/** The day of each try of one installment, the first one first. */
async function daysOfTries(
  tx: Tx,
  organizationId: string,
  { id, tries }: Pick<InstallmentRow, 'id' | 'tries'>,
): Promise<string[]> {
  const keys = Array.from({ length: tries }, (_, at) => keyOfTry(id, at + 1));
  const rows = await tx.rows<{ day: string }>(sql`select received_on as day from payments
    where organization_id = ${organizationId} and request_key = any(${keys}::text[]) order by requested_at`);
  return rows.map(({ day }) => day);
}

async function write(tx: Tx, organizationId: string, rows: readonly InstallmentRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(sql`update payment_plan_installments i set state = n.state, try_on = n.try_on, reason = n.reason
    from unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ state }) => state)}::text[],
      ${rows.map(({ tryOn }) => tryOn)}::date[], ${rows.map(({ reason }) => reason)}::text[])
      as n(id, state, try_on, reason)
    where i.organization_id = ${organizationId} and i.id = n.id`);
}
