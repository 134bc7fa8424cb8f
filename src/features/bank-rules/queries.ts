import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { readSubmissionLimit } from '#features/bank-rules/find-resubmissions.ts';
import { decideRate, type MayRetry, returnAdvice } from '#features/bank-rules/rules.ts';
import { addDays } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

type ReturnRow = {
  code: string;
  receivedOn: string;
  title: string | null;
  meaning: string | null;
  note: string | null;
  mayRetry: MayRetry | null;
  methodState: 'active' | 'blocked' | 'removed' | null;
  blockedCode: string | null;
};

/** Why a debit came back, what that did to the stored account, and what can be done. */
export async function readBankReturn(tx: Tx, organizationId: string, paymentId: string) {
  const row = await tx.row<ReturnRow>(sql`
    select p.return_code as code, p.received_on, c.title, c.meaning, c.note, c.may_retry, m.state as method_state, m.blocked_code
    from payments p left join lateral ach_return_code(p.return_code, p.received_on) c on true
    left join payment_methods m on m.organization_id = p.organization_id and m.id = p.payment_method_id
    where p.organization_id = ${organizationId} and p.id = ${paymentId} and p.return_code is not null`);
  if (!row) return null;
  return {
    code: row.code,
    title: row.title ?? 'A code without a rule',
    meaning: row.meaning ?? 'The bank gave a reason that is on no list. The strictest rule applies.',
    note: row.note,
    may_retry: row.mayRetry ?? ('never' as const),
    advice: returnAdvice(row.mayRetry, await readSubmissionLimit(tx, row.receivedOn)),
    method: methodWord(row),
  };
}

function methodWord({ methodState, blockedCode }: ReturnRow) {
  if (methodState === null) return 'not_stored' as const;
  if (methodState === 'active') return 'kept' as const;
  return blockedCode === null ? ('removed' as const) : ('blocked' as const);
}

type LimitRow = {
  key: 'unauthorized' | 'administrative' | 'overall';
  title: string;
  limitValue: number;
  nearValue: number;
  windowDays: number;
  source: string;
  note: string | null;
  codes: string[];
};

/** How many of the debits sent in the window came back, by the day they were sent, and their limits. */
export async function readReturnRates(tx: Tx, organization: { id: string; timeZone: string }, today: string) {
  const limits = await tx.rows<LimitRow>(sql`
    select distinct on (l.key) l.*, array(select distinct c.code from ach_return_codes c
      where c.category = l.key and c.effective_from <= ${today} and (c.effective_to is null or ${today} < c.effective_to)
      order by c.code) as codes
    from ach_limits l where l.unit = 'bps' and l.effective_from <= ${today}
      and (l.effective_to is null or ${today} < l.effective_to)
    order by l.key, l.effective_from desc`);
  const windowDays = must(limits[0], 'the limits of returns').windowDays;
  const from = addDays(today, 1 - windowDays);
  const counts = must(await countReturns(tx, organization, { from, today }), 'the counts of returns');
  const order = ['unauthorized', 'administrative', 'overall'];
  return {
    object: 'ach_return_rates' as const,
    from,
    to: today,
    originated: counts.originated,
    rates: limits
      .sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key))
      .map(({ key, title, limitValue, nearValue, source, note, codes }) => {
        const returned = counts[key];
        const { rateBps, standing } = decideRate(
          { returned, originated: counts.originated },
          { limitValue, nearValue },
        );
        return {
          kind: key,
          title,
          returned,
          rate_bps: rateBps,
          limit_bps: limitValue,
          near_bps: nearValue,
          standing,
          codes,
          source,
          note,
        };
      }),
  };
}

type Counts = { originated: number; unauthorized: number; administrative: number; overall: number };

/** What left for the bank: a debit that was declined, voided or never sent is none. */
function countReturns(
  tx: Tx,
  organization: { id: string; timeZone: string },
  days: { from: string; today: string },
): Promise<Counts | undefined> {
  const start = (day: string) => sql`(${day}::date::timestamp at time zone ${organization.timeZone})`;
  return tx.row<Counts>(sql`
    select count(*)::int as originated,
      count(*) filter (where c.category = 'unauthorized')::int as unauthorized,
      count(*) filter (where c.category = 'administrative')::int as administrative,
      count(*) filter (where p.state = 'returned')::int as overall
    from payments p
    left join lateral ach_return_code(p.return_code, p.received_on) c on p.state = 'returned'
    where p.organization_id = ${organization.id} and p.kind = 'bank_account' and p.submitted_at is not null
      and p.submitted_at >= ${start(days.from)} and p.submitted_at < ${start(addDays(days.today, 1))}
      and p.state not in ('pending', 'unknown', 'declined', 'voided')`);
}
