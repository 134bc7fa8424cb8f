import { Button, Skeleton } from '@mantine/core';
import { IconPlus, IconPrinter } from '@tabler/icons-react';
import type { z } from 'zod';
import { getDashboard, getFirstSteps, type zCurrencyFigures } from '#features/dashboard/api.ts';
import { AgingChart } from '#features/dashboard/ui/staff/aging-chart.tsx';
import { Attention } from '#features/dashboard/ui/staff/attention.tsx';
import { BarChart } from '#features/dashboard/ui/staff/bar-chart.tsx';
import { figurePlaces } from '#features/dashboard/ui/staff/figure-places.ts';
import { FirstSteps } from '#features/dashboard/ui/staff/first-steps.tsx';
import { MoneyFigures } from '#features/dashboard/ui/staff/money-figures.tsx';
import { RecentActivity } from '#features/dashboard/ui/staff/recent-activity.tsx';
import { SpanPick } from '#features/dashboard/ui/staff/span-pick.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { Chips } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { PageHead, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

export type Dashboard = z.output<typeof getDashboard.reply>;
export type CurrencyFigures = z.output<typeof zCurrencyFigures>;
export type DashboardSearch = { from?: string; to?: string; currency?: string };

type Props = {
  search: DashboardSearch;
  onSearch: (change: { [Name in keyof DashboardSearch]?: string | undefined }) => void;
};

/** Where the money stands and what needs somebody. Every figure opens the list it was counted from. */
export function DashboardPage({ search, onSearch }: Props) {
  const { can, date, today, organizationName } = useFrame();
  const { from, to } = search;
  const query = { ...(from ? { from } : {}), ...(to ? { to } : {}) };
  const dashboard = useAsk(getDashboard, { query }, { every_ms: 30_000, keep: true });
  const steps = useAsk(getFirstSteps);
  const isNew = steps.data?.is_new ?? false;
  return (
    <>
      <PageHead
        title="Overview"
        detail={
          <span className="num">
            <span className="print-only">{organizationName} · </span>
            {date(today)}
          </span>
        }
        actions={
          <>
            <Button
              variant="default"
              leftSection={<IconPrinter size={16} aria-hidden />}
              onClick={() => window.print()}
            >
              Print
            </Button>
            {can('invoices:write') && (
              <ButtonLink to="/invoices/new" leftSection={<IconPlus size={16} aria-hidden />}>
                New invoice
              </ButtonLink>
            )}
          </>
        }
      />
      <Problem error={dashboard.error} onRetry={() => void dashboard.refetch()} />
      <div className="home">
        {isNew && <Welcome />}
        {isNew && steps.data && <FirstSteps reply={steps.data} />}
        {!isNew && <Attention />}
        {dashboard.data && !isNew && (
          <Standing dashboard={dashboard.data} search={search} onSearch={onSearch} />
        )}
        {!dashboard.data && !dashboard.error && <Waiting />}
        {!isNew && steps.data && <FirstSteps reply={steps.data} />}
        {!isNew && <RecentActivity />}
      </div>
    </>
  );
}

function Standing({ dashboard, search, onSearch }: Props & { dashboard: Dashboard }) {
  const { date } = useFrame();
  const { currencies } = dashboard;
  const figures = currencies.find(({ currency }) => currency === search.currency) ?? currencies[0];
  if (!figures) return null;
  const { from, to } = dashboard;
  const currency = currencies.length > 1 ? figures.currency : undefined;
  const places = figurePlaces({ today: dashboard.today, currency });
  const span = `${date(from)} to ${date(to)}`;
  return (
    <>
      {currencies.length > 1 && (
        <Chips
          label="Currency"
          value={figures.currency}
          options={currencies.map(({ currency }) => ({ value: currency, label: currency }))}
          onChange={(currency) => onSearch({ currency })}
        />
      )}
      <MoneyFigures figures={figures} places={places} days={{ from, to }} own={figures === currencies[0]} />
      <div className="columns even">
        <Sheet title="What is owed, by age">
          <AgingChart figures={figures} places={places} />
        </Sheet>
        <Sheet title="Expected, next 30 days" aside="By the day it falls due">
          <BarChart
            bars={figures.expected_bars}
            total={figures.expected.amount}
            currency={figures.currency}
            open={places.expected}
          />
        </Sheet>
      </div>
      <Sheet title="Collected" aside={<span className="num">{span}</span>}>
        <SpanPick
          today={dashboard.today}
          year={dashboard.fiscal_year_from}
          from={from}
          to={to}
          onSpan={onSearch}
        />
        <BarChart
          bars={figures.collected_bars}
          total={figures.collected.amount}
          before={figures.collected_before}
          currency={figures.currency}
          open={places.collected}
        />
      </Sheet>
    </>
  );
}

function Welcome() {
  const { organizationName, can } = useFrame();
  return (
    <Sheet className="welcome">
      <h2>Welcome to {organizationName}</h2>
      <p>
        Nothing is owed yet. Bring your customers and open invoices in from a file, or write your first
        invoice by hand. What you send can be paid from the mail within the minute.
      </p>
      <div className="row">
        {can('imports:write') && <ButtonLink to="/imports/new">Import a file</ButtonLink>}
        {can('customers:write') && (
          <ButtonLink to="/customers" search={{ add: 'yes' }} variant="default">
            Add a customer
          </ButtonLink>
        )}
      </div>
    </Sheet>
  );
}

const Waiting = () => (
  <div className="stack" aria-busy="true">
    <Skeleton height={104} radius="lg" />
    <div className="columns even">
      <Skeleton height={280} radius="lg" />
      <Skeleton height={280} radius="lg" />
    </div>
  </div>
);
