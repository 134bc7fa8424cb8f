import { Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { forecastReminders } from '#features/reminders/api.ts';
import { typeWords } from '#features/reminders/step-rules.ts';
import type { Policy } from '#features/reminders/ui/staff/reminder-settings.tsx';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type Forecast = z.output<(typeof forecastReminders)['reply']>;

/** What tomorrow and the thirty days to come would send, if nobody pays until then. */
export function ReminderForecast({ policies }: { policies: readonly Policy[] }) {
  const forecast = useAsk(forecastReminders, { query: { days: 30 } });
  return (
    <>
      <Problem error={forecast.error} onRetry={() => void forecast.refetch()} />
      {!forecast.data && !forecast.error && <Skeleton height={240} radius="lg" />}
      {forecast.data && (
        <>
          {!forecast.data.live && (
            <p className="note" data-tone="warn">
              Automatic messages are not switched on yet, so nothing of this goes out by itself.
            </p>
          )}
          <Tomorrow rows={forecast.data.tomorrow} />
          <DaysToCome forecast={forecast.data} policies={policies} />
        </>
      )}
    </>
  );
}

function Tomorrow({ rows }: { rows: Forecast['tomorrow'] }) {
  const columns: Column<Forecast['tomorrow'][number]>[] = [
    {
      key: 'invoice',
      title: 'Invoice',
      slot: 'title',
      cell: (row) => (
        <Link to={`/invoices/${row.invoice_id}`} className="num">
          {row.number}
        </Link>
      ),
    },
    { key: 'reader', title: 'To', slot: 'detail', cell: ({ reader }) => reader },
    { key: 'type', title: 'Says', slot: 'state', cell: ({ type }) => typeWords[type] },
    { key: 'step', title: 'Step', slot: 'wide-only', cell: ({ step }) => step },
  ];
  return (
    <Sheet title="Tomorrow" flush>
      <DataTable
        label="What goes tomorrow"
        columns={columns}
        rows={rows}
        idOf={(row) => row.invoice_id}
        keys={false}
        empty={<Empty title="Nothing goes tomorrow">No invoice has a step that falls due then.</Empty>}
      />
    </Sheet>
  );
}

type Day = { date: string; says: string; messages: number };

/** A line a day; which policies they are by stands where there are several. */
function DaysToCome({ forecast, policies }: { forecast: Forecast; policies: readonly Policy[] }) {
  const { date, instant } = useFrame();
  const { days, as_of } = forecast;
  const nameOf = new Map(policies.map(({ id, name }) => [id, name]));
  const rows = [...Map.groupBy(days, (day) => day.date)]
    .map(([on, same]): Day => {
      const parts = same.map((each) => {
        const by = policies.length > 1 ? ` by ${nameOf.get(each.policy_id) ?? 'another policy'}` : '';
        return `${each.messages.toLocaleString('en-US')} ${typeWords[each.type].toLowerCase()}${by}`;
      });
      return {
        date: on,
        says: parts.join(', '),
        messages: same.reduce((sum, each) => sum + each.messages, 0),
      };
    })
    .sort((a, b) => (a.date < b.date ? -1 : 1));
  const columns: Column<Day>[] = [
    {
      key: 'date',
      title: 'Day',
      slot: 'title',
      width: '150px',
      cell: (row) => <span className="num">{date(row.date)}</span>,
    },
    { key: 'says', title: 'Says', slot: 'detail', cell: ({ says }) => says },
    {
      key: 'count',
      title: 'Messages',
      slot: 'amount',
      align: 'end',
      width: '110px',
      cell: ({ messages }) => <span className="num">{messages.toLocaleString('en-US')}</span>,
    },
  ];
  return (
    <Sheet title="The next 30 days, if nobody pays" aside={`counted ${instant(as_of)}`} flush>
      <DataTable
        label="What the next 30 days would send"
        columns={columns}
        rows={rows}
        idOf={(row) => row.date}
        keys={false}
        empty={<Empty title="Nothing is to go">No open invoice has a step in the next 30 days.</Empty>}
      />
    </Sheet>
  );
}
