import { addressOf, firstStateOf } from './channels-oracle.ts';
import { lastOfMonth, localDate, plusDays } from './clock.ts';
import { customerAt, family, isPayable, isReached, isResting, newestStep, readerOf } from './oracle.ts';
import { type ChasedWorld, channels, type Kind, type PlainInvoice, type When } from './world.ts';

type Told = { kind: Kind; key: string; customer: number; invoice?: PlainInvoice; listed?: string };

/** One message in each channel that is on for who reads. Answers whether any was let go. */
function tell(world: ChasedWorld, { kind, key, customer, invoice, listed }: Told, now: Date): boolean {
  const reader = readerOf(world, customer);
  let isGone = false;
  for (const channel of channels) {
    if (!customerAt(world, reader).on.has(`${kind}.${channel}`)) continue;
    if (world.messages.has(`${key}:${channel}`)) continue;
    const first = firstStateOf(world, { kind, channel, reader }, now);
    isGone ||= !first.state.startsWith('suppressed');
    world.messages.set(`${key}:${channel}`, {
      ...{ kind, channel, customer, invoice, reader, ...first },
      to: addressOf(customerAt(world, reader), channel),
      listed: channel === 'sms' ? '' : (listed ?? ''),
      madeOn: localDate(world.zone, now),
    });
  }
  return isGone;
}

/** New invoices whose day has come go, each once for ever; by whatever brings it to its customer. */
export function sayNewInvoices(world: ChasedWorld, invoices: readonly PlainInvoice[], now: Date): void {
  const { rule, zone } = world;
  if (now < rule.liveFrom || rule.newInvoice === 'never') return;
  for (const invoice of invoices) {
    const { issuedOn, invoiceDate } = invoice;
    const day = { created: issuedOn, invoice_date: invoiceDate, delay: plusDays(issuedOn, rule.delay) };
    if (invoice.isSent || day[rule.newInvoice] > localDate(zone, now)) continue;
    if (!isPayable(invoice) || !isReached(world, invoice.customer)) continue;
    const told = { kind: 'new_invoice' as const, key: `new_invoice:${invoice.id}` };
    if (tell(world, { ...told, customer: invoice.customer, invoice }, now)) invoice.isSent = true;
  }
}

/** Reminders by the ladder: the newest day of it that has not been said, where no rule forbids it. */
export function sayReminders(world: ChasedWorld, { day, now }: When): void {
  if (now < world.rule.liveFrom) return;
  for (const invoice of world.invoices) {
    const newest = newestStep(world.steps, invoice, day);
    if (!newest || !isPayable(invoice) || isResting(invoice, day) || invoice.isOff) continue;
    const { customer } = invoice;
    const reader = customerAt(world, readerOf(world, customer));
    if (reader.isOff || !isReached(world, customer)) continue;
    const isMissed = newest.step.type === 'payment_due' && day > invoice.due;
    const kind = isMissed ? 'payment_past_due' : newest.step.type;
    const reaches = channels.some(
      (channel) => reader.on.has(`${kind}.${channel}`) && (channel !== 'paper' || reader.isConfirmed),
    );
    if (!reaches) continue;
    invoice.lastOn = day;
    const key = `reminder:${invoice.id}:${newest.step.id}:${newest.date}`;
    if (tell(world, { kind, key, customer, invoice }, now)) invoice.isSent = true;
  }
}

/** Statements of the last day of a month on which they were due, once a customer and month. */
export function sayStatements(world: ChasedWorld, { day, now }: When): void {
  const { rule } = world;
  if (rule.statementDay === null || now < rule.liveFrom) return;
  let of = day;
  while (Number(of.slice(8)) !== Math.min(rule.statementDay, Number(lastOfMonth(of).slice(8))))
    of = plusDays(of, -1);
  if (of < rule.statementsFrom || of <= rule.statementsDone) return;
  rule.statementsDone = of;
  for (const customer of holders(world)) {
    const reader = customerAt(world, readerOf(world, customer));
    if (!isReached(world, customer) || reader.isOff) continue;
    const key = `statement:${customerAt(world, customer).id}:${of.slice(0, 7)}`;
    tell(world, { kind: 'statement', key, customer, listed: listedOn(world, customer) }, now);
  }
}

/** Whose statements there are: who owes and is a customer still, or the parent on whose page it shows. */
function holders(world: ChasedWorld): Set<number> {
  const holderOf = (at: number): number => {
    const { parent, billsWithParent } = customerAt(world, at);
    const isParents = billsWithParent && parent !== undefined && customerAt(world, parent).showsChildren;
    return isParents ? holderOf(parent) : at;
  };
  const owing = world.customers.flatMap(({ isActive }, at) => {
    const owes = world.invoices.some((invoice) => invoice.customer === at && isPayable(invoice));
    return owes && (isActive || world.rule.toInactive) ? [at] : [];
  });
  return new Set(owing.map(holderOf));
}

function listedOn(world: ChasedWorld, holder: number): string {
  const shown = customerAt(world, holder).showsChildren ? family(world, holder, false) : [holder];
  return world.invoices
    .filter(({ customer, open }) => open > 0n && shown.includes(customer))
    .map(({ number }) => number)
    .sort()
    .join(' ');
}
