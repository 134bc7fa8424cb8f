import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { findDue, most_of_each } from '#features/autopay/find-due.ts';
import { type AutopayFacts, readFacts, readHouse } from '#features/autopay/read-facts.ts';
import { type AutopayEnd, type AutopayHouse, chargesOf, decideInvoice } from '#features/autopay/rules.ts';
import { stopAutopay } from '#features/autopay/stop-autopay.ts';
import { tellOfDebits, tellOverMaximum } from '#features/autopay/tell-payers.ts';
import { type NewRun, writeRuns } from '#features/autopay/write-runs.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { lockInvoices } from '#features/payments/lock-invoices.ts';
import { chargeStored } from '#features/standing-charges/charge-stored.ts';
import type { Unusable } from '#features/standing-charges/rules.ts';
import type { CalendarDate } from '#lib/dates.ts';
import { newId } from '#lib/ids.ts';
import { sum } from '#lib/money.ts';

export type DueInput = MailMakings & {
  organizationId: string;
  payerIds: readonly string[];
  today: CalendarDate;
};

/** What ends autopay at the moment of a charge; the others only keep it waiting. */
const ends: Partial<Record<Unusable, AutopayEnd>> = {
  method_expired: 'card_expired',
  method_gone: 'method_removed',
  method_blocked: 'method_blocked',
};

/**
 * Charge what has fallen due of these payers, tell of what will be, and ask about what is above the agreed
 * maximum. Each invoice has each of its tries once, whoever works it and however often. Answers whether
 * there may be more of them.
 */
export async function chargeDue(tx: Tx, actor: Actor, input: DueInput, now: Date): Promise<boolean> {
  const { organizationId, today } = input;
  const payerIds = await lockRunning(tx, input, now);
  if (payerIds.length === 0) return false;
  const house = await readHouse(tx, organizationId, today);
  const found = await findDue(tx, organizationId, payerIds, { house, today });
  if (found.length === 0) return false;
  await lockInvoices(tx, organizationId, found);
  // Read again: what was paid, disputed or tried before the lock is so now.
  const facts = await readFacts(tx, organizationId, sql`i.id = any(${found}::text[])`, today);
  const usable = await keepUsable(tx, actor, { organizationId, facts }, now);
  const { charge, tell, ask } = sortOut(usable, { house, today });
  await tellOfDebits(tx, actor, { ...input, facts: tell }, now);
  await tellOverMaximum(tx, actor, { ...input, facts: ask }, now);
  await makeCharges(tx, actor, { organizationId, facts: charge, today }, now);
  return found.length >= most_of_each && charge.length > 0;
}

/** Nothing is charged by itself while the organization holds its messages: nobody could be told. */
async function lockRunning(tx: Tx, input: DueInput, now: Date): Promise<string[]> {
  const rows = await tx.rows<{ customerId: string }>(sql`
    select a.customer_id from autopays a join organizations o on o.id = a.organization_id
    where a.organization_id = ${input.organizationId} and a.customer_id = any(${[...input.payerIds]}::text[])
      and a.ended_at is null and o.automatic_messages_since <= ${now}
    order by a.customer_id for update of a`);
  return rows.map(({ customerId }) => customerId);
}

/** Ends autopay whose method has ended; leaves out the invoices of a method that cannot be charged. */
async function keepUsable(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; facts: readonly AutopayFacts[] },
  now: Date,
): Promise<AutopayFacts[]> {
  const ended = new Map<string, AutopayEnd>();
  for (const { autopay } of input.facts) {
    const why = autopay.unusable && ends[autopay.unusable];
    if (why) ended.set(autopay.payerId, why);
  }
  for (const [customerId, why] of ended)
    await stopAutopay(tx, actor, { organizationId: input.organizationId, of: { customerId }, why }, now);
  return input.facts.filter(({ autopay }) => autopay.unusable === undefined);
}

function sortOut(facts: readonly AutopayFacts[], by: { house: AutopayHouse; today: CalendarDate }) {
  const decided = facts.map((one) => ({ one, verdict: decideInvoice(one, one.autopay, by) }));
  return {
    charge: decided.flatMap(({ one, verdict }) => (verdict.charge ? [one] : [])),
    tell: decided.flatMap(({ one, verdict }) =>
      'tell' in verdict && verdict.tell ? [{ ...one, chargeOn: verdict.on }] : [],
    ),
    ask: decided.flatMap(({ one, verdict }) =>
      'why' in verdict && verdict.why === 'over_maximum' ? [one] : [],
    ),
  };
}

/** One charge for all that a customer has due, as far as it was told together. */
async function makeCharges(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; facts: readonly AutopayFacts[]; today: CalendarDate },
  now: Date,
): Promise<void> {
  const { organizationId, today } = input;
  const runs = chargesOf(input.facts).map((invoices): NewRun => {
    const [first] = invoices as [AutopayFacts];
    return {
      id: newId('autopayRun'),
      customerId: first.customerId,
      autopay: first.autopay,
      currency: first.currency,
      amount: sum(invoices.map(({ balanceDue }) => balanceDue)),
      invoices,
    };
  });
  if (runs.length === 0) return;
  const verdicts = await chargeStored(tx, actor, { organizationId, today, charges: runs.map(chargeOf) }, now);
  const made = runs.flatMap((run, at) => {
    const verdict = verdicts[at];
    // A method that came to its end in between is not tried: the next day finds it and says so.
    return verdict === undefined || 'unusable' in verdict ? [] : [{ run, verdict }];
  });
  await writeRuns(tx, { organizationId, today, runs: made }, now);
}

const keyOf = (runId: string): string => `autopay:${runId}`;

const chargeOf = ({ id, customerId, autopay, amount, currency, invoices }: NewRun) => ({
  requestKey: keyOf(id),
  customerId,
  paymentMethodId: autopay.paymentMethodId,
  methodOwnerId: autopay.payerId,
  source: 'autopay' as const,
  amount,
  currency,
  applications: invoices.map((invoice) => ({ invoiceId: invoice.id, amount: invoice.balanceDue })),
  authorizationId: autopay.authorizationId,
  retryOf: invoices[0]?.lastRunId ? keyOf(invoices[0].lastRunId) : undefined,
  ...(invoices.length > 1 ? { memo: 'Bulk-Pay' } : {}),
  sendReceipt: true,
});
