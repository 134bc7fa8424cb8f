import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { listComingCharges } from '#features/autopay/api.ts';
import type { CurrencyFigures } from '#features/dashboard/ui/staff/dashboard-page.tsx';
import type { figurePlaces, Place } from '#features/dashboard/ui/staff/figure-places.ts';
import { useFrame } from '#ui/frame.tsx';
import { Figures } from '#ui/page.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type OpensProps = { place: Place; children: ReactNode };

/** A figure that opens the list it was counted from, for whoever may read that list. */
function Opens({ place: { to, search, scope }, children }: OpensProps) {
  const { can } = useFrame();
  return can(scope) ? (
    <Link to={to} search={search}>
      {children}
    </Link>
  ) : (
    children
  );
}

type Props = {
  figures: CurrencyFigures;
  places: ReturnType<typeof figurePlaces>;
  days: { from: string; to: string };
  /** What autopay charges is in this currency alone. */
  own: boolean;
};

/** What stands today. What is collected in a span of days stands beside its chart. */
export function MoneyFigures({ figures, places, days, own }: Props) {
  const { money, count, locale } = useFrame();
  const say = (amount: bigint) => money(amount, figures.currency);
  const { open, past_due: late, pending, expected, dso_tenths: dso, autopay_share_bps: share } = figures;
  const coming = useComing(own);
  const opens = (place: Place, children: ReactNode) => <Opens place={place}>{children}</Opens>;
  return (
    <Figures
      figures={[
        { label: 'Open', note: count(open.count, 'invoice'), value: opens(places.open, say(open.amount)) },
        {
          label: 'Past due',
          note: count(late.count, 'invoice'),
          tone: late.amount > 0n ? 'bad' : undefined,
          value: opens(places.past_due, say(late.amount)),
        },
        {
          label: 'Expected, 30 days',
          note: count(expected.count, 'invoice'),
          value: opens(places.all_expected, say(expected.amount)),
        },
        {
          label: 'Payments under way',
          note: count(pending.count, 'payment'),
          value: opens(places.pending, say(pending.amount)),
        },
        ...(coming ? [coming(places.coming_charges, say)] : []),
        {
          label: 'Days to be paid (DSO)',
          note: 'Open ÷ billed in 90 days × 90',
          value:
            dso === null
              ? 'Nothing billed'
              : opens(places.open, (dso / 10).toLocaleString(locale, { maximumFractionDigits: 1 })),
        },
        {
          label: 'By autopay',
          note: `${say(figures.autopay.amount)} of what was collected`,
          value: opens(
            places.autopay(days),
            share === null
              ? 'Nothing yet'
              : (share / 10_000).toLocaleString(locale, { style: 'percent', maximumFractionDigits: 1 }),
          ),
        },
      ]}
    />
  );
}

/** What autopay charges in the next days; of very many no more than that there are more. */
function useComing(own: boolean) {
  const { can, count } = useFrame();
  const isShown = own && can('payments:read');
  const { data } = useAsk(listComingCharges, { query: { limit: 1 } }, { enabled: isShown });
  if (!isShown || !data) return undefined;
  const more = data.is_complete ? '' : 'More than ';
  return (place: Place, say: (amount: bigint) => string) => ({
    label: 'Autopay, next 7 days',
    note: `${more}${count(data.count, 'invoice')}`,
    value: (
      <Opens place={place}>
        {more}
        {say(data.amount)}
      </Opens>
    ),
  });
}
