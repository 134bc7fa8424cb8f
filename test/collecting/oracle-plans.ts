import { sql } from 'kysely';
import type { PlainPlan } from './acts-plans.ts';
import type { PaymentRow } from './audit.ts';
import { daysFrom } from './calendar.ts';
import type { World } from './world.ts';

type Part = {
  id: string;
  planId: string;
  number: number;
  dueOn: string;
  amount: bigint;
  state: string;
  tryOn: string | null;
  tries: number;
};
type Stands = { id: string; state: string; endedAt: Date | null; missedLimit: number };
type Covered = {
  planId: string;
  id: string;
  isVoid: boolean;
  hasLeft: boolean;
  balanceDue: bigint;
  reserved: bigint;
  risen: bigint;
};
type Fail = (what: string) => never;

const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, each) => sum + each, 0n);
const failed = ({ state }: PaymentRow): boolean => ['declined', 'returned', 'voided'].includes(state);

/** A plan collects what was agreed to: no more, no sooner, each part once, and all that is still owed. */
export async function auditPlans(world: World, charges: readonly PaymentRow[], fail: Fail): Promise<number> {
  if (world.plans.length === 0) return 0;
  const { parts, plans, covered } = await readPlans(world);
  let made = 0;
  for (const plan of world.plans) {
    const say = (what: string): never => fail(`${plan.name}: ${what}`);
    const now = plans.find(({ id }) => id === plan.id);
    if (!now) return say('is gone');
    const own = parts.filter(({ planId }) => planId === plan.id);
    const mine = charges.filter(
      ({ requestKey: key }) =>
        key.startsWith(`plan:${plan.id}:`) || own.some(({ id }) => key.startsWith(`installment:${id}:`)),
    );
    made += mine.length;
    auditPlanCharges(world, plan, { now, own, mine }, say);
    if (now.state === 'active')
      auditRest(world, plan, { own, mine, covered: covered.filter(({ planId }) => planId === plan.id) }, say);
    const downFailed =
      mine.filter(({ requestKey }) => requestKey.includes(':down:')).at(-1)?.state === 'returned';
    const missed = own.filter(({ state }) => state === 'missed').length + (downFailed ? 1 : 0);
    if (now.state === 'active' && missed >= now.missedLimit)
      say(`runs on after ${missed} missed installments`);
    if (now.state === 'defaulted' && missed < now.missedLimit)
      say(`has defaulted after ${missed} missed ones`);
  }
  return made;
}

type Sight = { now: Stands; own: readonly Part[]; mine: readonly PaymentRow[] };

function auditPlanCharges(world: World, plan: PlainPlan, { now, own, mine }: Sight, fail: Fail): void {
  const methods = plan.methods.map((at) => world.methods[at]?.id);
  for (const charge of mine) {
    const what = `charged ${charge.amount} on ${charge.receivedOn}`;
    if (charge.fee !== 0n) fail(`${what} with a fee of ${charge.fee}`);
    if (!methods.includes(charge.paymentMethodId ?? '')) fail(`${what} on a method that nobody agreed to`);
    if (now.endedAt && charge.requestedAt > now.endedAt) fail(`${what} after it had ended as ${now.state}`);
    const [kind = '', id = '', tried = ''] = charge.requestKey.split(':');
    if (kind !== 'installment') continue;
    const part = own.find((each) => each.id === id);
    if (charge.amount > plan.most) fail(`${what}, and no part is above ${plan.most}`);
    if (part && charge.receivedOn < (plan.days[part.number - 1] ?? ''))
      fail(`${what} before its day ${part.dueOn}`);
    if (Number(tried) > 2) fail(`${what}: try ${tried} of installment ${part?.number}`);
  }
  for (const each of own) {
    const tries = mine.filter(({ requestKey }) => requestKey.startsWith(`installment:${each.id}:`));
    const standing = tries.filter((charge) => !failed(charge));
    if (standing.length > 1) fail(`installment ${each.number} was charged twice`);
    if (each.state === 'charging' && standing.length === 0)
      fail(`installment ${each.number} waits for a charge that has failed`);
    for (const [at, charge] of tries.entries()) {
      const before = tries[at - 1];
      const fate = before && world.gateway.charges.get(before.id)?.fate;
      if (!before) continue;
      if (daysFrom(before.receivedOn, charge.receivedOn) < world.retries.afterDays)
        fail(
          `installment ${each.number} was tried on ${before.receivedOn} and again on ${charge.receivedOn}`,
        );
      if (fate?.returnCode && before.state === 'returned' && !['R01', 'R09'].includes(fate.returnCode))
        fail(`installment ${each.number} was tried again after ${fate.returnCode}`);
      if (fate?.decline === 'lost_or_stolen')
        fail(`installment ${each.number} was tried again after ${fate.decline}`);
    }
  }
  const downs = mine.filter(({ requestKey }) => requestKey.startsWith(`plan:${plan.id}:down:`));
  const down = downs.filter((charge) => !failed(charge));
  if (down.length > 1) fail('its down payment was charged twice');
  if (downs.some(({ amount }) => amount !== plan.downPayment))
    fail(`another down payment than ${plan.downPayment}`);
  const taken = sumOf(mine.filter((charge) => !failed(charge)).map(({ amount }) => amount));
  if (taken > plan.total + plan.mayRise)
    fail(`took ${taken} of ${plan.total}, which may rise by ${plan.mayRise}`);
}

/** What its open parts still collect is what is still owed within the agreement. */
function auditRest(
  { today }: World,
  plan: PlainPlan,
  { own, mine, covered }: Pick<Sight, 'own' | 'mine'> & { covered: readonly Covered[] },
  fail: Fail,
): void {
  const here = covered.filter(({ isVoid, hasLeft }) => !isVoid && !hasLeft);
  const rise = sumOf(here.map(({ risen }) => risen)) - plan.mayRise;
  // A down payment by bank debit is on its way for days.
  const onItsWay = mine.filter(
    ({ requestKey, state }) =>
      requestKey.includes(':down:') && ['submitted', 'accepted', 'collected'].includes(state),
  );
  const stillDue =
    sumOf(here.map(({ balanceDue }) => balanceDue)) - sumOf(onItsWay.map(({ amount }) => amount));
  const owed = stillDue - (rise > 0n ? rise : 0n);
  const due = own.filter(({ state }) => state === 'due');
  const open = sumOf(
    [...due, ...own.filter(({ state }) => state === 'charging')].map(({ amount }) => amount),
  );
  const target = owed > 0n ? owed : 0n;
  if (open < target) fail(`its open parts collect ${open} of ${target}`);
  if (open > target && sumOf(due.map(({ amount }) => amount)) > 0n)
    fail(`its open parts collect ${open}, and ${target} is owed`);
  const payable = sumOf(here.map(({ balanceDue, reserved }) => balanceDue - reserved));
  // One charge a day: what is due beside it is asked for tomorrow.
  const isAsked = mine.some(({ receivedOn }) => receivedOn === today);
  const lost = isAsked ? undefined : due.find(({ tryOn }) => tryOn !== null && tryOn <= today);
  if (lost && payable >= lost.amount && lost.amount > 0n)
    fail(`installment ${lost.number} of ${lost.tryOn} was not charged`);
  const without = due.find(({ tryOn }) => tryOn === null);
  if (without) fail(`installment ${without.number} is due and on no day`);
}

async function readPlans({ books }: World) {
  const org = books.organizationId;
  return books.tx(async (tx) => ({
    parts:
      await tx.rows<Part>(sql`select id, payment_plan_id as plan_id, number, due_on, amount, state, try_on, tries
      from payment_plan_installments where organization_id = ${org} order by number`),
    plans: await tx.rows<Stands>(sql`select id, state, ended_at, missed_limit from payment_plans
      where organization_id = ${org}`),
    covered:
      await tx.rows<Covered>(sql`select l.payment_plan_id as plan_id, i.id, i.voided_at is not null as is_void,
        l.left_at is not null as has_left, i.balance_due, i.reserved, i.total + i.fees - l.agreed_total as risen
      from payment_plan_invoices l join invoices i on i.organization_id = l.organization_id and i.id = l.invoice_id
      where l.organization_id = ${org}`),
  }));
}
