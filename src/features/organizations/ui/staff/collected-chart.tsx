import { useState } from 'react';
import { useFrame } from '#ui/frame.tsx';

type Day = { date: string; amount: bigint };

const width = 600;
const height = 150;

/** A bar a day. Reads aloud as its total and its best day; the amounts are in the table behind it. */
export function CollectedChart({ days, total }: { days: Day[]; total: bigint }) {
  const { money, date } = useFrame();
  const [shown, setShown] = useState<Day | null>(null);
  const most = Math.max(1, ...days.map(({ amount }) => Number(amount)));
  const step = width / Math.max(1, days.length);
  const best = days.reduce<Day | null>((one, day) => (day.amount > (one?.amount ?? 0n) ? day : one), null);
  const summary = best
    ? `${money(total)} in ${days.length} days, most on ${date(best.date)}: ${money(best.amount)}`
    : 'Nothing yet';
  return (
    <figure className="collected">
      <figcaption>
        <span className="collected-sum num">{money(shown ? shown.amount : total)}</span>
        <span className="fine">
          {shown
            ? date(shown.date)
            : best
              ? `Best day ${date(best.date)}, ${money(best.amount)}`
              : 'Nothing yet'}
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
        {days.map((day, index) => {
          const tall = day.amount > 0n ? Math.max(3, (Number(day.amount) / most) * (height - 6)) : 0;
          return (
            <g key={day.date} data-on={shown?.date === day.date} onMouseEnter={() => setShown(day)}>
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
        <span>{days[0] && date(days[0].date)}</span>
        <span>{days.at(-1) && date(days.at(-1)?.date ?? '')}</span>
      </div>
    </figure>
  );
}
