import { least, readTyped, sum, toTyped } from '#lib/money.ts';
import { MoneyField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';

type Payable = { id: string; number: string; due_date: string; payable_now: bigint };
type Writing = { currency: string; locale: string };
export type Share = { invoice_id: string; amount: number };

/** What is there, laid out over the invoices in their order, as it stands in the fields at first. */
export function typedShares(
  invoices: readonly Payable[],
  available: bigint,
  { currency, locale }: Writing,
): Record<string, string> {
  let rest = available;
  return Object.fromEntries(
    invoices.map(({ id, payable_now: payable }) => {
      const share = least(rest, payable);
      rest -= share;
      return [id, share > 0n ? toTyped(share, currency, locale) : ''];
    }),
  );
}

/** The shares as typed; an empty field is no share. Undefined: one is no amount, or more than is due. */
export function sharesOf(
  invoices: readonly Payable[],
  typed: Record<string, string>,
  { currency, locale }: Writing,
): Share[] | undefined {
  const shares: Share[] = [];
  for (const { id, payable_now: payable } of invoices) {
    const text = typed[id]?.trim() ?? '';
    if (text === '') continue;
    const amount = readTyped(text, currency, locale);
    if (amount === undefined || amount < 0n || amount > payable) return undefined;
    if (amount > 0n) shares.push({ invoice_id: id, amount: Number(amount) });
  }
  return shares;
}

export const shareTotal = (shares: readonly Share[] | undefined): bigint =>
  sum((shares ?? []).map(({ amount }) => BigInt(amount)));

type Props = {
  invoices: readonly Payable[];
  currency: string;
  typed: Record<string, string>;
  onType?: (typed: Record<string, string>) => void;
  sum: bigint;
  fault?: string;
};

/** Invoices, what can be paid on each, and how much of it is. Without `onType` the amounts stand. */
export function ShareTable({ invoices, currency, typed, onType, sum: total, fault }: Props) {
  const { money, date, locale } = useFrame();
  const faultOf = ({ id, payable_now: payable }: Payable): string | undefined => {
    const amount = readTyped(typed[id] ?? '', currency, locale);
    return amount !== undefined && amount > payable ? `At most ${money(payable, currency)}` : undefined;
  };
  return (
    <table className="lines" aria-label="Shares of invoices">
      <thead>
        <tr>
          <th scope="col">Invoice</th>
          <th scope="col" data-align="end">
            Amount
          </th>
        </tr>
      </thead>
      <tbody>
        {invoices.map((invoice) => (
          <tr key={invoice.id}>
            <td>
              <span className="num">{invoice.number}</span>
              <p className="fine">of {money(invoice.payable_now, currency)}</p>
              <p className="fine">Due {date(invoice.due_date)}</p>
            </td>
            <td data-align="end">
              {onType ? (
                <MoneyField
                  aria-label={`Amount for ${invoice.number}`}
                  size="xs"
                  miw={130}
                  maw={180}
                  ml="auto"
                  currency={currency}
                  value={typed[invoice.id] ?? ''}
                  error={faultOf(invoice)}
                  onChange={(text) => onType({ ...typed, [invoice.id]: text })}
                />
              ) : (
                money(readTyped(typed[invoice.id] ?? '', currency, locale) ?? 0n, currency)
              )}
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Sum</th>
          <td data-align="end" role="status">
            <span className="strong">{money(total, currency)}</span>
            {fault && <p className="fine">{fault}</p>}
          </td>
        </tr>
      </tfoot>
    </table>
  );
}
