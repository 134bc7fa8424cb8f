/** What a list of card ranges may say of a card. */
export const rangeFundings = ['credit', 'debit', 'prepaid'] as const;
export type RangeFunding = (typeof rangeFundings)[number];

/** The first eight digits of card numbers, from and to. */
export type CardRange = { first: number; last: number; funding: RangeFunding };

const digits = 8;

/** `424242` → 42424200 to 42424299; longer ones only where they are whole blocks of eight digits. */
export function spanOf(from: string, to: string): { first: number; last: number } | undefined {
  if (!/^\d{6,19}$/.test(from) || !/^\d{6,19}$/.test(to) || from.length !== to.length) return undefined;
  // What is told of a part of a block says nothing of the rest of it.
  if (!/^0*$/.test(from.slice(digits)) || !/^9*$/.test(to.slice(digits))) return undefined;
  const first = Number(from.slice(0, digits).padEnd(digits, '0'));
  const last = Number(to.slice(0, digits).padEnd(digits, '9'));
  return first >= 10_000_000 && first <= last ? { first, last } : undefined;
}

/** Without overlaps, in order: where rows of a list contradict each other, nothing is said. */
export function agreedRanges(ranges: readonly CardRange[]): CardRange[] {
  const edges = ranges.flatMap(({ first, last, funding }) => [
    { at: first, funding, step: 1 },
    { at: last + 1, funding, step: -1 },
  ]);
  edges.sort((a, b) => a.at - b.at);
  const open = { credit: 0, debit: 0, prepaid: 0 };
  const agreed: CardRange[] = [];
  for (const [place, edge] of edges.entries()) {
    open[edge.funding] += edge.step;
    const next = edges[place + 1]?.at ?? edge.at;
    const said = rangeFundings.filter((funding) => open[funding] > 0);
    const [funding] = said;
    if (next === edge.at || said.length !== 1 || !funding) continue;
    const before = agreed.at(-1);
    if (before && before.funding === funding && before.last + 1 === edge.at) before.last = next - 1;
    else agreed.push({ first: edge.at, last: next - 1, funding });
  }
  return agreed;
}

/** What all of the ranges say of a card whose number begins so; undefined where one is silent or differs. */
export function fundingIn(bin: string, ranges: readonly CardRange[]): RangeFunding | undefined {
  const span = spanOf(bin, bin);
  if (!span) return undefined;
  const within = ranges
    .filter(({ first, last }) => first <= span.last && last >= span.first)
    .sort((a, b) => a.first - b.first);
  let from = span.first;
  for (const { first, last } of within) {
    if (first > from) return undefined;
    from = last + 1;
  }
  const [funding, ...others] = new Set(within.map((range) => range.funding));
  return from > span.last && others.length === 0 ? funding : undefined;
}
