import { Link } from '@tanstack/react-router';
import type { CurrencyFigures } from '#features/dashboard/ui/staff/dashboard-page.tsx';
import { addDays } from '#lib/dates.ts';
import { useFrame } from '#ui/frame.tsx';

type Bucket = CurrencyFigures['aging'][number];
type DueRange = { status: 'open' | 'past_due'; due_from?: string; due_to?: string };

const words = {
  // What a payment under way covers is not late, whatever its day.
  current: 'Not due, or being paid',
  '1-30': '1–30 days late',
  '31-60': '31–60 days late',
  '61-90': '61–90 days late',
  '90+': 'Over 90 days late',
} as const;

/** The list that a bucket holds today. */
export function rangeOf(bucket: Bucket['bucket'], today: string): DueRange {
  switch (bucket) {
    case 'current':
      return { status: 'open', due_from: today };
    case '90+':
      return { status: 'past_due', due_to: addDays(today, -91) };
    default: {
      const [first, last] = bucket.split('-').map(Number) as [number, number];
      return { status: 'past_due', due_from: addDays(today, -last), due_to: addDays(today, -first) };
    }
  }
}

/** One bar to see the shape, a line for each bucket to read and to open. */
export function AgingChart({ figures: { aging, open, currency } }: { figures: CurrencyFigures }) {
  const { money, today, count, can } = useFrame();
  const total = Number(open.amount);
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
            <Link
              to="/invoices"
              search={{ sort: 'due_date', ...rangeOf(bucket, today) }}
              disabled={!can('invoices:read')}
            >
              <span className="swatch" data-bucket={bucket} aria-hidden />
              <span className="aging-word">{words[bucket]}</span>
              <span className="fine num">{count(invoices, 'invoice')}</span>
              <span className="num strong">{money(amount, currency)}</span>
              <span className="num fine aging-share">{Math.round(share(amount))}%</span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
