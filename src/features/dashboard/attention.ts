import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { finalDeclines } from '#features/autopay/list-declines.ts';
import type { WorklistKind } from '#features/collections/rules.ts';
import { mostCounted } from '#features/dashboard/rules.ts';
import { listPaperConflicts } from '#features/letters/queries.ts';
import { countEmailConflicts } from '#features/reports/queries.ts';
import { snake } from '#lib/casing.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

type Organization = { id: string; currency: string; timeZone: string };

type Counts = {
  autopayFailed: number;
  paymentsUnanswered: number;
  depositExceptions: number;
  gatewayProblems: number;
  chargebacks: number;
  disputes: number;
  promisesBroken: number;
  schedulesStopped: number;
  tickets: number;
  paymentPlans: number;
  mailsBounced: number;
  messagesFailed: number;
};

/** What needs a person. Each count walks an index of just these and stops at a hundred. */
export async function readAttention(tx: Tx, organization: Organization, now: Date) {
  const { id } = organization;
  const today = dateIn(organization.timeZone, now);
  const upTo = (rows: RawBuilder<unknown>) =>
    sql`(select count(*)::int from (${rows} limit ${mostCounted}) x)`;
  // Written out: as a parameter it would not be seen to have an index of its own.
  const onDesk = (kind: WorklistKind) =>
    sql`select 1 from worklist where organization_id = ${id} and ${sql.lit(kind)} = any(kinds)`;
  const counts = must(
    await tx.row<Counts>(sql`select
      ${upTo(finalDeclines(id, today))} as autopay_failed,
      ${upTo(sql`select 1 from payments where organization_id = ${id} and state = 'unknown' and next_lookup_at is null`)}
        as payments_unanswered,
      ${upTo(sql`select 1 from deposits where organization_id = ${id} and exception is not null and resolved_at is null`)}
        as deposit_exceptions,
      ${upTo(sql`(select 1 from gateway_accounts where organization_id = ${id} and check_problem is not null
          and disconnected_at is null)
        union all (select 1 from webhooks_in where organization_id = ${id} and state <> 'worked' and state = 'failed'
          limit ${mostCounted})`)} as gateway_problems,
      ${upTo(sql`select 1 from chargebacks where organization_id = ${id} and state in ('opened', 'evidence_sent')
        and state = 'opened'`)} as chargebacks,
      ${upTo(onDesk('dispute'))} as disputes,
      ${upTo(onDesk('broken_promise'))} as promises_broken,
      ${upTo(sql`select 1 from schedules where organization_id = ${id} and state = 'paused' and pause_reason <> 'by_hand'
        and payment_plan_id is null`)} as schedules_stopped,
      ${upTo(sql`select 1 from tickets where organization_id = ${id} and desk = 'organization' and state in ('new', 'open')`)}
        as tickets,
      ${upTo(sql`select 1 from payment_plans where organization_id = ${id} and state = 'requested'`)} as payment_plans,
      ${upTo(sql`select 1 from messages where organization_id = ${id} and channel = 'email' and put_right_at is null
        and state in ('failed', 'soft_bounced', 'bounced', 'complained')`)} as mails_bounced,
      ${upTo(sql`select 1 from messages where organization_id = ${id} and state in ('queued', 'failed')
        and state = 'failed' and channel <> 'email'`)} as messages_failed`),
    'counts',
  );
  const page = { limit: mostCounted };
  const emails = await countEmailConflicts(tx, id, mostCounted);
  const papers = await listPaperConflicts(tx, { organizationId: id, currency: organization.currency }, page);
  return {
    object: 'attention' as const,
    ...snake(counts),
    email_conflicts: emails,
    paper_conflicts: papers.data.length,
  };
}
