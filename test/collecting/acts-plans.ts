import { readOrganization } from '#features/organizations/queries.ts';
import { approvePlan } from '#features/payment-plans/approve-plan.ts';
import { agreeToRise, changeMethod, moveInstallment } from '#features/payment-plans/change-plan.ts';
import { endPlan } from '#features/payment-plans/end-plan.ts';
import { payOffPlan } from '#features/payment-plans/pay-off-plan.ts';
import { requestPlan } from '#features/payment-plans/request-plan.ts';
import type { Signing } from '#features/payment-plans/sign-plan.ts';
import type { Random } from '#lib/random.ts';
import { type Act, openInvoices, trying } from './acts.ts';
import { dayAfter, seriesDays } from './calendar.ts';
import { told, type World } from './world.ts';

/** What a payer signed: a sum in parts, on days, of methods that may have followed each other. */
export type PlainPlan = {
  id: string;
  name: string;
  customer: number;
  invoices: string[];
  total: bigint;
  downPayment: bigint;
  days: string[];
  most: bigint;
  mayRise: bigint;
  methods: number[];
};

const signing: Signing = {
  ...{ textHash: undefined, name: 'Ana', email: undefined, signature: { kind: 'typed' } },
  origin: { ip: '10.0.0.1', userAgent: 'a test' },
};
const cadences = { weekly: ['week', 1], every_two_weeks: ['week', 2], monthly: ['month', 1] } as const;

/** What every command of plans is told. */
const aboutOf = async (world: World) => {
  const { books, today } = world;
  const seller = await books.tx((tx) => readOrganization(tx, books.organizationId));
  return { seller, today };
};

export const askForPlan: Act = async (world, random) => {
  const open = (await openInvoices(world)).filter(({ payable, total }) => payable > 0n && total > 2_000n);
  if (open.length === 0) return undefined;
  const first = random.pick(open);
  const customer = world.customers.findIndex(({ id }) => id === first.customerId);
  const chosen = open.filter(
    (each) => each === first || (each.customerId === first.customerId && random.chance(0.5)),
  );
  const method = random.pick(world.methods.filter((each) => each.customer === customer));
  const total = chosen.reduce((sum, { balanceDue }) => sum + balanceDue, 0n);
  const cadence = random.pick(['weekly', 'weekly', 'every_two_weeks', 'monthly'] as const);
  const [unit, every] = cadences[cadence];
  const firstOn = dayAfter(world.today, random.int(1, 5));
  const installments = random.int(1, 5);
  const downPayment = (total * BigInt(random.int(10, 60))) / 100n + 1n;
  const [invoiceIds, customerId] = [chosen.map(({ id }) => id), first.customerId];
  const wish = { customerId, invoiceIds, downPayment, cadence, installments, firstOn };
  const about = await aboutOf(world);
  const name = `plan ${world.plans.length}`;
  const { books, now } = world;
  const what = `${name}: ${total} of customer ${customer}, ${downPayment} down, ${installments} ${cadence} from ${firstOn} on ${told(method)}`;
  return trying(what, async () => {
    const input = { ...about, wish, note: '', paymentMethodId: method.id, signing };
    const { planId } = await books.tx((tx) => requestPlan(tx, books.actor, input, now));
    const rest = total - downPayment;
    const each = rest / BigInt(installments);
    const series = { unit, every, startsOn: firstOn, endsOn: null };
    world.plans.push({
      ...{ id: planId, name, customer, invoices: invoiceIds, total, downPayment },
      days: seriesDays(series, dayAfter(firstOn, 400)).slice(0, installments),
      most: rest - each * BigInt(installments - 1),
      ...{ mayRise: (total * BigInt(world.risePercent)) / 100n, methods: [world.methods.indexOf(method)] },
    });
  });
};

type Does = (world: World, plan: PlainPlan, random: Random) => Promise<string>;

const approve: Does = async (world, plan) => {
  const about = await aboutOf(world);
  const { books, now } = world;
  return trying(`${plan.name} is approved`, () =>
    books.tx((tx) => approvePlan(tx, books.actor, { ...about, planId: plan.id }, now)),
  );
};

type Put = { number: number; dueOn: string };
const move = async (world: World, plan: PlainPlan, random: Random, put?: Put): Promise<string> => {
  const about = await aboutOf(world);
  const { books, now } = world;
  const { number, dueOn } = put ?? anyPut(world, plan, random);
  return trying(`${plan.name}: installment ${number} is put off to ${dueOn}`, async () => {
    await books.tx((tx) =>
      moveInstallment(tx, books.actor, { ...about, planId: plan.id, number, dueOn }, now),
    );
  });
};

const otherMethod = async (world: World, plan: PlainPlan, random: Random, works = false): Promise<string> => {
  const about = await aboutOf(world);
  const { books, now, today } = world;
  const own = world.methods.filter(({ customer }) => customer === plan.customer);
  const good = own.filter(
    ({ removedAt, signedAt, lastDay }) => !removedAt && signedAt && (lastDay === null || lastDay >= today),
  );
  const method = random.pick(works && good.length > 0 ? good : own);
  return trying(`${plan.name} goes on with ${told(method)}`, async () => {
    const input = { ...about, planId: plan.id, paymentMethodId: method.id, signing };
    await books.tx((tx) => changeMethod(tx, books.actor, input, now));
    plan.methods.push(world.methods.indexOf(method));
  });
};

const agree: Does = async (world, plan) => {
  const about = await aboutOf(world);
  const { books, now } = world;
  return trying(`${plan.name}: its rise is agreed to`, async () => {
    const asked = await askedRise(world, plan);
    await books.tx((tx) => agreeToRise(tx, books.actor, { ...about, planId: plan.id, signing }, now));
    plan.mayRise += asked;
  });
};

/** What the payer reads that has risen: what the words to be signed name. */
async function askedRise({ books }: World, { id }: PlainPlan): Promise<bigint> {
  const { rows } = await books.db.pool.query<{ asked: bigint }>(
    'select asked_rise as asked from payment_plans where organization_id = $1 and id = $2',
    [books.organizationId, id],
  );
  return BigInt(rows[0]?.asked ?? 0);
}

const anyPut = ({ today }: World, { days }: PlainPlan, random: Random): Put => {
  const number = random.int(1, days.length);
  return { number, dueOn: dayAfter(days[number - 1] ?? today, random.int(0, 18)) };
};

const payOff: Does = ({ books, now, today }, plan) =>
  trying(`${plan.name} is paid off`, () =>
    books.tx((tx) =>
      payOffPlan(tx, books.actor, { organizationId: books.organizationId, planId: plan.id, today }, now),
    ),
  );

const end: Does = ({ books, now }, plan, random) => {
  const to = random.pick(['cancelled', 'rejected', 'withdrawn'] as const);
  const input = { organizationId: books.organizationId, planId: plan.id, to, reason: 'So they wish' };
  return trying(`${plan.name} is ${to}`, () => books.tx((tx) => endPlan(tx, books.actor, input, now)));
};

export const changePlan: Act = async (world, random) => {
  if (world.plans.length === 0) return undefined;
  const plan = random.pick(world.plans);
  const does = random.pick([approve, approve, approve, move, otherMethod, agree, agree, payOff, end]);
  return does(world, plan, random);
};

type Movable = { planId: string; number: number; agreedOn: string };

/**
 * A plan that runs is edited in a way that it allows: an installment is put off within what was agreed, or it
 * goes on with a method that works. What people try at random nearly never fits.
 */
export const editRunning: Act = async (world, random) => {
  const { books, today } = world;
  const { rows } = await books.db.pool.query<Movable>(
    `select p.id as "planId", i.number, i.agreed_on::text as "agreedOn"
     from payment_plans p join payment_plan_installments i
       on i.organization_id = p.organization_id and i.payment_plan_id = p.id and i.state = 'due' and i.tries = 0
     where p.organization_id = $1 and p.state = 'active' order by p.id, i.number`,
    [books.organizationId],
  );
  if (rows.length === 0) return undefined;
  const { planId, number, agreedOn } = random.pick(rows);
  const plan = world.plans.find(({ id }) => id === planId);
  if (!plan) return undefined;
  if (random.chance(0.3)) return agree(world, plan, random);
  if (random.chance(0.5)) return otherMethod(world, plan, random, true);
  const later = dayAfter(agreedOn, random.int(1, 14));
  const soonest = dayAfter(today, 7);
  return move(world, plan, random, { number, dueOn: later > soonest ? later : soonest });
};

/** The first thing done with a plan is mostly to say yes to it. */
export const approveNewest: Act = async (world, random) => {
  const plan = world.plans.at(-1);
  return plan && approve(world, plan, random);
};

export const planActs: readonly Act[] = [
  askForPlan,
  askForPlan,
  approveNewest,
  approveNewest,
  changePlan,
  changePlan,
  ...Array.from({ length: 4 }, () => editRunning),
];
