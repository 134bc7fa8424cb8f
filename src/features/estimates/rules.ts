import type { Line } from '#features/invoices/rules.ts';
import { divideRounded, percentOf, sum, toDecimal } from '#lib/money.ts';

export const estimateStates = [
  'draft',
  'sent',
  'viewed',
  'accepted',
  'declined',
  'expired',
  'invoiced',
] as const;
export type EstimateState = (typeof estimateStates)[number];

export type EstimateFacts = {
  sentAt: Date | null;
  viewedAt: Date | null;
  expiresOn: string;
  answer: 'accepted' | 'declined' | null;
  /** The whole of it is on invoices that stand. */
  isInvoiced: boolean;
};

/** State is derived from what happened, never set. What was answered in time stays answered. */
export function stateOfEstimate(estimate: EstimateFacts, today: string): EstimateState {
  if (estimate.isInvoiced) return 'invoiced';
  if (estimate.answer) return estimate.answer;
  if (today > estimate.expiresOn) return 'expired';
  if (!estimate.sentAt) return 'draft';
  return estimate.viewedAt ? 'viewed' : 'sent';
}

/** Why an estimate takes no answer; undefined where it takes one. */
export function refusalOfAnswer(state: EstimateState): string | undefined {
  if (state === 'accepted' || state === 'invoiced') return 'This estimate has been accepted already.';
  if (state === 'declined') return 'This estimate has been declined already.';
  if (state === 'expired') return 'This estimate has expired. Ask for a new one.';
  return undefined;
}

/** Nothing of what was answered is changed afterwards. */
export const isOpen = (state: EstimateState): boolean =>
  state === 'draft' || state === 'sent' || state === 'viewed' || state === 'expired';

export type DepositAsk = { percent: string } | { amount: bigint } | undefined;

/** What is asked for ahead: never below zero, never more than the whole. */
export function depositOf(ask: DepositAsk, total: bigint): { deposit: bigint } | { error: string } {
  if (!ask) return { deposit: 0n };
  const deposit = 'percent' in ask ? percentOf(total, ask.percent) : ask.amount;
  if (deposit <= 0n) return { error: 'The deposit must be more than zero. Leave it out to ask for none.' };
  if (deposit > total) return { error: 'The deposit is more than the estimate. Ask for less.' };
  return { deposit };
}

/** What is billed of an estimate by one invoice: of each line, of its discount and of the tax. */
export type Share = {
  lineAmounts: readonly bigint[];
  discount: bigint;
  tax: bigint;
  /** Of that tax, what is inside the prices already. */
  taxInside: bigint;
};
export const noShare: Share = { lineAmounts: [], discount: 0n, tax: 0n, taxInside: 0n };

export const totalOfShare = ({ lineAmounts, discount, tax, taxInside }: Share): bigint =>
  sum([...lineAmounts]) - discount + tax - taxInside;

const whole_bps = 10_000n;

/** What no invoice that stands has taken yet. */
export function restOf(
  estimate: Omit<Share, 'lineAmounts'> & { lines: readonly Line[] },
  taken: readonly Share[],
): Share {
  return {
    lineAmounts: estimate.lines.map(
      ({ amount }, at) => amount - sum(taken.map(({ lineAmounts }) => lineAmounts[at] ?? 0n)),
    ),
    discount: estimate.discount - sum(taken.map(({ discount }) => discount)),
    tax: estimate.tax - sum(taken.map(({ tax }) => tax)),
    taxInside: estimate.taxInside - sum(taken.map(({ taxInside }) => taxInside)),
  };
}

/** How much of the estimate invoices have taken, in hundredths of a percent: what was asked for each time. */
export const billed_bps = (taken: readonly { shareBps: number }[]): number =>
  taken.reduce((all, { shareBps }) => all + shareBps, 0);

/** Under what a line is taxed. */
const rateOf = (line: Line | undefined): string =>
  line?.taxable
    ? (line.taxes ?? []).map(({ id, name, percent }) => id ?? `${name} ${percent}`).join() || line.taxRate
    : '';

/**
 * The next part, of what is left: so whatever the parts are, and whichever of them were voided between, the
 * last one takes the rest, and together they are the estimate to the cent. Rounded is the running sum of the
 * lines under one rate, or a long estimate would be off by more than its tax explains.
 */
export function partOf(
  rest: Share,
  { share_bps, left_bps, lines }: { share_bps: number; left_bps: number; lines: readonly Line[] },
): Share {
  const part = (amount: bigint): bigint => divideRounded(amount * BigInt(share_bps), BigInt(left_bps));
  const sums = new Map<string, bigint>();
  const lineAmounts = rest.lineAmounts.map((amount, at) => {
    const rate = rateOf(lines[at]);
    const before = sums.get(rate) ?? 0n;
    sums.set(rate, before + amount);
    return part(before + amount) - part(before);
  });
  return {
    lineAmounts,
    discount: part(rest.discount),
    tax: part(rest.tax),
    taxInside: part(rest.taxInside),
  };
}

/**
 * What a part deducts of the deposit: in proportion, so never more than the part itself, and all of it once
 * the last part is billed.
 */
export function deductionOf(
  deposit: { billed: bigint; deducted: bigint },
  part: bigint,
  rest: bigint,
): bigint {
  const left = deposit.billed - deposit.deducted;
  if (left <= 0n || part <= 0n) return 0n;
  const share = part >= rest ? left : divideRounded(left * part, rest);
  return share < part ? share : part;
}

/** A whole line keeps its quantity and price; a part of one is an amount that says its share. */
export function linesOfPart(
  estimate: { lines: readonly Line[]; number: string; currency: string },
  { lineAmounts }: Share,
): Line[] {
  return estimate.lines.flatMap((line, at) => {
    const amount = lineAmounts[at] ?? 0n;
    if (amount === line.amount) return [line];
    if (amount === 0n) return [];
    const percent = line.amount === 0n ? 0n : divideRounded(amount * whole_bps, line.amount);
    const note = `${toDecimal(percent, 'USD').replace(/\.?0+$/, '')} % of estimate ${estimate.number}`;
    const description = [line.description, note].filter(Boolean).join('\n').slice(0, 2000);
    const unitPrice = toDecimal(amount, estimate.currency);
    return [{ ...line, description, quantity: '1', unitPrice, discount: '', amount }];
  });
}
