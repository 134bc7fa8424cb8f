import { sql } from 'kysely';
import type { PlainSchedule } from './acts-schedules.ts';
import type { PaymentRow } from './audit.ts';
import { dayAfter, daysFrom, seriesDays } from './calendar.ts';
import type { World } from './world.ts';

type Row = {
  scheduleId: string;
  day: string;
  state: 'made' | 'failed' | 'skipped' | 'missed';
  invoiceId: string | null;
  invoiceDate: string | null;
  paymentId: string | null;
  workedOn: string;
};
type Stands = { id: string; state: string; taken: number; nextOn: string | null; retryDay: string | null };
type Fail = (what: string) => never;

/** Days after its date on which a charge may still be made: part of what payers agree to. */
const lateDays = 5;

/** Promise 6 for schedules: each day of a rhythm once, none lost, none that people had paused or left out. */
export async function auditSchedules(
  world: World,
  charges: readonly PaymentRow[],
  fail: Fail,
): Promise<number> {
  if (world.schedules.length === 0) return 0;
  const { rows, stands, invoices } = await readSchedules(world);
  const made = rows.filter(({ invoiceId }) => invoiceId !== null);
  if (made.length + world.issued !== invoices)
    fail(
      `${invoices} invoices, of which people made ${world.issued} and schedules say they made ${made.length}`,
    );
  for (const schedule of world.schedules) {
    const own = rows.filter(({ scheduleId }) => scheduleId === schedule.id);
    const now = stands.find(({ id }) => id === schedule.id);
    if (!now) return fail(`${schedule.name} is gone`);
    const say = (what: string): never => fail(`${schedule.name}: ${what}`);
    auditDays(world, schedule, own, say);
    auditWhole(world, { schedule, own, now }, say);
    if (schedule.kind === 'payment') auditScheduled(world, schedule, own, charges, say);
  }
  return rows.filter(({ state }) => state === 'made').length;
}

function auditDays({ today }: World, schedule: PlainSchedule, own: readonly Row[], fail: Fail): void {
  const days = new Set(seriesDays(schedule, today));
  const skipped = new Set(schedule.skipped);
  for (const { day, state, invoiceId, invoiceDate, workedOn } of own) {
    if (!days.has(day) && state !== 'skipped') fail(`${day} is no day of it, and was ${state}`);
    if (skipped.has(day) !== (state === 'skipped'))
      fail(`${day} is ${state}, people left out ${schedule.skipped}`);
    if (invoiceId && invoiceDate !== day) fail(`the invoice of ${day} is dated ${invoiceDate}`);
    const rested = schedule.rests.find(({ from, to }) => from <= day && day <= (to ?? today));
    if (rested && state === 'made' && schedule.kind === 'invoice')
      fail(`${day} was made, though it was paused from ${rested.from} to ${rested.to}`);
    if (schedule.endedOn && day >= schedule.endedOn && state === 'made' && schedule.kind === 'invoice')
      fail(`${day} was made after it was ended on ${schedule.endedOn}`);
    if (state !== 'missed') continue;
    if (schedule.kind === 'invoice') fail(`the invoice of ${day} was given up`);
    const next = [...days].find((each) => each > day && each <= workedOn);
    if (!next && daysFrom(day, workedOn) <= lateDays)
      fail(`${day} was given up on ${workedOn}, within ${lateDays} days`);
  }
  const count = own.filter(({ state }) => state === 'made').length;
  if (schedule.times !== null && count > schedule.times) fail(`${count} were made of ${schedule.times}`);
}

/** No day that has come is without a word, unless somebody or something had stopped it. */
function auditWhole(
  { today }: World,
  about: { schedule: PlainSchedule; own: readonly Row[]; now: Stands },
  fail: Fail,
): void {
  const { schedule, own, now } = about;
  const made = own.filter(({ state }) => state === 'made').length;
  if (now.taken !== made) fail(`it counts ${now.taken} and made ${made}`);
  const by = new Set(own.map(({ day }) => day));
  const isFull = schedule.times !== null && made >= schedule.times;
  const days = seriesDays(schedule, today);
  // What fell into a rest, or came when it had ended and a charge of it then failed, is not made up.
  if (now.state !== 'running' || schedule.isStopped) schedule.excusedTo = today;
  schedule.isStopped = now.state !== 'running';
  if (now.state === 'running') {
    const rested = (day: string) =>
      schedule.rests.some(({ from, to }) => from <= day && day <= (to ?? today));
    const lost = days.find((day) => !by.has(day) && day > schedule.excusedTo && !rested(day));
    if (lost) fail(`${lost} has come and nothing became of it`);
    const next = seriesDays(schedule, dayAfter(today, 800)).find((day) => day > today && !by.has(day));
    if (!now.retryDay && now.nextOn !== next) fail(`its next date is ${now.nextOn}, by the calendar ${next}`);
  }
  const over = schedule.endsOn !== null && schedule.endsOn < today;
  const isOnce = schedule.unit === 'once' && days.length > 0;
  if (now.state === 'completed' && !isFull && !over && !isOnce && !schedule.endedOn && now.nextOn === null) {
    const left = seriesDays(schedule, dayAfter(today, 800)).some((day) => day > today && !by.has(day));
    if (left) fail('it has ended with dates left');
  }
}

/** What it charges: what was agreed to, one date a day, in time, and not once people had stopped it. */
function auditScheduled(
  world: World,
  schedule: PlainSchedule,
  own: readonly Row[],
  charges: readonly PaymentRow[],
  fail: Fail,
): undefined {
  const days = seriesDays(schedule, world.today);
  const mine = charges.filter(({ requestKey }) => requestKey.startsWith(`schedule:${schedule.id}:`));
  const onDay = new Map<string, number>();
  for (const charge of mine) {
    const [, , day = '', tried = ''] = charge.requestKey.split(':');
    const on = charge.receivedOn;
    onDay.set(on, (onDay.get(on) ?? 0) + 1);
    if (charge.amount - charge.fee !== schedule.amount)
      fail(`charged ${charge.amount}, agreed ${schedule.amount}`);
    if (charge.paymentMethodId !== world.methods[schedule.method ?? -1]?.id) fail('charged another method');
    if (!days.includes(day)) fail(`charged ${day}, which is no day of it`);
    if (on < day) fail(`charged ${day} before it, on ${on}`);
    if (tried === '1' && daysFrom(day, on) > lateDays) fail(`charged ${day} as late as ${on}`);
    if (tried !== '1' && days.some((each) => each > day && each <= on))
      fail(`tried ${day} again on ${on}, past the next date`);
    const rested = schedule.rests.find(({ from, to }) => from <= on && (to === undefined || on <= to));
    if (rested) fail(`charged on ${on}, though paused from ${rested.from} to ${rested.to}`);
    if (schedule.revokedAt && charge.requestedAt >= schedule.revokedAt)
      fail(`charged on ${on}, though revoked`);
    if (schedule.endedOn && on >= schedule.endedOn)
      fail(`charged on ${on}, though ended on ${schedule.endedOn}`);
    if (!own.some((row) => row.day === day)) fail(`charged ${day}, of which it knows nothing`);
  }
  for (const [on, count] of onDay) if (count > 1) fail(`charged ${count} times on ${on}`);
  const standing = mine.filter(({ state }) => state !== 'declined' && state !== 'returned').length;
  if (standing > own.filter(({ state }) => state === 'made').length)
    fail(`${standing} charges for fewer days`);
  for (const row of own)
    if (row.state === 'made') {
      const charge = mine.find(({ id }) => id === row.paymentId);
      if (!charge) return fail(`${row.day} has no charge`);
      if (['declined', 'returned'].includes(charge.state))
        fail(`${row.day} counts, and its charge was ${charge.state}`);
    }
}

async function readSchedules({ books, times }: World) {
  const { organizationId } = books;
  return books.tx(async (tx) => ({
    rows: await tx.rows<Row>(sql`select o.schedule_id, o.day, o.state, o.invoice_id, i.invoice_date, o.payment_id,
        (o.worked_at at time zone ${times.zone})::date as worked_on
      from schedule_occurrences o
      left join invoices i on i.organization_id = o.organization_id and i.id = o.invoice_id
      where o.organization_id = ${organizationId} order by o.day`),
    stands: await tx.rows<Stands>(sql`select id, state, taken, next_on, retry_day from schedules
      where organization_id = ${organizationId}`),
    invoices: Number(
      (
        await tx.row<{ count: number }>(
          sql`select count(*)::int as count from invoices where organization_id = ${organizationId}`,
        )
      )?.count,
    ),
  }));
}
