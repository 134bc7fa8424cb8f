import { discountLabel } from '#features/invoices/discount-rules.ts';
import { type Line, taxesOfInvoice } from '#features/invoices/rules.ts';
import type { TaxCharged } from '#features/taxes/rules.ts';

type Summed = { subtotal: bigint; tax: bigint; discount: bigint; discountTerms: string };
export type Sums = { discounts: LabelledSum[]; onTop: LabelledSum[]; inside: LabelledSum[] };
export type LabelledSum = { label: string; amount: bigint };

/** `GST 5 %`; a tax that is inside the prices says so, for it is not added. */
export const taxLabel = (tax: Pick<TaxCharged, 'name' | 'percent' | 'inclusive'>): string =>
  `${tax.inclusive ? 'Includes ' : ''}${tax.name}${tax.percent === null ? '' : ` ${tax.percent} %`}`;

/** What stands between the lines and the total of an invoice, in its parts. */
export function partsOf(invoice: Summed, lines: readonly Line[]): Sums {
  const taxes = taxesOfInvoice({ ...invoice, lines }).filter((tax) => tax.tax !== 0n);
  const labelled = (some: TaxCharged[]) => some.map((tax) => ({ label: taxLabel(tax), amount: tax.tax }));
  return {
    discounts:
      invoice.discount === 0n
        ? []
        : [{ label: discountLabel(invoice.discountTerms), amount: invoice.discount }],
    onTop: labelled(taxes.filter((tax) => !tax.inclusive)),
    inside: labelled(taxes.filter((tax) => tax.inclusive)),
  };
}

/** The same as rows of a page, in the order in which they are read; none where the total says it all. */
export function sumsOf(invoice: Summed, lines: readonly Line[]): LabelledSum[] {
  const { discounts, onTop, inside } = partsOf(invoice, lines);
  const rows = [...discounts.map(({ label, amount }) => ({ label, amount: -amount })), ...onTop, ...inside];
  return rows.length > 0 ? [{ label: 'Subtotal', amount: invoice.subtotal }, ...rows] : [];
}
