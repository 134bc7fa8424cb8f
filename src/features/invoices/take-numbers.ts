import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { must, Refusal } from '#lib/errors.ts';

/**
 * The next numbers of the series that no invoice carries yet; the organization's row is locked, so none is
 * given twice.
 */
export async function takeNumbers(tx: Tx, organizationId: string, count: number): Promise<string[]> {
  const numbers: string[] = [];
  for (let tries = 0; tries < 1000 && numbers.length < count; tries += 1) {
    const wanted = count - numbers.length;
    const row = await tx.row<{ prefix: string; first: bigint }>(sql`
      update organizations set next_invoice_number = next_invoice_number + ${wanted} where id = ${organizationId}
      returning invoice_number_prefix as prefix, next_invoice_number - ${wanted} as first`);
    const { prefix, first } = must(row, 'the organization');
    const asked = Array.from({ length: wanted }, (_, i) => `${prefix}${first + BigInt(i)}`);
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
