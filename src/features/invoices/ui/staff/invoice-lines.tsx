import { discountLabel } from '#features/invoices/discount-rules.ts';
import { isPriced } from '#features/invoices/rules.ts';
import { taxLabel } from '#features/invoices/sum-rules.ts';
import type { Invoice } from '#features/invoices/ui/staff/invoice-words.tsx';
import { currencyDigits, formatMoney } from '#lib/money.ts';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';

/** The lines and what they come to, as on the document. */
export function InvoiceLines({ invoice }: { invoice: Invoice }) {
  return (
    <Sheet title="Lines" flush>
      <LinesTable lines={invoice.lines ?? []} currency={invoice.currency} />
      <Totals invoice={invoice} />
    </Sheet>
  );
}

/** The lines of a paper: what was sold or comes back, at which price, under which rates. */
export function LinesTable({ lines, currency }: { lines: readonly Line[]; currency: string }) {
  const { money } = useFrame();
  const taxed = lines.some(({ taxable }) => taxable);
  return (
    <div className="scroll-x">
      <table className="lines">
        <thead>
          <tr>
            <th scope="col">Item</th>
            <th scope="col" data-align="end" className="wide-col">
              Quantity
            </th>
            <th scope="col" data-align="end" className="wide-col">
              Price
            </th>
            {taxed && (
              <th scope="col" data-align="end" className="wide-col">
                Tax
              </th>
            )}
            <th scope="col" data-align="end">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, index) => (
            <tr key={index}>
              <td>
                <span className="strong">{line.item_name || line.description}</span>
                {line.item_name && line.description && <span className="cell-under">{line.description}</span>}
                <Besides line={line} />
                <Narrow line={line} currency={currency} />
              </td>
              <td data-align="end" className="wide-col">
                {priced(line, currency) || line.quantity !== '1' ? line.quantity : none}
              </td>
              <td data-align="end" className="wide-col">
                {priced(line, currency) ? <UnitPrice text={line.unit_price} currency={currency} /> : none}
              </td>
              {taxed && (
                <td data-align="end" className="wide-col">
                  {taxWords(line) ?? none}
                </td>
              )}
              <td data-align="end">{money(line.amount, currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Line = NonNullable<Invoice['lines']>[number];
const taxWords = ({ taxable, taxes, tax_rate: bare }: Line): string | undefined => {
  if (!taxable) return undefined;
  return taxes.length > 0 ? taxes.map(({ name }) => name).join(', ') : `${bare}%`;
};

const none = <span className="none">–</span>;
const priced = ({ unit_price: unitPrice, ...line }: Line, currency: string): boolean =>
  isPriced({ ...line, unitPrice }, currencyDigits(currency));

/** On a phone, what the columns of a desk say. */
function Narrow({ line, currency }: { line: Line; currency: string }) {
  const price = priced(line, currency) && (
    <>
      {line.quantity} × <UnitPrice text={line.unit_price} currency={currency} />
    </>
  );
  const tax = line.taxable && `${taxWords(line)} tax`;
  if (!price && !tax) return null;
  return (
    <span className="cell-under narrow-only">
      {price}
      {price && tax && ', '}
      {tax}
    </span>
  );
}

function Besides({ line }: { line: Line }) {
  const { date } = useFrame();
  const said = [line.service_date && date(line.service_date), line.discount && `less ${line.discount}`];
  const words = said.filter(Boolean).join(', ');
  return words ? <span className="cell-under">{words}</span> : null;
}

/** A price may have more decimals than its currency; those are kept, never rounded for looks. */
function UnitPrice({ text, currency }: { text: string; currency: string }) {
  const { locale } = useFrame();
  const sample = new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 8 });
  return /^-?\d+(\.\d+)?$/.test(text)
    ? sample.format(text as `${number}`)
    : formatMoney(0n, currency, locale);
}

function Totals({ invoice }: { invoice: Invoice }) {
  const taxes = (invoice.taxes ?? []).filter(({ tax }) => tax !== 0n);
  const rows: [string, bigint][] = [
    ['Subtotal', invoice.subtotal],
    [discountLabel(invoice.discount_terms), -invoice.discount],
    ...taxes.map((tax): [string, bigint] => [taxLabel(tax), tax.tax]),
    ['Late fees', invoice.fees],
    ['Total', invoice.total + invoice.fees],
    ['Paid', -invoice.applied],
    ['Credited', -invoice.credited],
    ['Written off', -invoice.written_off],
    ['Balance due', invoice.balance_due],
  ];
  const always = new Set(['Subtotal', 'Total', 'Balance due']);
  return (
    <SumsTable
      rows={rows.filter(([label, amount]) => always.has(label) || amount !== 0n)}
      strong={['Total', 'Balance due']}
      currency={invoice.currency}
    />
  );
}

type SumsProps = { rows: [label: string, amount: bigint][]; strong: string[]; currency: string };

export function SumsTable({ rows, strong, currency }: SumsProps) {
  const { money } = useFrame();
  return (
    <dl className="totals">
      {rows.map(([label, amount]) => (
        <div key={label} data-strong={strong.includes(label)}>
          <dt>{label}</dt>
          <dd className="num">{money(amount, currency)}</dd>
        </div>
      ))}
    </dl>
  );
}
