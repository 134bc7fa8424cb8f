import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { ChargeToPrice } from '#features/card-fees/price-charge.ts';
import {
  type CardFeeTerms,
  readCardFeePolicies,
  readCardFeeRules,
  termsBy,
} from '#features/card-fees/read-terms.ts';
import type { CalendarDate } from '#lib/dates.ts';

type Terms = CardFeeTerms | undefined;
type First = {
  requestKey: string;
  paymentMethodId: string | null;
  principal: bigint;
  policyId: string | null;
};
type Told = { invoiceId: string; authorizationId: string; amount: bigint; policyId: string };

/**
 * What was said of standing charges before today still holds (decision 14): a debit that is tried again is
 * the same debit, to the cent, and no charge costs more than its first try or than a notice told of it.
 * Undefined where nothing was said of any of them; an undefined among the terms: nothing on top.
 */
export async function readStandingTerms(
  tx: Tx,
  input: { organizationId: string; today: CalendarDate; charges: readonly ChargeToPrice[]; terms: Terms },
): Promise<((charge: ChargeToPrice) => Terms[]) | undefined> {
  const { organizationId, today, charges, terms } = input;
  const firsts = await readFirsts(tx, organizationId, charges);
  const told = await readTold(tx, organizationId, charges);
  if (firsts.length === 0 && told.length === 0) return undefined;
  const rules = await readCardFeeRules(tx, today);
  const versions = new Map(
    (await readCardFeePolicies(tx, organizationId)).map((each) => [each.id, termsBy(each, rules, today)]),
  );
  return (charge) => {
    const first = firsts.find(
      ({ requestKey, paymentMethodId }) =>
        requestKey === charge.retryOf && paymentMethodId === charge.paymentMethodId,
    );
    const kept = first ? [first.policyId === null ? undefined : versions.get(first.policyId)] : [];
    // Nacha: a second try of a debit has the amount of the first one.
    if (first && charge.kind === 'bank_account' && first.principal === charge.base) return kept;
    const ofNotices = told.filter((each) => isOf(each, charge)).map(({ policyId }) => versions.get(policyId));
    return [terms, ...kept, ...ofNotices];
  };
}

const isOf = (told: Told, { authorizationId, parts }: ChargeToPrice): boolean =>
  told.authorizationId === authorizationId &&
  parts.some(({ invoiceId, amount }) => told.invoiceId === invoiceId && told.amount >= (amount ?? 0n));

async function readFirsts(
  tx: Tx,
  organizationId: string,
  charges: readonly ChargeToPrice[],
): Promise<First[]> {
  const keys = charges.flatMap(({ retryOf }) => retryOf ?? []);
  if (keys.length === 0) return [];
  return tx.rows<First>(sql`
    select p.request_key, p.payment_method_id, p.amount - p.fee as principal, f.policy_id
    from payments p left join payment_fees f on f.organization_id = p.organization_id and f.payment_id = p.id
    where p.organization_id = ${organizationId} and p.request_key = any(${keys}::text[])`);
}

/** Notices that named an amount less a discount. */
async function readTold(tx: Tx, organizationId: string, charges: readonly ChargeToPrice[]): Promise<Told[]> {
  const debits = charges.filter(({ source, kind }) => source === 'autopay' && kind === 'bank_account');
  const agreements = debits.flatMap(({ authorizationId }) => authorizationId ?? []);
  if (agreements.length === 0) return [];
  const invoices = debits.flatMap(({ parts }) => parts.map(({ invoiceId }) => invoiceId));
  return tx.rows<Told>(sql`select invoice_id, authorization_id, amount, fee_policy_id as policy_id from autopay_notices
    where organization_id = ${organizationId} and invoice_id = any(${invoices}::text[]) and kind = 'debit'
      and authorization_id = any(${agreements}::text[]) and fee_policy_id is not null`);
}
