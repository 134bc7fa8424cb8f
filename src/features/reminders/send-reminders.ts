import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { readTemplates } from '#features/correspondence/templates.ts';
import { type Told, tellCustomers } from '#features/messenger/tell-customers.ts';
import { type Decision, restRules } from '#features/reminders/eligibility-rules.ts';
import { byTurn, leftOf } from '#features/reminders/limit-rules.ts';
import { makeDocuments } from '#features/reminders/make-documents.ts';
import { type DayPlan, type Decided, decideAll } from '#features/reminders/plan-day.ts';
import { readFacts } from '#features/reminders/read-facts.ts';
import { readNextFees } from '#features/reminders/read-next-fees.ts';
import { byGravity } from '#features/reminders/step-rules.ts';
import { tellOf } from '#features/reminders/tell-of-letter.ts';
import { writeHolds } from '#features/reminders/write-holds.ts';
import { writeSent } from '#features/reminders/write-sent.ts';
import type { CalendarDate } from '#lib/dates.ts';

export type Going = Decided & { decision: Decision & { verdict: 'send' } };

/** One message to be: what it says, what made it due, and the invoices it covers besides. */
export type Letter = { leading: Going; due: Going[]; covers: Decided[] };

/**
 * Say what is due. The invoices are locked and decided on again, so that a payment, a promise or another
 * worker that came first is seen; then one message an invoice, or one for all that a customer has open.
 */
export async function sendReminders(
  tx: Tx,
  actor: Actor,
  { plan, going }: { plan: DayPlan; going: readonly Decided[] },
  now: Date,
): Promise<void> {
  const together = new Set(
    going.filter(({ policy }) => policy.oneMessage).map(({ invoice }) => invoice.customerId),
  );
  const { organizationId, setting } = plan;
  if (setting.limit) await lockCustomers(tx, organizationId, going);
  const alone = going.filter(({ policy }) => !policy.oneMessage).map(({ invoice }) => invoice.id);
  const locked = await readFacts(
    tx,
    plan,
    sql`(i.id = any(${alone}) or (i.customer_id = any(${[...together]}) and i.closed_at is null
      and i.issued_at is not null))`,
    true,
  );
  const warned = going.filter(({ track }) => track === 'fee').map(({ invoice }) => invoice.id);
  const decided = decideAll(plan, locked, await readNextFees(tx, plan, warned));
  const { letters, tooMany } = withinLimit(lettersOf(decided, plan.today), plan);
  await writeHolds(tx, plan, [...decided, ...tooMany]);
  if (letters.length === 0) return;
  const documents = await makeDocuments(tx, actor, { plan, letters }, now);
  const templates = await readTemplates(tx, organizationId);
  const tells = letters.map((letter) => tellOf(plan, templates, letter));
  const told = await tellCustomers(
    tx,
    actor,
    {
      ...{ organizationId, secrets: plan.secrets, outbox: plan.outbox },
      tells: tells.map((tell, at) => {
        const document = documents[at];
        return document ? { ...tell, attachments: [document.attachment] } : tell;
      }),
    },
    now,
  );
  await writeSent(
    tx,
    plan,
    letters.map((letter, at) => ({ letter, told: told[at] as Told, documentId: documents[at]?.id })),
    now,
  );
}

/** Of one customer, one worker at a time counts what has gone; what refers to the customer does not wait. */
const lockCustomers = (tx: Tx, organizationId: string, going: readonly Decided[]) =>
  tx.run(sql`select 1 from customers where organization_id = ${organizationId}
    and id = any(${[...new Set(going.map(({ invoice }) => invoice.customerId))]}::text[]) order by id
    for no key update`);

/** Of more than a customer may get, the gravest go; the others are decided on again the next day. */
function withinLimit(letters: readonly Letter[], { setting, today }: Pick<DayPlan, 'setting' | 'today'>) {
  const { limit } = setting;
  if (!limit) return { letters, tooMany: [] };
  const ofCustomer = Map.groupBy(letters, ({ leading }) => leading.invoice.customerId);
  const parts = [...ofCustomer.values()].map((own) => {
    const left = leftOf(limit, own[0]?.leading.invoice.facts.remindedOn ?? [], today);
    const inTurn = own.toSorted((a, b) => byTurn(turnOf(a.leading), turnOf(b.leading)));
    return { letters: inTurn.slice(0, left), beyond: inTurn.slice(left) };
  });
  const tooMany = parts.flatMap(({ beyond }) =>
    beyond.flatMap(({ due }) =>
      due.map((each): Decided => {
        const decision = { ...each.decision, verdict: 'held' as const, heldBy: 'not_too_often' as const };
        return { ...each, decision };
      }),
    ),
  );
  return { letters: parts.flatMap((part) => part.letters), tooMany };
}

const turnOf = (going: Going) => ({
  ...sayable(going),
  lastOn: going.track === 'fee' ? going.invoice.lastFeeWarnedOn : going.invoice.facts.invoice.lastOn,
});

const isGoing = (decided: Decided): decided is Going => decided.decision.verdict === 'send';

/** Of several that are due in one message, the gravest leads: its step gives the words. */
function lettersOf(decided: readonly Decided[], today: CalendarDate): Letter[] {
  const alone = decided.filter(isGoing).filter(({ policy }) => !policy.oneMessage);
  const groups = Map.groupBy(
    decided.filter(({ policy }) => policy.oneMessage),
    ({ invoice, track }) => `${invoice.customerId} ${track}`,
  );
  return [
    ...alone.map((each) => ({ leading: each, due: [each], covers: [] })),
    ...[...groups.values()].flatMap((group): Letter[] => {
      const due = group.filter(isGoing).sort((a, b) => byGravity(sayable(a), sayable(b)));
      const [leading] = due;
      return leading
        ? [{ leading, due, covers: group.filter((each) => !isGoing(each) && mayBeNamed(each, today)) }]
        : [];
    }),
  ];
}

const sayable = ({ decision }: Going) => ({ says: decision.says, day: decision.occurrence.day });

/** A message for all leaves out what rests, is opted out, or is covered by a payment on its way. */
function mayBeNamed({ track, invoice: { facts } }: Decided, today: CalendarDate): boolean {
  return (
    track === 'due' &&
    facts.invoice.payable > 0n &&
    !facts.invoice.remindersOff &&
    Object.values(restRules(facts, today)).every(Boolean)
  );
}
