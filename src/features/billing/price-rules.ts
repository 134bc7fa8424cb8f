/** What a host may price by use. Each is counted from rows that are there anyway (count-usage.ts). */
export const meters = ['invoices', 'emails', 'texts', 'letters', 'payments', 'users'] as const;
export type Meter = (typeof meters)[number];

export const meterWords: Record<Meter, { many: string; one: string; says: string }> = {
  invoices: { many: 'Invoices', one: 'invoice', says: 'Invoices that went out, each once' },
  emails: { many: 'E-mails', one: 'e-mail', says: 'E-mails that went out' },
  texts: { many: 'Text messages', one: 'text message', says: 'Text messages that went out' },
  letters: { many: 'Letters', one: 'letter', says: 'Letters that went out' },
  payments: { many: 'Payments', one: 'payment', says: 'Payments that a gateway took' },
  users: { many: 'Users', one: 'user', says: 'The most people at once' },
};

/** How many there are at once, not how many came: the most of any day is what counts. */
export const isLevel = (meter: Meter): boolean => meter === 'users';

/** Beyond what is included, up to so many (null: all the rest), each costs so much. */
export type Tier = { upTo: number | null; price: string };
export type MeterPrice = { meter: Meter; included: number; tiers: readonly Tier[] };
export type Usage = Readonly<Partial<Record<Meter, bigint>>>;

/** Why prices do not hold together; undefined when they do. */
export function problemWithPrices(
  prices: readonly MeterPrice[],
): { at: number; message: string } | undefined {
  for (const [at, { meter, tiers }] of prices.entries()) {
    if (prices.findIndex((each) => each.meter === meter) !== at)
      return { at, message: `${meterWords[meter].many} are priced twice. Leave one of the two out.` };
    let before = 0;
    for (const [index, { upTo }] of tiers.entries()) {
      const isLast = index === tiers.length - 1;
      if (upTo === null && !isLast)
        return { at, message: 'Only the last step may go on without end. Say up to how many the others go.' };
      if (isLast && upTo !== null)
        return { at, message: 'The last step has to go on without end, so that all use has a price.' };
      if (upTo !== null && upTo <= before)
        return { at, message: `Each step goes further than the one before: more than ${before}.` };
      before = upTo ?? before;
    }
  }
  return undefined;
}

export type Step = { quantity: bigint; price: string; from: bigint };

/** What is to be paid of a quantity, step by step; nothing of what is included. */
export function stepsOf(quantity: bigint, included: bigint, tiers: readonly Tier[]): Step[] {
  const beyond = quantity - included;
  const steps: Step[] = [];
  let before = 0n;
  for (const { upTo, price } of tiers) {
    if (beyond <= before) break;
    const end = upTo === null || BigInt(upTo) > beyond ? beyond : BigInt(upTo);
    steps.push({ quantity: end - before, price, from: before });
    before = end;
  }
  return steps;
}
