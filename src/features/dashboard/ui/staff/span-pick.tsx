import { addDays } from '#lib/dates.ts';
import { Chips, DateRange } from '#ui/filters.tsx';

type Span = { from?: string | undefined; to?: string | undefined };
type Props = { today: string; from: string; to: string; onSpan: (span: Span) => void };

/** The usual spans at a touch, any other by its days. */
export function SpanPick({ today, from, to, onSpan }: Props) {
  const spans = {
    '30 days': { from: addDays(today, -29), to: today },
    '90 days': { from: addDays(today, -89), to: today },
    'This month': { from: `${today.slice(0, 7)}-01`, to: today },
    'This year': { from: `${today.slice(0, 4)}-01-01`, to: today },
  };
  type Name = keyof typeof spans;
  const names = Object.keys(spans) as Name[];
  const chosen = names.find((name) => spans[name].from === from && spans[name].to === to);
  return (
    <div className="toolbar">
      <Chips
        label="Days"
        value={chosen ?? ('' as Name)}
        options={names.map((name) => ({ value: name, label: name }))}
        onChange={(name) => onSpan(name === '30 days' ? { from: undefined, to: undefined } : spans[name])}
      />
      <DateRange word="Received" from={from} to={to} onChange={onSpan} />
    </div>
  );
}
