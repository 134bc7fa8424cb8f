import { Link } from '@tanstack/react-router';
import type { CurrencyFigures } from '#features/dashboard/ui/staff/dashboard-page.tsx';
import type { figurePlaces } from '#features/dashboard/ui/staff/figure-places.ts';
import { useFrame } from '#ui/frame.tsx';

const words = {
  // What a payment under way covers is not late, whatever its day.
  current: 'Not due, or being paid',
  '1-30': '1–30 days late',
  '31-60': '31–60 days late',
  '61-90': '61–90 days late',
  '90+': 'Over 90 days late',
} as const;

type Props = { figures: CurrencyFigures; places: ReturnType<typeof figurePlaces> };

/** One bar to see the shape, a line for each bucket to read and to open. */
export function AgingChart({ figures: { aging, open, currency }, places }: Props) {
  const { money, count, can } = useFrame();
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
              to={places.aging(bucket).to}
              search={places.aging(bucket).search}
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
