import { sql } from 'kysely';
import { priceCharge } from '#features/card-fees/price-charge.ts';
import { readRevisable, reviseInvoices } from '#features/invoices/revise-invoices.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { removeMethod } from '#features/payment-methods/remove-method.ts';
import { writeConsents } from '#features/payments/portal-write-consents.ts';
import { type MethodChoice, prepareCharge } from '#features/payments/prepare-charge.ts';
import { Refusal } from '#lib/errors.ts';
import type { Random } from '#lib/random.ts';
import { saying } from '../simulation/fleet.ts';
import { given } from '../support/given.ts';
import { dayAfter } from './calendar.ts';
import { newMethod, note, type PlainMethod, setClock, told, type World } from './world.ts';

export type Act = (world: World, random: Random) => Promise<string | undefined>;

/** What was refused is no fault of a world in which people try things; anything else is. */
export async function trying(what: string, work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return what;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return `${what}: refused, ${error.message.slice(0, 90)}`;
  }
}

type Open = { id: string; customerId: string; payable: bigint; balanceDue: bigint; total: bigint };

export const openInvoices = ({ books }: World): Promise<Open[]> =>
  books.tx((tx) =>
    tx.rows<Open>(sql`select id, customer_id, balance_due - reserved as payable, balance_due, total from invoices
      where organization_id = ${books.organizationId} and issued_at is not null and voided_at is null
        and balance_due > 0 order by created_at, number`),
  );

const pickOpen = async (world: World, random: Random): Promise<Open | undefined> => {
  const open = await openInvoices(world);
  return open.length > 0 ? random.pick(open) : undefined;
};

/** Days before, on, and after: some were brought in late. */
export const issue: Act = async (world, random) => {
  const customer = random.int(0, world.customers.length - 1);
  const total = random.pick([900n, 4_033n, 4_050n, 10_000n, 10_033n, 33_333n, 250_000n]);
  const late = random.chance(0.15) ? -random.int(3, 40) : random.int(0, 6);
  const dueDate = dayAfter(world.today, late);
  const invoiceDate = dayAfter(late < 0 ? dueDate : world.today, -random.int(0, 3));
  const id = await given.invoice(world.books, world.customers[customer]?.id ?? '', total, {
    ...{ dueDate, invoiceDate },
  });
  world.issued += 1;
  return `${id} over ${total} issued to customer ${customer}, dated ${invoiceDate}, due ${dueDate}`;
};

export const payByHand: Act = async (world, random) => {
  const invoice = await pickOpen(world, random);
  if (!invoice || invoice.payable <= 0n) return undefined;
  const amount = random.chance(0.5) ? invoice.payable : (invoice.payable + 2n) / 3n;
  return trying(`${amount} of ${invoice.id} is paid by check`, () =>
    given.payment(world.books, {
      ...{ customerId: invoice.customerId, amount, receivedOn: world.today },
      applications: [{ invoiceId: invoice.id, amount }],
    }),
  );
};

/** A click in the portal: a charge that is no standing one, of a stored method. */
export const payByClick: Act = async (world, random) => {
  const invoice = await pickOpen(world, random);
  const methods = world.methods.filter(
    ({ customer }) => world.customers[customer]?.id === invoice?.customerId,
  );
  if (!invoice || invoice.payable <= 0n || methods.length === 0) return undefined;
  const method = random.pick(methods);
  const amount = random.chance(0.6) ? invoice.payable : (invoice.payable + 1n) / 2n;
  const choice: MethodChoice = { paymentMethodId: method.id };
  const { books, today, now } = world;
  return trying(`${amount} of ${invoice.id} is charged by a click on ${told(method)}`, async () => {
    const { organizationId } = books;
    const prepared = await books.tx((tx) =>
      prepareCharge(tx, { organizationId, customerId: invoice.customerId, choice, today }),
    );
    const { funding, details } = world.gateway.factsOf(method.token);
    const price = await books.tx((tx) =>
      priceCharge(tx, {
        ...{ organizationId, today, customerId: invoice.customerId, base: amount, currency: books.currency },
        ...{ kind: method.kind, funding, brand: details.brand, source: 'portal' },
        parts: [{ invoiceId: invoice.id, amount }],
      }),
    );
    const paidOnTop = price.paidOnTop && { ...price.paidOnTop, disclosedAt: now };
    await given.charge(books, {
      ...{ customerId: invoice.customerId, receivedOn: today, ...prepared, paidOnTop },
      amount: amount + (paidOnTop?.amount ?? 0n),
      applications: [{ invoiceId: invoice.id, amount }],
    });
  });
};

export const voidOne: Act = async (world, random) => {
  const invoice = await pickOpen(world, random);
  if (!invoice) return undefined;
  const { books, now } = world;
  const { organizationId, actor } = books;
  return trying(`${invoice.id} is voided`, () =>
    books.tx((tx) => voidInvoice(tx, actor, { organizationId, invoiceId: invoice.id, reason: 'Wrong' }, now)),
  );
};

/** The invoice says another sum, or another due day. */
export const revise: Act = async (world, random) => {
  const invoice = await pickOpen(world, random);
  if (!invoice) return undefined;
  const { books, now } = world;
  const { organizationId, actor } = books;
  const total = random.pick([invoice.total + 500n, invoice.total / 2n + 1n, invoice.total * 3n]);
  const later = random.chance(0.3) ? random.int(1, 9) : 0;
  return trying(`${invoice.id} says ${total} now${later ? ` and is due ${later} days later` : ''}`, () =>
    books.tx(async (tx) => {
      const [before] = await readRevisable(tx, organizationId, { ids: [invoice.id] }, true);
      if (!before) throw new Error('no such invoice');
      const dueDate = dayAfter(before.dueDate, later);
      const document = { ...before, ...saying(total), dueDate };
      const revisions = [{ invoiceId: invoice.id, document }];
      const [verdict] = await reviseInvoices(tx, actor, { organizationId, revisions }, now);
      if (verdict && !verdict.ok) throw new Refusal('state_refused', verdict.reason);
    }),
  );
};

export const storeOne: Act = async (world, random) => {
  await newMethod(world, random, random.int(0, world.customers.length - 1));
  return undefined;
};

const standing = ({ methods }: World): PlainMethod[] => methods.filter(({ removedAt }) => !removedAt);

export const removeOne: Act = async (world, random) => {
  const method = random.pick(standing(world));
  const { books, now } = world;
  const { organizationId, actor } = books;
  const customerId = world.customers[method.customer]?.id ?? '';
  return trying(`${told(method)} is removed`, async () => {
    await books.tx((tx) => removeMethod(tx, actor, { organizationId, customerId, methodId: method.id }, now));
    method.removedAt = now;
  });
};

/** An owner signs, as the signing page writes it. */
export const signOne: Act = async (world, random) => {
  const unsigned = standing(world).filter(({ signedAt }) => !signedAt);
  if (unsigned.length === 0) return undefined;
  const method = random.pick(unsigned);
  const { books, now } = world;
  const { organizationId, actor } = books;
  const customerId = world.customers[method.customer]?.id ?? '';
  await books.tx(async (tx) => {
    await tx.run(sql`update payment_methods set state = 'active'
      where organization_id = ${organizationId} and id = ${method.id} and state = 'needs_authorization'`);
    const consent = { kind: 'bank_debit', text: 'Debit it.', name: 'Ana', ip: '', userAgent: '' } as const;
    await writeConsents(
      tx,
      actor,
      { organizationId, customerId, paymentMethodId: method.id, consents: [consent] },
      now,
    );
  });
  method.signedAt = now;
  return `${told(method)} is signed for`;
};

export const commonActs: readonly Act[] = [
  ...[issue, issue, issue, issue, payByHand, payByClick, payByClick],
  ...[voidOne, revise, revise, storeOne, removeOne, signOne],
];

export async function act(world: World, random: Random, acts: readonly Act[]): Promise<void> {
  // One thing after the other: what was agreed to a second later did not hold before.
  await setClock(world, new Date(world.now.getTime() + 1000));
  const told = await random.pick(acts)(world, random);
  if (told) note(world, told);
}
