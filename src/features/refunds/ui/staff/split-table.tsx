import { TextInput } from '@mantine/core';
import { splitRows } from '#features/refunds/ui/staff/refund-form.ts';
import type { GiveBackView } from '#features/refunds/ui/staff/refund-words.tsx';
import { readTyped, sum } from '#lib/money.ts';
import { useFrame } from '#ui/frame.tsx';

type Props = {
  view: GiveBackView;
  editable: boolean;
  typed: Record<string, string>;
  onType: (typed: Record<string, string>) => void;
  wanted: bigint;
};

/** Out of which invoices it is taken, with the sum as it is typed. */
export function SplitTable({ view, editable, typed, onType, wanted }: Props) {
  const { money, locale } = useFrame();
  const { currency } = view;
  const rows = splitRows(view);
  const total = sum(rows.map(({ key }) => readTyped(typed[key] ?? '', currency, locale) ?? 0n));
  return (
    <table className="lines" aria-label="Split over invoices">
      <thead>
        <tr>
          <th scope="col">Out of</th>
          <th scope="col" data-align="end">
            Left of it
          </th>
          <th scope="col" data-align="end">
            Give back
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, label, left }) => (
          <tr key={key}>
            <td className="num">{label}</td>
            <td data-align="end">{money(left, currency)}</td>
            <td data-align="end">
              {editable ? (
                <TextInput
                  aria-label={`Give back of ${label}`}
                  size="xs"
                  miw={80}
                  inputMode="decimal"
                  autoComplete="off"
                  styles={{ input: { textAlign: 'end' } }}
                  value={typed[key] ?? ''}
                  onChange={(event) => onType({ ...typed, [key]: event.currentTarget.value })}
                />
              ) : (
                money(readTyped(typed[key] ?? '', currency, locale) ?? 0n, currency)
              )}
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={2}>
            Sum
          </th>
          <td data-align="end" role="status">
            <span className="strong">{money(total, currency)}</span>
            {total !== wanted && <p className="fine">must be {money(wanted, currency)}</p>}
          </td>
        </tr>
      </tfoot>
    </table>
  );
}
