import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { numberOf, placeholderOf } from '#features/invoices/numbering-rules.ts';
import { must, Refusal } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';

type Series = { prefix: string; width: number; isGapless: boolean; next: bigint };

export async function readSeries(tx: Tx, organizationId: string): Promise<Series> {
  const row = await tx.row<Series>(sql`select invoice_number_prefix as prefix, invoice_number_width as width,
    invoice_numbering = 'gapless' as is_gapless, next_invoice_number as next
    from organizations where id = ${organizationId}`);
  return must(row, 'the organization');
}

/**
 * The next numbers of the series that no invoice carries yet; the organization's row is locked until the end
 * of the transaction, so none is given twice, and one that was taken for nothing is given back. Where there
 * may be no gaps, drafts get a placeholder: their number is taken when they are issued.
 */
export async function takeNumbers(
  tx: Tx,
  organizationId: string,
  count: number,
  isDraft = false,
): Promise<string[]> {
  if (isDraft && (await readSeries(tx, organizationId)).isGapless)
    return Array.from({ length: count }, () => placeholderOf(newId('invoice')));
  const numbers: string[] = [];
  for (let tries = 0; tries < 1000 && numbers.length < count; tries += 1) {
    const wanted = count - numbers.length;
    const row = await tx.row<{ prefix: string; width: number; first: bigint }>(sql`
      update organizations set next_invoice_number = next_invoice_number + ${wanted} where id = ${organizationId}
      returning invoice_number_prefix as prefix, invoice_number_width as width,
        next_invoice_number - ${wanted} as first`);
    const { first, ...series } = must(row, 'the organization');
    const asked = Array.from({ length: wanted }, (_, i) => numberOf(series, first + BigInt(i)));
    const taken = await tx.rows<{ number: string }>(sql`select number from invoices
      where organization_id = ${organizationId} and number = any(${asked}::text[])`);
    const used = new Set(taken.map(({ number }) => number));
    numbers.push(...asked.filter((number) => !used.has(number)));
  }
  if (numbers.length === count) return numbers;
  throw new Refusal('conflict', {
    message: 'The next thousand numbers are taken. Set another number or prefix.',
    param: 'number',
  });
}
