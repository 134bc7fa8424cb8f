import { sql } from 'kysely';
import type { Actor, Database, Tx } from '#db/db.ts';
import type { Attachment } from '#features/correspondence/mailer.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { followOne } from '#features/payment-plans/follow-plans.ts';
import { planFile } from '#features/payment-plans/plan-document.ts';
import { tellPlan } from '#features/payment-plans/tell-plan.ts';
import type { Concern } from '#jobs/react.ts';
import { organizationNow } from '#lib/clock.ts';
import { dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';
import type { Secrets } from '#lib/secrets.ts';

type Reaction = { organizationId: string; subjectId: string; eventId: string; type: string };

/** Of payments and invoices, those that plans follow: news of all others asks for no work. */
export const ofPlans: Concern = async (tx, organizationId, subjectIds) => {
  const ids = [...subjectIds];
  const rows = await tx.rows<{ id: string }>(sql`
    select id from invoices where organization_id = ${organizationId} and id = any(${ids}::text[])
      and payment_plan_id is not null
    union all select id from payments where organization_id = ${organizationId} and id = any(${ids}::text[])
      and source in ('plan_down_payment', 'plan_installment')`);
  return new Set(rows.map(({ id }) => id));
};

/** What plans do when their payments or invoices move, and who is told. */
export const paymentPlanJobs = (deps: { db: Database; outbox: Outbox; secrets: Secrets }) => ({
  'follow-plan': async ({ organizationId, subjectId }: Reaction): Promise<void> => {
    const actor: Actor = { kind: 'job', organizationId, name: 'follow-plan' };
    const planIds = await deps.db.transaction(actor, (tx) => plansOf(tx, organizationId, subjectId));
    for (const planId of planIds)
      await deps.db.transaction(actor, async (tx) => {
        const { now, today } = await clockOf(tx, organizationId);
        await followOne(tx, actor, { organizationId, planId, today }, now);
      });
  },
  'tell-plan': async ({ organizationId, subjectId: planId, eventId, type }: Reaction): Promise<void> => {
    const actor: Actor = { kind: 'job', organizationId, name: 'tell-plan' };
    const copy = await signedCopy(deps, actor, { organizationId, planId, type });
    await deps.db.transaction(actor, async (tx) => {
      const { now } = await clockOf(tx, organizationId);
      await tellPlan(tx, actor, { ...deps, organizationId, planId, eventId, type, copy }, now);
    });
  },
});

/** What comes with what was signed: the payer has a copy to keep (Regulation E §1005.10(b)). */
const withCopy = new Set(
  ['requested', 'activated', 'method_changed', 'rise_agreed'].map((what) => `payment_plan.${what}`),
);

async function signedCopy(
  deps: { db: Database },
  actor: Actor,
  { type, ...one }: { organizationId: string; planId: string; type: string },
): Promise<Attachment[]> {
  if (!withCopy.has(type)) return [];
  const { fileName, contentType, render } = await planFile(deps, actor, one);
  return [{ fileName, contentType, bytes: await render() }];
}

async function clockOf(tx: Tx, organizationId: string) {
  const row = await tx.row<{ timeZone: string; clockOffsetMs: bigint }>(
    sql`select time_zone, clock_offset_ms from organizations where id = ${organizationId}`,
  );
  const clock = must(row, 'the organization');
  const now = organizationNow(clock);
  return { now, today: dateIn(clock.timeZone, now) };
}

/** The plans that an invoice or a payment is about. */
async function plansOf(tx: Tx, organizationId: string, subjectId: string): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(sql`
    select payment_plan_id as id from invoices where organization_id = ${organizationId} and id = ${subjectId}
      and payment_plan_id is not null
    union select id from payment_plans where organization_id = ${organizationId} and down_payment_id = ${subjectId}
    union select payment_plan_id from payment_plan_installments
      where organization_id = ${organizationId} and payment_id = ${subjectId}`);
  return rows.map(({ id }) => id);
}
