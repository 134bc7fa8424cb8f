import { sql } from 'kysely';
import type { PlainAutopay } from './acts-autopay.ts';
import type { PaymentRow } from './audit.ts';
import { dayAfter, daysFrom } from './calendar.ts';
import type { World } from './world.ts';

type Invoice = {
  id: string;
  customerId: string;
  issuedAt: Date;
  issuedOn: string;
  revisedAt: Date | null;
  invoiceDate: string;
  dueDate: string;
  balanceDue: bigint;
  reserved: bigint;
  isOnPlan: boolean;
  rests: boolean;
};
type Tried = { invoiceId: string; tryNo: number; runId: string; runOn: string; nextTryOn: string | null };
type Notice = {
  invoiceId: string;
  authorizationId: string;
  amount: bigint;
  toldOn: string;
  chargeOn: string;
};
type Running = { customerId: string; authorizationId: string };
export type AutopaySight = {
  invoices: Invoice[];
  tries: Tried[];
  notices: Notice[];
  running: Running[];
  blocked: { id: string }[];
};
type Fail = (what: string) => never;

/** All that is open, tried and told, as it is before a run. */
export const seeAutopay = ({ books, times }: World): Promise<AutopaySight> =>
  books.tx(async (tx) => {
    const org = books.organizationId;
    return {
      invoices:
        await tx.rows<Invoice>(sql`select id, customer_id, issued_at, revised_at, invoice_date, due_date,
          (issued_at at time zone ${times.zone})::date as issued_on, balance_due, reserved,
          payment_plan_id is not null as is_on_plan,
          exists (select from disputes d where d.organization_id = i.organization_id and d.invoice_id = i.id
            and d.state = 'open') or exists (select from promises_to_pay p
            where p.organization_id = i.organization_id and p.invoice_id = i.id and p.state = 'open') as rests
        from invoices i where organization_id = ${org} and issued_at is not null and voided_at is null
          and balance_due > 0 order by due_date, id`),
      tries: await tx.rows<Tried>(sql`select t.invoice_id, t.try_no, t.run_id, r.run_on, r.next_try_on
        from autopay_tries t join autopay_runs r on r.organization_id = t.organization_id and r.id = t.run_id
        where t.organization_id = ${org} order by t.try_no`),
      notices: await tx.rows<Notice>(sql`select invoice_id, authorization_id, amount, told_on, charge_on
        from autopay_notices where organization_id = ${org} and kind = 'debit'`),
      running: await tx.rows<Running>(sql`select customer_id, authorization_id from autopays
        where organization_id = ${org} and ended_at is null`),
      blocked: await tx.rows<{ id: string }>(sql`select id from payment_methods
        where organization_id = ${org} and state = 'blocked'`),
    };
  });

/** Who pays what a customer owes. */
export function payerOf({ customers }: World, customerId: string): number {
  let at = customers.findIndex(({ id }) => id === customerId);
  while (customers[at]?.billsWithParent && customers[at]?.parent !== undefined)
    at = customers[at]?.parent as number;
  return at;
}

/** How long before a debit whose amount nobody has bounded its payer is told (Regulation E, 1005.10). */
const lawfulNotice = 10;

/** The invoices that a run of today has to try, each by itself, worked out one question after the other. */
export function mustTry(world: World, sight: AutopaySight): string[] {
  return sight.invoices.filter((invoice) => isDue(world, sight, invoice)).map(({ id }) => id);
}

function isDue(world: World, sight: AutopaySight, invoice: Invoice): boolean {
  const { today, methods, customers } = world;
  const payer = payerOf(world, invoice.customerId);
  const running = sight.running.find(({ customerId }) => customerId === customers[payer]?.id);
  const agreed = world.autopays.findLast((each) => each.payer === payer && !each.to);
  if (!running || !agreed || invoice.isOnPlan || invoice.rests || invoice.reserved > 0n) return false;
  const method = methods[agreed.method];
  if (!method || method.removedAt || !method.signedAt) return false;
  if (method.lastDay !== null && method.lastDay < today) return false;
  if (sight.blocked.some(({ id }) => id === method.id)) return false;
  const isNew =
    invoice.issuedAt >= agreed.since || (invoice.revisedAt !== null && invoice.revisedAt >= agreed.since);
  if (!isNew || !isWithin(agreed, invoice.balanceDue)) return false;
  const last = sight.tries.findLast(({ invoiceId }) => invoiceId === invoice.id);
  const trigger = { created: invoice.issuedOn, invoice_date: invoice.invoiceDate, due_date: invoice.dueDate };
  const day = last ? last.nextTryOn : trigger[agreed.when];
  if (day === null || day > today) return false;
  if (noticeOf(agreed, method.kind) === 0) return true;
  return sight.notices.some(
    (each) =>
      each.invoiceId === invoice.id &&
      each.authorizationId === running.authorizationId &&
      each.amount >= invoice.balanceDue &&
      each.chargeOn <= today,
  );
}

const noticeOf = ({ maximum, noticeDays }: PlainAutopay, kind: string): number =>
  kind === 'bank_account' && maximum === null && noticeDays < lawfulNotice ? lawfulNotice : noticeDays;

function isWithin({ threshold, maximum }: PlainAutopay, amount: bigint): boolean {
  if (maximum !== null && amount > maximum) return false;
  if (!threshold) return true;
  return threshold.direction === 'at_or_below' ? amount <= threshold.amount : amount >= threshold.amount;
}

/** What a run has tried is what it had to, each invoice once. */
export function auditRun(world: World, before: AutopaySight, after: AutopaySight, fail: Fail): void {
  const had = new Set(before.tries.map(({ invoiceId, tryNo }) => `${invoiceId} ${tryNo}`));
  const tried = after.tries.filter(({ invoiceId, tryNo }) => !had.has(`${invoiceId} ${tryNo}`));
  const [is, must] = [tried.map(({ invoiceId }) => invoiceId).sort(), mustTry(world, before).sort()];
  if (is.join() !== must.join()) fail(`autopay was to try [${must}] and tried [${is}]`);
}

/** Every charge of autopay ever made was within what its payer had agreed to at that moment. */
export function auditAutopay(
  world: World,
  charges: readonly PaymentRow[],
  sight: AutopaySight,
  fail: Fail,
): number {
  const mine = charges.filter(({ source }) => source === 'autopay');
  for (const charge of mine) auditCharge(world, charge, sight, fail);
  for (const [key, together] of Map.groupBy(
    mine,
    ({ customerId, requestedAt }) => `${customerId} ${requestedAt.getTime()}`,
  ))
    auditBulk(world, key, together, sight, fail);
  const byInvoice = Map.groupBy(sight.tries, ({ invoiceId }) => invoiceId);
  for (const [id, tries] of byInvoice) auditTries(world, id, tries, { charges: mine, fail });
  return mine.length;
}

function agreedAt(world: World, charge: PaymentRow): PlainAutopay | undefined {
  const payer = payerOf(world, charge.customerId);
  return world.autopays.findLast(
    (each) =>
      each.payer === payer && each.from <= charge.requestedAt && !(each.to && each.to < charge.requestedAt),
  );
}

function auditCharge(world: World, charge: PaymentRow, sight: AutopaySight, fail: Fail): undefined {
  const agreed = agreedAt(world, charge);
  const what = `autopay charged ${charge.id} of ${charge.amount} on ${charge.receivedOn}`;
  if (!agreed) return fail(`${what}, and nobody agrees to that any more`);
  const method = world.methods[agreed.method];
  if (charge.paymentMethodId !== method?.id) fail(`${what} on another method than ${method?.token}`);
  const principal = charge.amount - charge.fee;
  if (agreed.maximum !== null && principal > agreed.maximum)
    fail(`${what}, and agreed is ${agreed.maximum} at most`);
  const applied = charge.invoices.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  if (applied !== principal) fail(`${what}, and put ${applied} against invoices`);
  for (const { id, amount } of charge.invoices) {
    if (!isWithin({ ...agreed, maximum: null }, BigInt(amount)))
      fail(
        `${what}: ${id} of ${amount} is outside ${agreed.threshold?.direction} ${agreed.threshold?.amount}`,
      );
    const days = noticeOf(agreed, method?.kind ?? '');
    if (days === 0) continue;
    const isTold = sight.notices.some(
      (each) =>
        each.invoiceId === id &&
        each.amount >= BigInt(amount) &&
        dayAfter(each.toldOn, days) <= charge.receivedOn,
    );
    if (!isTold) fail(`${what}: nobody was told of ${id} ${days} days before`);
  }
}

/** What a customer has due is one charge, or no two of the charges would fit into one. */
function auditBulk(
  world: World,
  key: string,
  together: readonly PaymentRow[],
  sight: AutopaySight,
  fail: Fail,
): void {
  const isFirst = ({ requestKey }: PaymentRow): boolean =>
    sight.tries.some(({ runId, tryNo }) => tryNo === 1 && runId === requestKey.slice(8));
  const first = together.filter(isFirst);
  const maximum = first[0] && agreedAt(world, first[0])?.maximum;
  for (const [at, one] of first.entries())
    for (const other of first.slice(at + 1))
      if (maximum == null || one.amount - one.fee + other.amount - other.fee <= maximum)
        fail(`autopay of ${key} made two charges of what one could have been`);
}

const softDeclines = ['insufficient_funds', 'limit_exceeded', 'do_not_honor', 'gateway_error', 'declined'];

/** Tries follow each other only after a soft failure, not before their day, and not more than wanted. */
function auditTries(
  { gateway, retries }: World,
  invoiceId: string,
  tries: readonly Tried[],
  { charges, fail }: { charges: readonly PaymentRow[]; fail: Fail },
): undefined {
  if (tries.length > 1 + retries.most)
    fail(`${invoiceId} was tried ${tries.length} times, wanted ${1 + retries.most}`);
  for (const [at, { runId, runOn, tryNo }] of tries.entries()) {
    if (tryNo !== at + 1) fail(`${invoiceId} has no try ${at + 1}`);
    const next = tries[at + 1];
    if (!next) continue;
    const charge = charges.find(({ requestKey }) => requestKey === `autopay:${runId}`);
    const fate = charge && gateway.charges.get(charge.id)?.fate;
    if (!charge || !['declined', 'returned'].includes(charge.state))
      return fail(`${invoiceId} was tried twice at once`);
    if (daysFrom(runOn, next.runOn) < retries.afterDays)
      fail(
        `${invoiceId} was tried on ${runOn} and again on ${next.runOn}, sooner than after ${retries.afterDays} days`,
      );
    if (fate?.decline && !softDeclines.includes(fate.decline))
      fail(`${invoiceId} was tried again after ${fate.decline}`);
    if (fate?.returnCode && charge.state === 'returned' && !['R01', 'R09'].includes(fate.returnCode))
      fail(`${invoiceId} was tried again after ${fate.returnCode}`);
  }
}
