import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { priceCharge } from '#features/card-fees/price-charge.ts';
import { readCardFeeTerms } from '#features/card-fees/read-terms.ts';
import { agreedFeeTerms, cardFeeAgreement } from '#features/card-fees/word-rules.ts';
import type { CalendarDate } from '#lib/dates.ts';

// Large enough for any percentage to come to a fee.
const sample = 1_000_000n;

/** What a payer agrees to besides, who agrees to later charges: the card fee, in words and as figures. */
export type FeeAgreement = { words: string; terms: Record<string, string> };

/**
 * Nothing where no fee is in force, where this customer's place bars it, or where this method never has it;
 * left out, the method is not known yet.
 */
export async function readFeeAgreement(
  tx: Tx,
  organizationId: string,
  today: CalendarDate,
  { customerId, methodId }: { customerId: string; methodId?: string },
): Promise<FeeAgreement> {
  const none = { words: '', terms: {} };
  const method =
    methodId === undefined
      ? undefined
      : await tx.row<{ kind: string; funding: string | null }>(sql`select kind, funding from payment_methods
          where organization_id = ${organizationId} and id = ${methodId}`);
  if (method && method.kind !== 'card') return none;
  const fee = await readCardFeeTerms(tx, organizationId, today);
  if (!fee || fee.kind === 'bank_discount') return none;
  const asCredit = { kind: 'card' as const, funding: 'credit', base: sample, parts: [], customerId };
  const barred =
    fee.kind === 'surcharge' &&
    !(await priceCharge(tx, { organizationId, today, currency: fee.currency, ...asCredit })).paidOnTop;
  const isFree = barred || (fee.kind === 'surcharge' && ['debit', 'prepaid'].includes(method?.funding ?? ''));
  const words = isFree ? '' : cardFeeAgreement(fee);
  return words === '' ? none : { words, terms: agreedFeeTerms(fee) };
}
