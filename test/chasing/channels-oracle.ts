import { mayTextArrive, zonesOfNumber } from '../support/text-places.ts';
import { localDate, plusHours } from './clock.ts';
import { customerAt, family, isPayable, isReached, isResting, readerOf } from './oracle.ts';
import type { Channel, ChasedWorld, Kind, PlainCustomer, PlainMessage } from './world.ts';

export const addressOf = ({ email, phone, name }: PlainCustomer, channel: Channel): string =>
  ({ email, sms: phone, paper: name })[channel];

const zonesOf = ({ zones }: PlainCustomer): string[] => [...zones, ...zonesOfNumber];

/** The first whole hour from a moment on at which a text may arrive everywhere. */
function nextOpen(reader: PlainCustomer, from: Date): Date {
  let at = from;
  while (!mayTextArrive(zonesOf(reader), at)) at = plusHours(at, 1);
  return at;
}

/** What a message is as soon as it is made. */
export function firstStateOf(
  world: ChasedWorld,
  { kind, channel, reader: at }: { kind: Kind; channel: Channel; reader: number },
  now: Date,
): { state: string; dueAt: Date } {
  const reader = customerAt(world, at);
  if (channel === 'email') return { state: 'sent', dueAt: now };
  if (channel === 'sms') {
    if (reader.hasStopped) return { state: 'suppressed stopped', dueAt: now };
    if (!reader.hasAgreed) return { state: 'suppressed no_consent', dueAt: now };
    return { state: 'queued', dueAt: nextOpen(reader, now) };
  }
  // Only what brings an invoice is worth waiting for an address.
  if (reader.isConfirmed) return { state: 'queued', dueAt: now };
  return { state: kind === 'new_invoice' ? 'awaits' : 'suppressed address_unconfirmed', dueAt: now };
}

/** A worker takes what is due: it leaves, waits for the morning, or is held back by a rule that is named. */
export function carry(world: ChasedWorld, at: Date): void {
  for (const message of world.messages.values()) {
    if (message.state !== 'queued' || message.dueAt > at) continue;
    const reader = customerAt(world, readerOf(world, message.customer));
    const rule = noConsent(world, message) ?? whyNotNow(world, message, localDate(world.zone, at));
    if (rule) message.state = `suppressed ${rule}`;
    else if (message.channel === 'paper' && !reader.isConfirmed) message.state = 'awaits';
    else if (message.channel === 'paper' || mayTextArrive(zonesOf(reader), at)) message.state = 'sent';
    else message.dueAt = nextOpen(reader, at);
  }
}

/** The phone has to agree, for the customer itself or for who reads now; STOP holds for all. */
function noConsent(world: ChasedWorld, message: PlainMessage): string | undefined {
  if (message.channel !== 'sms') return undefined;
  const phone = customerAt(world, message.reader);
  if (phone.hasStopped) return 'stopped';
  const speaks = [message.customer, readerOf(world, message.customer)].includes(message.reader);
  return speaks && phone.hasAgreed ? undefined : 'no_consent';
}

/** What asks for payment must still be true when it leaves. */
function whyNotNow(world: ChasedWorld, message: PlainMessage, today: string): string | undefined {
  const { kind, channel, customer, invoice } = message;
  if (kind === 'new_invoice') return undefined;
  const reader = customerAt(world, readerOf(world, customer));
  if (!isReached(world, customer)) return 'customer_inactive';
  if (reader.isOff) return 'reminders_off';
  if (channel === 'paper' && !reader.isConfirmed) return 'address_unconfirmed';
  if (!invoice) {
    const all = family(world, customer, !customerAt(world, customer).showsChildren);
    const owes = world.invoices.some((each) => all.includes(each.customer) && isPayable(each));
    return owes ? undefined : 'not_payable';
  }
  if (!isPayable(invoice)) return 'not_payable';
  if (invoice.isOff) return 'opted_out';
  if (isResting(invoice, today)) return 'invoice_rests';
  const saysWhen = channel === 'sms' && kind !== 'payment_past_due';
  return saysWhen && invoice.due < today ? 'day_is_over' : undefined;
}

/** Letters that waited for an address leave when it is confirmed; not for what is paid by then. */
export function releaseLetters(world: ChasedWorld, reader: number, now: Date): void {
  for (const message of world.messages.values()) {
    if (message.state !== 'awaits' || readerOf(world, message.customer) !== reader) continue;
    message.state = message.invoice?.open === 0n ? 'suppressed not_payable' : 'queued';
    message.dueAt = now;
  }
}
