import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Bar } from '#features/dashboard/rules.ts';
import type { Place } from '#features/dashboard/ui/staff/figure-places.ts';
import { useFrame } from '#ui/frame.tsx';

const width = 600;
const height = 150;

type Props = {
  bars: Bar[];
  total: bigint;
  currency: string;
  /** The same of as many days before. */
  before?: bigint;
  open: (bar: { from: string; to: string }) => Place;
};

const linkTo = ({ to, search }: Place) => ({ to, search });

/** A bar a day or month. Reads aloud as its total and its best; the amounts are in the table below it. */
export function BarChart({ bars, total, currency, before, open }: Props) {
  const { money, date, count } = useFrame();
  const [shown, setShown] = useState<Bar | null>(null);
  const say = (amount: bigint) => money(amount, currency);
  const when = (bar: Bar) => (bar.from === bar.to ? date(bar.from) : `${date(bar.from)} – ${date(bar.to)}`);
  const best = bars.reduce<Bar | null>((one, bar) => (bar.amount > (one?.amount ?? 0n) ? bar : one), null);
  const most = Number(best?.amount ?? 1n);
  const all = { from: bars[0]?.from ?? '', to: bars.at(-1)?.to ?? '' };
  const step = width / Math.max(1, bars.length);
  const summary = best
    ? `${say(total)} in ${count(bars.length, 'bar')}, most on ${when(best)}: ${say(best.amount)}`
    : 'Nothing in these days';
  return (
    <figure className="collected">
      <figcaption>
        <Link className="collected-sum num" {...linkTo(open(shown ?? all))}>
          {say(shown ? shown.amount : total)}
        </Link>
        <span className="fine">
          {shown
            ? when(shown)
            : best
              ? `Most on ${when(best)}, ${say(best.amount)}`
              : 'Nothing in these days'}
          {before !== undefined && !shown && ` · ${say(before)} in as many days before`}
        </span>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={summary}
        onMouseLeave={() => setShown(null)}
      >
        {[0.25, 0.5, 0.75].map((at) => (
          <line key={at} x1="0" x2={width} y1={height * at} y2={height * at} className="grid-line" />
        ))}
        {bars.map((bar, index) => {
          const tall = bar.amount > 0n ? Math.max(3, (Number(bar.amount) / most) * (height - 6)) : 0;
          return (
            <g key={bar.from} data-on={shown?.from === bar.from} onMouseEnter={() => setShown(bar)}>
              <rect className="hit" x={index * step} y="0" width={step} height={height} />
              <rect
                className="bar"
                x={index * step + step * 0.16}
                y={height - tall}
                width={step * 0.68}
                height={tall}
                rx="2"
              />
            </g>
          );
        })}
        <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} className="base-line" />
      </svg>
      <div className="collected-ends fine num" aria-hidden>
        <span>{all.from && date(all.from)}</span>
        <span>{all.to && date(all.to)}</span>
      </div>
      <BarTable bars={bars} when={when} say={say} open={open} />
    </figure>
  );
}

type TableProps = Pick<Props, 'bars' | 'open'> & {
  when: (bar: Bar) => string;
  say: (amount: bigint) => string;
};

/** The same in words: each line opens its list. */
function BarTable({ bars, when, say, open }: TableProps) {
  const some = bars.filter(({ amount }) => amount !== 0n);
  if (some.length === 0) return null;
  return (
    <details className="as-table">
      <summary>Show as a table</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col" className="num">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          {some.map((bar) => (
            <tr key={bar.from}>
              <td>
                <Link {...linkTo(open(bar))}>{when(bar)}</Link>
              </td>
              <td className="num">{say(bar.amount)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
