import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { enableAgreed } from '#features/autopay/enable-agreed.ts';
import { hearOutcome } from '#features/autopay/hear-outcome.ts';
import type { AutopayEnd } from '#features/autopay/rules.ts';
import { stopAutopay } from '#features/autopay/stop-autopay.ts';
import { tellChanged } from '#features/autopay/tell-changed.ts';
import { type AutopayDeps, chargeInvoiceNow } from '#features/autopay/work-autopay.ts';
import { organizationNow } from '#lib/clock.ts';
import { type CalendarDate, dateIn } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

type Reaction = { organizationId: string; eventId: string; subjectId: string };
type Moment = { now: Date; today: CalendarDate };

/** What the worker does for autopay when an invoice, a payment or a payment method has news. */
export function autopayJobs(deps: AutopayDeps) {
  const { db, secrets, outbox } = deps;
  const react =
    (name: string, command: (tx: Tx, actor: Actor, reaction: Reaction, moment: Moment) => Promise<unknown>) =>
    (reaction: Reaction): Promise<void> => {
      const { organizationId } = reaction;
      const actor: Actor = { kind: 'job', organizationId, name };
      return db.transaction(actor, async (tx) => {
        await command(tx, actor, reaction, await readMoment(tx, organizationId));
      });
    };
  return {
    'charge-invoice-now': (reaction: Reaction) => chargeInvoiceNow(deps, reaction),
    'hear-autopay-outcome': react('autopay', (tx, actor, { organizationId, subjectId }, { now, today }) =>
      hearOutcome(tx, actor, { secrets, outbox, organizationId, paymentId: subjectId, today }, now),
    ),
    'stop-autopay-of-method': react('autopay', (tx, actor, reaction, { now }) =>
      stopByEvent(tx, actor, reaction, now),
    ),
    'enable-agreed-autopay': react('autopay', (tx, actor, { organizationId, subjectId }, { now }) =>
      enableAgreed(tx, actor, { organizationId, methodId: subjectId }, now),
    ),
    'tell-autopay': react('autopay', (tx, actor, { organizationId, subjectId }, { now, today }) =>
      tellChanged(tx, actor, { secrets, outbox, organizationId, customerId: subjectId, today }, now),
    ),
  };
}

const whyByEvent: Record<string, AutopayEnd> = {
  'payment_method.expired': 'card_expired',
  'payment_method.removed': 'method_removed',
  'payment_method.blocked': 'method_blocked',
};

/** A method has come to its end; a return code may let autopay go on. */
async function stopByEvent(tx: Tx, actor: Actor, reaction: Reaction, now: Date): Promise<void> {
  const { organizationId, eventId, subjectId } = reaction;
  const event = await tx.row<{ type: string; goesOn: boolean }>(sql`select type,
      coalesce(data ->> 'stop_autopay' = 'false', false) as goes_on
    from events where organization_id = ${organizationId} and id = ${eventId}`);
  const why = whyByEvent[event?.type ?? ''];
  if (!why || event?.goesOn) return;
  await stopAutopay(tx, actor, { organizationId, of: { paymentMethodId: subjectId }, why }, now);
}

async function readMoment(tx: Tx, organizationId: string): Promise<Moment> {
  const organization = must(
    await tx.row<{ clockOffsetMs: bigint; timeZone: string }>(
      sql`select clock_offset_ms, time_zone from organizations where id = ${organizationId}`,
    ),
    'the organization',
  );
  const now = organizationNow(organization);
  return { now, today: dateIn(organization.timeZone, now) };
}
