import { createSchedules } from '#features/schedules/create-schedules.ts';
import { endSchedule, pauseSchedule, resumeSchedule, skipNext } from '#features/schedules/pause-schedule.ts';
import { firstProgress, nextDates } from '#features/schedules/rules.ts';
import { stopByPayer } from '#features/schedules/stop-by-payer.ts';
import type { NewSchedule } from '#features/schedules/write-schedules.ts';
import type { Random } from '#lib/random.ts';
import { type Act, trying } from './acts.ts';
import { dayAfter, seriesDays } from './calendar.ts';
import type { World } from './world.ts';

export type PlainSchedule = {
  id: string;
  name: string;
  kind: 'invoice' | 'payment';
  unit: 'once' | 'day' | 'week' | 'month' | 'year';
  every: number;
  startsOn: string;
  times: number | null;
  endsOn: string | null;
  amount: bigint;
  method: number | undefined;
  /** Days on which people had it paused, both ends in it. */
  rests: { from: string; to: string | undefined }[];
  skipped: string[];
  endedOn: string | undefined;
  revokedAt: Date | undefined;
  /** It did not run when it was looked at last; its days up to this one need no word. */
  isStopped: boolean;
  excusedTo: string;
};

const rhythms = [
  ...[
    ['day', 1],
    ['day', 2],
    ['day', 3],
    ['week', 1],
    ['week', 2],
    ['month', 1],
  ],
  ...[
    ['month', 1],
    ['month', 3],
    ['year', 1],
    ['once', 1],
  ],
] as const;

const origin = { ip: '10.0.0.1', userAgent: 'a test' };

function drawSeries(world: World, random: Random) {
  const [unit, every] = random.pick(rhythms);
  const days = [1, 2, 3, 4, 5, 6].map((days) => dayAfter(world.today, days));
  const monthEnd = days.find((day) => day.slice(8) > '28');
  const isLong = unit === 'month' || unit === 'year';
  const startsOn = isLong && monthEnd ? monthEnd : random.pick(days.slice(0, 3));
  const end = unit === 'once' ? 'never' : random.pick(['never', 'times', 'date']);
  return {
    ...{ unit, every, startsOn, times: end === 'times' ? random.int(1, 4) : null },
    endsOn: end === 'date' ? dayAfter(startsOn, random.int(0, 40)) : null,
  };
}

export const newSchedule: Act = async (world, random) => {
  const kind = random.chance(0.45) ? 'invoice' : 'payment';
  const series = drawSeries(world, random);
  const at = random.int(0, world.methods.length - 1);
  const method = world.methods[at];
  const customerId = world.customers[method?.customer ?? 0]?.id ?? '';
  const amount = random.pick([700n, 2_500n, 9_999n]);
  const name = `schedule ${world.schedules.length}`;
  const common = { ...series, customerId, description: name };
  const line = {
    itemName: 'Rent',
    description: '',
    quantity: '1',
    unitPrice: '0',
    taxable: false,
    taxRate: '0',
  };
  const schedule: NewSchedule =
    kind === 'invoice'
      ? {
          ...{ ...common, kind, dueDays: random.int(0, 10), issues: random.chance(0.9) },
          document: { lines: [{ ...line, amount: `${amount}` }], terms: null, poNumber: null, memo: null },
        }
      : {
          ...{ ...common, kind, amount, paymentMethodId: method?.id ?? '' },
          appliesTo: random.pick(['oldest_invoices', 'unapplied_cash']),
          ...{ receiptToCustomer: false, receiptToOrganization: false },
          agreement: { by: 'payer', name: 'Ana', origin },
        };
  const { books, now } = world;
  const { organizationId, actor } = books;
  const what =
    `${name}: ${kind} of ${amount}, ${series.every} ${series.unit} from ${series.startsOn}, ` +
    `${series.times ?? '∞'} times, until ${series.endsOn ?? '∞'}${kind === 'payment' ? ` on ${method?.token}` : ''}`;
  const foretold = nextDates(series, firstProgress(series), 4).join();
  const byCalendar = seriesDays(series, dayAfter(series.startsOn, 1_500)).slice(0, series.times ?? 4);
  if (foretold !== byCalendar.slice(0, 4).join())
    throw new Error(`seed ${world.seed}, ${what}: said ${foretold}, by the calendar ${byCalendar}`);
  return trying(what, async () => {
    const input = { organizationId, schedules: [schedule] };
    const { scheduleIds } = await books.tx((tx) => createSchedules(tx, actor, input, now));
    world.schedules.push({
      ...{ ...series, id: scheduleIds[0] ?? '', name, kind, amount },
      ...{
        method: kind === 'payment' ? at : undefined,
        rests: [],
        skipped: [],
        endedOn: undefined,
        revokedAt: undefined,
      },
      ...{ isStopped: false, excusedTo: '' },
    });
  });
};

type Does = (world: World, schedule: PlainSchedule, random: Random) => Promise<string>;

const pause: Does = (world, schedule) =>
  trying(`${schedule.name} is paused`, async () => {
    await onSchedule(world, schedule, pauseSchedule);
    if (!schedule.rests.some(({ to }) => to === undefined))
      schedule.rests.push({ from: world.today, to: undefined });
  });

const resume: Does = (world, schedule) =>
  trying(`${schedule.name} is resumed`, async () => {
    const { books, now, today } = world;
    const input = { organizationId: books.organizationId, scheduleId: schedule.id, today };
    await books.tx((tx) => resumeSchedule(tx, books.actor, input, now));
    for (const rest of schedule.rests) rest.to ??= today;
  });

const skip: Does = async (world, schedule, random) => {
  const days = seriesDays(schedule, dayAfter(world.today, 60));
  const day = days.find((each) => each >= world.today) ?? world.today;
  const asked = random.chance(0.8) ? day : dayAfter(day, 1);
  return trying(`${schedule.name} leaves ${asked} out`, async () => {
    const { books, now } = world;
    const input = { organizationId: books.organizationId, scheduleId: schedule.id, day: asked };
    await books.tx((tx) => skipNext(tx, books.actor, input, now));
    schedule.skipped.push(asked);
  });
};

/** The payer takes back what was agreed to, which nobody may go on with. */
const revoke: Does = (world, schedule) =>
  trying(`${schedule.name} is stopped by its payer`, async () => {
    const { books, now, customers } = world;
    const actor = { ...books.actor, kind: 'job' as const, name: 'test' };
    const input = { organizationId: books.organizationId, customerIds: customers.map(({ id }) => id) };
    await books.tx((tx) => stopByPayer(tx, actor, { ...input, scheduleId: schedule.id }, now));
    schedule.revokedAt ??= now;
  });

const end: Does = (world, schedule) =>
  trying(`${schedule.name} is ended`, async () => {
    await onSchedule(world, schedule, endSchedule);
    schedule.endedOn ??= world.today;
  });

const onSchedule = (
  { books, now }: World,
  { id: scheduleId }: PlainSchedule,
  command: typeof pauseSchedule,
): Promise<void> =>
  books.tx((tx) => command(tx, books.actor, { organizationId: books.organizationId, scheduleId }, now));

export const changeSchedule: Act = async (world, random) => {
  if (world.schedules.length === 0) return undefined;
  const schedule = random.pick(world.schedules);
  const does = random.pick([pause, pause, resume, resume, resume, skip, skip, revoke, end]);
  return does(world, schedule, random);
};

export const scheduleActs: readonly Act[] = [newSchedule, newSchedule, changeSchedule, changeSchedule];
