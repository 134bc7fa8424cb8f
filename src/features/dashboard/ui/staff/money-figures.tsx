import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { expectedDays } from '#features/dashboard/rules.ts';
import type { CurrencyFigures } from '#features/dashboard/ui/staff/dashboard-page.tsx';
import { addDays } from '#lib/dates.ts';
import type { Scope } from '#lib/endpoint.ts';
import { useFrame } from '#ui/frame.tsx';
import { Figures } from '#ui/page.tsx';

type OpensProps = { to: string; search: Record<string, string>; scope: Scope; children: ReactNode };

/** A figure that opens the list it was counted from, for whoever may read that list. */
function Opens({ to, search, scope, children }: OpensProps) {
  const { can } = useFrame();
  return can(scope) ? (
    <Link to={to} search={search}>
      {children}
    </Link>
  ) : (
    children
  );
}

/** What stands today. What is collected in a span of days stands beside its chart. */
export function MoneyFigures({ figures, from, to }: { figures: CurrencyFigures; from: string; to: string }) {
  const { money, today, count, locale } = useFrame();
  const say = (amount: bigint) => money(amount, figures.currency);
  const { open, past_due: late, pending, expected, dso_tenths: dso, autopay_share_bps: share } = figures;
  const invoices = (search: Record<string, string>, children: ReactNode) => (
    <Opens to="/invoices" search={{ status: 'open', sort: 'due_date', ...search }} scope="invoices:read">
      {children}
    </Opens>
  );
  const until = addDays(today, expectedDays - 1);
  return (
    <Figures
      figures={[
        { label: 'Open', note: count(open.count, 'invoice'), value: invoices({}, say(open.amount)) },
        {
          label: 'Past due',
          note: count(late.count, 'invoice'),
          tone: late.amount > 0n ? 'bad' : undefined,
          value: invoices({ status: 'past_due' }, say(late.amount)),
        },
        {
          label: 'Expected, 30 days',
          note: count(expected.count, 'invoice'),
          value: invoices({ due_from: today, due_to: until }, say(expected.amount)),
        },
        {
          label: 'Payments under way',
          note: count(pending.count, 'payment'),
          value: (
            <Opens to="/payments" search={{ status: 'in_progress' }} scope="payments:read">
              {say(pending.amount)}
            </Opens>
          ),
        },
        {
          label: 'Days to be paid (DSO)',
          note: 'Open ÷ billed in 90 days × 90',
          value:
            dso === null
              ? 'Nothing billed'
              : invoices({}, (dso / 10).toLocaleString(locale, { maximumFractionDigits: 1 })),
        },
        {
          label: 'By autopay',
          note: `${say(figures.autopay.amount)} of what was collected`,
          value: (
            <Opens
              to="/payments"
              search={{ status: 'succeeded', source: 'autopay', from, to }}
              scope="payments:read"
            >
              {share === null
                ? 'Nothing yet'
                : (share / 10_000).toLocaleString(locale, { style: 'percent', maximumFractionDigits: 1 })}
            </Opens>
          ),
        },
      ]}
    />
  );
}
