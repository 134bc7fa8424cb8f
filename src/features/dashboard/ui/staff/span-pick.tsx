import { addDays } from '#lib/dates.ts';
import { Chips, DateRange } from '#ui/filters.tsx';

type Span = { from?: string | undefined; to?: string | undefined };
type Props = { today: string; year: string; from: string; to: string; onSpan: (span: Span) => void };

/** The usual spans at a touch, any other by its days. */
export function SpanPick({ today, year, from, to, onSpan }: Props) {
  const spans: Record<string, { from: string; to: string }> = {
    '30 days': { from: addDays(today, -29), to: today },
    '90 days': { from: addDays(today, -89), to: today },
    'This month': { from: `${today.slice(0, 7)}-01`, to: today },
    'This year': { from: `${today.slice(0, 4)}-01-01`, to: today },
    // Where it begins in January, the two are one.
    ...(year.slice(5) === '01-01' ? {} : { 'Fiscal year': { from: year, to: today } }),
  };
  const names = Object.keys(spans);
  const chosen = names.find((name) => spans[name]?.from === from && spans[name]?.to === to);
  return (
    <div className="toolbar">
      <Chips
        label="Days"
        value={chosen ?? ''}
        options={names.map((name) => ({ value: name, label: name }))}
        onChange={(name) =>
          onSpan(name === '30 days' ? { from: undefined, to: undefined } : (spans[name] ?? {}))
        }
      />
      <DateRange word="Received" from={from} to={to} onChange={onSpan} />
    </div>
  );
}
