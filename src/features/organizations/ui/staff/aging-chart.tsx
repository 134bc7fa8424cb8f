import { Link } from '@tanstack/react-router';
import type { Overview } from '#features/organizations/ui/staff/home-page.tsx';
import { addDays } from '#lib/dates.ts';
import { sum } from '#lib/money.ts';
import { useFrame } from '#ui/frame.tsx';

type Bucket = Overview['aging'][number];
type DueRange = { due_from?: string; due_to?: string };

const words = {
  current: 'Not due yet',
  '1-30': '1–30 days late',
  '31-60': '31–60 days late',
  '61-90': '61–90 days late',
  '90+': 'Over 90 days late',
} as const;

/** The due dates that a bucket holds today. */
export function rangeOf(bucket: Bucket['bucket'], today: string): DueRange {
  switch (bucket) {
    case 'current':
      return { due_from: today };
    case '90+':
      return { due_to: addDays(today, -91) };
    default: {
      const [first, last] = bucket.split('-').map(Number) as [number, number];
      return { due_from: addDays(today, -last), due_to: addDays(today, -first) };
    }
  }
}

/** One bar to see the shape, a line for each bucket to read and to open. */
export function AgingChart({ aging }: { aging: Bucket[] }) {
  const { money, today } = useFrame();
  const total = Number(sum(aging.map(({ amount }) => amount)));
  const share = (amount: bigint): number => (total > 0 ? (Number(amount) / total) * 100 : 0);
  return (
    <div className="aging">
      <div className="aging-bar" aria-hidden>
        {aging
          .filter(({ amount }) => amount > 0n)
          .map(({ bucket, amount }) => (
            <span key={bucket} data-bucket={bucket} style={{ flexGrow: Math.max(share(amount), 1) }} />
          ))}
      </div>
      <ul>
        {aging.map(({ bucket, amount, invoices }) => (
          <li key={bucket}>
            <Link to="/invoices" search={{ status: 'open', sort: 'due_date', ...rangeOf(bucket, today) }}>
              <span className="swatch" data-bucket={bucket} aria-hidden />
              <span className="aging-word">{words[bucket]}</span>
              <span className="fine num">
                {invoices} {invoices === 1 ? 'invoice' : 'invoices'}
              </span>
              <span className="num strong">{money(amount)}</span>
              <span className="num fine aging-share">{Math.round(share(amount))}%</span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
