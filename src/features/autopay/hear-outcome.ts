import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { endByDecline } from '#features/autopay/rules.ts';
import { stopAutopay } from '#features/autopay/stop-autopay.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { whenAgain } from '#features/standing-charges/read-retry-limits.ts';
import { tellFailedCharge } from '#features/standing-charges/tell-failed-charge.ts';
import type { CalendarDate } from '#lib/dates.ts';

type News = MailMakings & { organizationId: string; paymentId: string; today: CalendarDate };

/**
 * A charge of autopay was declined or came back: note it, end autopay where the method is no good any more,
 * decide whether and when it is tried again, and tell. Heard twice it is done once.
 */
export async function hearOutcome(tx: Tx, actor: Actor, news: News, now: Date): Promise<void> {
  const { organizationId, paymentId, today } = news;
  const run = await lockRun(tx, organizationId, paymentId);
  if (!run) return;
  const why = run.state === 'declined' ? endByDecline(run.code) : undefined;
  // Of this method: autopay may have moved to another one since.
  const of = { paymentMethodId: run.paymentMethodId };
  if (why) await stopAutopay(tx, actor, { organizationId, of, why }, now);
  const tries = await tx.rows<{ runOn: CalendarDate }>(sql`
    select distinct r.run_on from autopay_tries own
    join autopay_tries t on t.organization_id = own.organization_id and t.invoice_id = own.invoice_id
    join autopay_runs r on r.organization_id = t.organization_id and r.id = t.run_id
    where own.organization_id = ${organizationId} and own.run_id = ${run.id} order by r.run_on`);
  const next = await whenAgain(tx, {
    organizationId,
    paymentId,
    tries: tries.map(({ runOn }) => runOn),
    today,
  });
  const again = next?.again && !why ? next.on : undefined;
  await tx.run(sql`update autopay_runs set failed_at = ${now}, failed_why = ${run.code ?? run.state},
      next_try_on = ${again ?? null}
    where organization_id = ${organizationId} and id = ${run.id}`);
  await tellFailedCharge(tx, actor, { ...news, again }, now);
}

type Run = {
  id: string;
  paymentMethodId: string;
  state: 'declined' | 'returned';
  code: string | null;
};

const lockRun = (tx: Tx, organizationId: string, paymentId: string): Promise<Run | undefined> =>
  tx.row<Run>(sql`
    select r.id, r.payment_method_id, p.state, coalesce(p.decline_code, p.return_code) as code
    from autopay_runs r join payments p on p.organization_id = r.organization_id and p.id = r.payment_id
    where r.organization_id = ${organizationId} and r.payment_id = ${paymentId} and r.failed_at is null
      and p.state in ('declined', 'returned') for update of r`);
