import { Skeleton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { getOverview } from '#features/organizations/api.ts';
import { AgingChart } from '#features/organizations/ui/staff/aging-chart.tsx';
import { CollectedChart } from '#features/organizations/ui/staff/collected-chart.tsx';
import { NextSteps } from '#features/organizations/ui/staff/next-steps.tsx';
import { addDays } from '#lib/dates.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Figures, PageHead, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

export type Overview = z.output<typeof getOverview.reply>;

/** Where the money stands and what to do next. Every figure opens the list it was counted from. */
export function HomePage() {
  const { can, date, today } = useFrame();
  const overview = useAsk(getOverview, {}, { every_ms: 30_000 });
  return (
    <>
      <PageHead
        title="Overview"
        detail={<span className="num">{date(today)}</span>}
        actions={
          can('invoices:write') && (
            <ButtonLink to="/invoices/new" leftSection={<IconPlus size={16} aria-hidden />}>
              New invoice
            </ButtonLink>
          )
        }
      />
      <Problem error={overview.error} onRetry={() => void overview.refetch()} />
      {overview.data ? <Standing overview={overview.data} /> : !overview.error && <Waiting />}
    </>
  );
}

function Standing({ overview }: { overview: Overview }) {
  const begun = overview.open_invoices > 0 || overview.collected_30_days > 0n || overview.customers > 0;
  return (
    <div className="home">
      {begun ? <MoneyFigures overview={overview} /> : <Welcome />}
      <Failures overview={overview} />
      <PendingPlans overview={overview} />
      {begun && (
        <div className="columns even">
          <Sheet title="What is owed, by age">
            <AgingChart aging={overview.aging} />
          </Sheet>
          <Sheet title="Collected, last 30 days">
            <CollectedChart days={overview.collected_by_day} total={overview.collected_30_days} />
          </Sheet>
        </div>
      )}
      <NextSteps overview={overview} />
    </div>
  );
}

function MoneyFigures({ overview }: { overview: Overview }) {
  const { money, today, count } = useFrame();
  const late = overview.past_due_amount > 0n;
  return (
    <Figures
      figures={[
        {
          label: 'Open',
          note: count(overview.open_invoices, 'invoice'),
          value: (
            <Link to="/invoices" search={{ status: 'open', sort: 'due_date' }}>
              {money(overview.open_amount)}
            </Link>
          ),
        },
        {
          label: 'Past due',
          note: count(overview.past_due_invoices, 'invoice'),
          tone: late ? 'bad' : undefined,
          value: (
            <Link to="/invoices" search={{ status: 'past_due', sort: 'due_date' }}>
              {money(overview.past_due_amount)}
            </Link>
          ),
        },
        {
          label: 'Payments in progress',
          note: count(overview.pending_payments, 'payment'),
          value: (
            <Link to="/payments" search={{ status: 'in_progress' }}>
              {money(overview.pending_amount)}
            </Link>
          ),
        },
        {
          label: 'Collected, 30 days',
          note: 'Settled or approved',
          value: (
            <Link to="/payments" search={{ status: 'succeeded', from: addDays(today, -29) }}>
              {money(overview.collected_30_days)}
            </Link>
          ),
        },
      ]}
    />
  );
}

function Failures({ overview }: { overview: Overview }) {
  const { failed_messages: failed } = overview;
  if (failed === 0) return null;
  return (
    <div className="problem" role="status">
      <div>
        <p>
          {failed === 1
            ? 'One message could not be delivered. The person it was for does not know of it.'
            : `${failed} messages could not be delivered. The people they were for do not know of them.`}
        </p>
      </div>
      <ButtonLink size="xs" variant="default" to="/messages" search={{ state: 'failed' }}>
        Show them
      </ButtonLink>
    </div>
  );
}

function PendingPlans({ overview }: { overview: Overview }) {
  const { pending_plans: pending } = overview;
  if (pending === 0) return null;
  return (
    <div className="note row" role="status">
      <p>
        {pending === 1
          ? 'A customer asks to pay in parts. The payment plan waits for your answer.'
          : `${pending} payment plans wait for your answer.`}
      </p>
      <ButtonLink size="xs" variant="default" to="/reports" search={{ tab: 'plans' }}>
        Answer
      </ButtonLink>
    </div>
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
