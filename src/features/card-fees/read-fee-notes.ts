import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { type FeeNote, feeNote } from '#features/card-fees/note-rules.ts';
import { priceCharges, readCardFeeTerms } from '#features/card-fees/price-charge.ts';
import { rulesFor } from '#features/card-fees/rules.ts';
import { organizationNow } from '#lib/clock.ts';
import { dateIn } from '#lib/dates.ts';

export type NotedAmount = {
  customerId: string;
  /** What can be paid of these invoices now. */
  base: bigint;
  currency: string;
  invoiceIds: readonly string[];
};

type Payer = { id: string; allowCard: boolean; byBank: boolean };

/** What papers and mails say of card fees, one for each amount, in order; undefined where there is none. */
export async function readFeeNotes(
  tx: Tx,
  input: { organizationId: string; locale: string; today: string; amounts: readonly NotedAmount[] },
): Promise<(FeeNote | undefined)[]> {
  const { organizationId, today, locale, amounts } = input;
  const terms = await readCardFeeTerms(tx, organizationId, today);
  if (!terms) return amounts.map(() => undefined);
  const prices = await priceCharges(tx, {
    organizationId,
    today,
    charges: amounts.map(({ invoiceIds, ...each }) => ({
      ...each,
      kind: terms.kind === 'bank_discount' ? ('bank_account' as const) : ('card' as const),
      funding: 'credit',
      parts: invoiceIds.map((invoiceId) => ({ invoiceId })),
    })),
  });
  const payers = await readPayers(
    tx,
    organizationId,
    amounts.map(({ customerId }) => customerId),
  );
  const showsPrice = rulesFor(terms.policy, terms.rules).some(({ kind }) => kind === 'display');
  return amounts.map(({ customerId, base, currency }, at) => {
    const { paidOnTop, percent = null } = prices[at] ?? {};
    const payer = payers.get(customerId);
    const mayChoose = terms.kind === 'bank_discount' ? payer?.byBank : payer?.allowCard;
    if (!paidOnTop || !payer || !mayChoose || base <= 0n) return undefined;
    const due = { base, currency, locale, byBank: payer.byBank, showsPrice };
    return feeNote({ ...paidOnTop, percent }, due);
  });
}

async function readPayers(
  tx: Tx,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, Payer>> {
  const rows = await tx.rows<Payer>(sql`
    select c.id, c.allow_card, c.allow_bank_account and exists (
      select from gateway_routes r join gateway_accounts g
        on g.organization_id = r.organization_id and g.id = r.gateway_account_id and g.disconnected_at is null
      where r.organization_id = c.organization_id and r.kind = 'bank_account') as by_bank
    from customers c where c.organization_id = ${organizationId} and c.id = any(${[...new Set(ids)]}::text[])`);
  return new Map(rows.map((row) => [row.id, row]));
}

/** The same of one amount, today. */
export async function readFeeNote(
  tx: Tx,
  seller: { id: string; locale: string; timeZone: string; clockOffsetMs: bigint },
  amount: NotedAmount,
): Promise<FeeNote | undefined> {
  if (amount.base <= 0n) return undefined;
  const today = dateIn(seller.timeZone, organizationNow(seller));
  const [note] = await readFeeNotes(tx, {
    organizationId: seller.id,
    locale: seller.locale,
    today,
    amounts: [amount],
  });
  return note;
}
