import type { LateFeeTerms } from '#features/late-fees/rules.ts';
import { parseDecimal } from '#lib/money.ts';

export type CeilingBasis =
  | 'percent_per_month'
  | 'percent_per_year'
  | 'points_over_base_rate'
  | 'fixed_amount'
  | 'agreement';

/** A row of late_fee_ceilings, or one of the organization's own, which has an id. */
export type Ceiling = {
  id: string | null;
  jurisdiction: string;
  basis: CeilingBasis;
  title: string;
  figure: string | null;
  currency: string | null;
  says: string;
  severity: 'block' | 'warn' | 'inform';
  source: string;
  verifiedOn: string | null;
};

/** How terms stand to a ceiling; `apart` where the two cannot be compared. */
export type Standing = 'within' | 'above' | 'apart';

/** A rule of a country holds in its states too. */
export const isWithinPlace = (jurisdiction: string, place: string | null): boolean =>
  place !== null && (place === jurisdiction || place.startsWith(`${jurisdiction}-`));

/** Thirty days are a month and 365 a year; without rounding, so that a rate at its ceiling is within. */
export function standingTo(
  ceiling: Pick<Ceiling, 'basis' | 'figure' | 'currency'>,
  terms: LateFeeTerms,
): Standing {
  if (ceiling.figure === null) return 'apart';
  const usesPercent = terms.amountType !== 'flat';
  switch (ceiling.basis) {
    case 'percent_per_month':
      return usesPercent ? compareRate(terms, ceiling.figure, 30) : 'apart';
    case 'percent_per_year':
      return usesPercent ? compareRate(terms, ceiling.figure, 365) : 'apart';
    case 'fixed_amount': {
      if (terms.amountType === 'percent' || ceiling.currency !== terms.currency) return 'apart';
      const most = parseDecimal(ceiling.figure, terms.currency);
      return most !== undefined && terms.flatAmount > most ? 'above' : 'within';
    }
    default:
      return 'apart';
  }
}

/** A fee that comes once is held against the ceiling as if it were for the whole time. */
function compareRate(terms: LateFeeTerms, figure: string, days: number): Standing {
  const [rate, most] = [tenThousandths(terms.percent), tenThousandths(figure)];
  const everyDays = terms.everyDays ?? days;
  return rate * BigInt(days) > most * BigInt(everyDays) ? 'above' : 'within';
}

function tenThousandths(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return BigInt(`${whole}${fraction.slice(0, 4).padEnd(4, '0')}`);
}
