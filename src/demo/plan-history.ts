import { cities, firstNames, lastNames, places, services, streets, trades } from '#demo/sample-words.ts';
import type { CustomerInput } from '#features/customers/customer-input.ts';
import type { LineInput } from '#features/invoices/rules.ts';
import { addDays } from '#lib/dates.ts';
import type { Random } from '#lib/random.ts';

export type Habit = {
  meanDaysLate: number;
  spread: number;
  kind: 'card' | 'bank_account' | 'check';
  forgets: number;
};
export type PlannedCustomer = CustomerInput & { habit: Habit };

/**
 * Customers with names, addresses and a habit of paying: most near the due date, some late, a few hardly at
 * all.
 */
export function planCustomers(random: Random, count: number): PlannedCustomer[] {
  return Array.from({ length: count }, (_, index) => {
    const place = places[index % places.length] ?? '';
    const trade = trades[(index + Math.floor(index / places.length)) % trades.length] ?? '';
    const round = Math.floor(index / (places.length * trades.length));
    const displayName = `${place} ${trade}${round > 0 ? ` ${round + 1}` : ''}`;
    const slug = displayName.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    const [city, region, postal_code] = random.pick(cities);
    return {
      displayName,
      businessName: displayName,
      firstName: random.pick(firstNames),
      lastName: random.pick(lastNames),
      email: `accounts@${slug}.example`,
      phone: `+1 503 555 0${random.int(100, 199)}`,
      externalId: `C-${1001 + index}`,
      billingAddress: {
        line1: `${random.int(12, 980)} ${random.pick(streets)}`,
        city,
        region,
        postal_code,
        country: 'US',
      },
      termsDays: random.pick([15, 30, 30, 30, 45]),
      customerType: random.pick(['Commercial', 'Commercial', 'Residential', 'Public']),
      habit: planHabit(random),
    };
  });
}

function planHabit(random: Random): Habit {
  const kind = random.pick(['card', 'card', 'bank_account', 'bank_account', 'check'] as const);
  const roll = random.next();
  if (roll < 0.55) return { meanDaysLate: random.int(-9, 2), spread: 4, kind, forgets: 0.01 };
  if (roll < 0.85) return { meanDaysLate: random.int(4, 16), spread: 8, kind, forgets: 0.03 };
  return { meanDaysLate: random.int(25, 55), spread: 20, kind, forgets: 0.12 };
}

export type PlannedInvoice = {
  customerAt: number;
  invoiceDate: string;
  dueDate: string;
  lines: LineInput[];
  paidOn: string | undefined;
  share: number;
};

/**
 * Invoices over the two years up to `today`, growing a little, each with the day on which it is paid, if
 * ever.
 */
export function planInvoices(
  random: Random,
  customers: readonly PlannedCustomer[],
  count: number,
  today: string,
): PlannedInvoice[] {
  const invoices = Array.from({ length: count }, (): PlannedInvoice => {
    // The square root leans the draw towards the present: the business grows.
    const age = Math.floor((1 - Math.sqrt(random.next())) * 730);
    const invoiceDate = addDays(today, -age);
    const customerAt = random.int(0, customers.length - 1);
    const customer = customers[customerAt] as PlannedCustomer;
    const dueDate = addDays(invoiceDate, customer.termsDays ?? 30);
    const late = customer.habit.meanDaysLate + random.int(-customer.habit.spread, customer.habit.spread);
    const paidOn = random.chance(customer.habit.forgets)
      ? undefined
      : addDays(dueDate, late < -10 ? -10 : late);
    const lines = Array.from({ length: random.pick([1, 1, 2, 2, 3, 4]) }, () => planLine(random));
    const share = random.chance(0.04) ? random.int(30, 70) : 100;
    return {
      customerAt,
      invoiceDate,
      dueDate,
      lines,
      share,
      paidOn: paidOn && paidOn <= invoiceDate ? addDays(invoiceDate, 1) : paidOn,
    };
  });
  return invoices.sort((a, b) =>
    a.invoiceDate < b.invoiceDate ? -1 : a.invoiceDate > b.invoiceDate ? 1 : 0,
  );
}

function planLine(random: Random): LineInput {
  const service = random.pick(services);
  return {
    ...service,
    quantity: String(random.pick([1, 1, 2, 3, 4, 6])),
    taxRate: service.taxable ? '8.25' : '0',
  };
}
