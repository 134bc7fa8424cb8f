import type { CustomerPatch } from '#features/customers/customer-input.ts';
import { updateCustomers } from '#features/customers/update-customers.ts';
import { confirmAddress, doubtAddress } from '#features/letters/confirm-address.ts';
import { recordTextConsent, type SaidOfTexts } from '#features/text-consents/record-text-consent.ts';
import type { Random } from '#lib/random.ts';
import { releaseLetters } from './channels-oracle.ts';
import { family, readerOf } from './oracle.ts';
import type { ChasedWorld, PlainCustomer } from './world.ts';

type Act = (world: ChasedWorld, customer: PlainCustomer, random: Random, now: Date) => Promise<string>;

/** Something that happens to a customer: its settings, its family, its consent, its address. */
export async function actOnCustomer(world: ChasedWorld, random: Random, now: Date): Promise<string> {
  const letter = [...world.messages.values()].find(
    ({ channel, state }) => channel === 'paper' && (state === 'awaits' || state === 'queued'),
  );
  if (letter && random.chance(0.4)) {
    // People look at the address of a letter that waits.
    const reader = world.customers[readerOf(world, letter.customer)] as PlainCustomer;
    return `${reader.name} ${await lookAtAddress(world, reader, random, now)}`;
  }
  const customer = random.pick(world.customers);
  const acts = [takeReminders, activate, activate, billWithParent, billWithParent, showChildren, moveBelow];
  const talks = [talkOfTexts, talkOfTexts, lookAtAddress, lookAtAddress, lookAtAddress];
  const act = random.pick([...acts, ...talks]);
  return `${customer.name} ${await act(world, customer, random, now)}`;
}

async function change(
  { books }: ChasedWorld,
  { id }: PlainCustomer,
  patch: Omit<CustomerPatch, 'id'>,
  now: Date,
): Promise<void> {
  const { organizationId, actor } = books;
  await books.tx((tx) =>
    updateCustomers(tx, actor, { organizationId, patches: [{ id, ...patch }], quiet: true }, now),
  );
}

const takeReminders: Act = async (world, customer, _, now) => {
  customer.isOff = !customer.isOff;
  await change(world, customer, { sendReminders: !customer.isOff }, now);
  return customer.isOff ? 'takes no reminders' : 'takes reminders';
};

const activate: Act = async (world, customer, _, now) => {
  customer.isActive = !customer.isActive;
  await change(world, customer, { active: customer.isActive }, now);
  return customer.isActive ? 'is active again' : 'is deactivated';
};

const billWithParent: Act = async (world, customer, _, now) => {
  customer.billsWithParent = customer.parent !== undefined && !customer.billsWithParent;
  await change(world, customer, { billWithParent: customer.billsWithParent }, now);
  return customer.billsWithParent ? 'bills with its parent' : 'bills for itself';
};

const showChildren: Act = async (world, customer, _, now) => {
  customer.showsChildren = !customer.showsChildren;
  await change(world, customer, { portalShowChildren: customer.showsChildren }, now);
  return customer.showsChildren ? 'sees its children' : 'sees its own alone';
};

const moveBelow: Act = async (world, customer, random, now) => {
  const parent = random.int(0, world.customers.length - 1);
  if (family(world, world.customers.indexOf(customer), false).includes(parent)) return 'stays where it is';
  customer.parent = parent;
  const { id: parentId, name } = world.customers[parent] as PlainCustomer;
  await change(world, customer, { parentId }, now);
  return `is below ${name}`;
};

const talkOfTexts: Act = async (world, customer, random, now) => {
  if (random.chance(0.5)) return stopOrStart(world, customer, now);
  if (!customer.hasAgreed) return agreeToTexts(world, customer, now);
  customer.hasAgreed = false;
  await say(world, customer, { kind: 'withdrawn', source: 'staff', customerId: customer.id }, now);
  return 'wants no texts';
};

export async function stopOrStart(world: ChasedWorld, customer: PlainCustomer, now: Date): Promise<string> {
  customer.hasStopped = !customer.hasStopped;
  await say(world, customer, { kind: customer.hasStopped ? 'stop' : 'start', source: 'text' }, now);
  return customer.hasStopped ? 'texts STOP' : 'texts START';
}

export async function agreeToTexts(world: ChasedWorld, customer: PlainCustomer, now: Date): Promise<string> {
  customer.hasAgreed = true;
  await say(world, customer, { kind: 'given', source: 'staff', customerId: customer.id }, now);
  return 'agrees to texts';
}

const say = (
  { books }: ChasedWorld,
  { phone }: PlainCustomer,
  said: Pick<SaidOfTexts, 'kind' | 'source' | 'customerId'>,
  now: Date,
): Promise<unknown> => {
  const { organizationId, actor } = books;
  const words = { phone, words: 'As I say.', saidBy: 'test' };
  return books.tx((tx) => recordTextConsent(tx, actor, { organizationId, ...words, ...said }, now));
};

const lookAtAddress: Act = async (world, customer, _, now) => {
  if (!customer.isConfirmed) return confirm(world, customer, now);
  const at = world.customers.indexOf(customer);
  // What comes back was written to who reads.
  const reader = world.customers[readerOf(world, at)] as PlainCustomer;
  reader.isConfirmed = false;
  const { organizationId, actor, tx } = world.books;
  const doubt = { organizationId, customerId: customer.id, reason: 'Moved' };
  await tx((t) => doubtAddress(t, actor, doubt, now));
  return `has a letter back from ${reader.name}`;
};

export async function confirm(world: ChasedWorld, customer: PlainCustomer, now: Date): Promise<string> {
  const { organizationId, actor, tx } = world.books;
  customer.isConfirmed = true;
  releaseLetters(world, world.customers.indexOf(customer), now);
  await tx((t) => confirmAddress(t, actor, { organizationId, customerId: customer.id }, now));
  return 'has its address confirmed';
}
