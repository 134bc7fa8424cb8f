import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { frequencyWords, occurrenceWords } from '#features/schedules/rules.ts';
import { kindWords, type Schedule, ScheduleState } from '#features/schedules/ui/staff/schedule-words.tsx';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';

type Props = {
  rows: readonly Schedule[] | undefined;
  /** Left out on a customer's own page. */
  customer: boolean;
  empty: ReactNode;
  sort?: { by: string; change: (by: string) => void };
};

const kindColumn: Column<Schedule> = {
  key: 'kind',
  title: 'Type and plan',
  slot: 'wide-only',
  width: '120px',
  cell: ({ kind, payment_plan_id: plan }) => (
    <>
      {kindWords[kind]}
      {plan && (
        <span className="cell-under">
          <Link to={`/payment-plans/${plan}`}>Payment plan</Link>
        </span>
      )}
    </>
  ),
};

const customerColumn: Column<Schedule> = {
  key: 'customer',
  title: 'Customer',
  slot: 'title',
  width: '180px',
  cell: (row) => row.customer_name,
};

export function ScheduleTable({ rows, customer, empty, sort }: Props) {
  const { money, date } = useFrame();
  const columns: Column<Schedule>[] = [
    ...(customer ? [customerColumn] : []),
    {
      key: 'description',
      title: 'Description',
      slot: customer ? 'detail' : 'title',
      cell: (row) => row.description || `${kindWords[row.kind]} ${frequencyWords(row).toLowerCase()}`,
    },
    kindColumn,
    {
      key: 'state',
      title: 'Status',
      slot: 'state',
      width: '120px',
      cell: ({ state }) => <ScheduleState state={state} />,
    },
    { key: 'frequency', title: 'Frequency', slot: 'detail', cell: frequencyWords },
    {
      key: 'starts',
      title: 'Start',
      slot: 'wide-only',
      width: '125px',
      cell: ({ starts_on: on }) => date(on),
    },
    {
      key: 'next',
      title: 'Next run',
      slot: 'detail',
      width: '125px',
      sort: ['next_on', '-next_on'],
      cell: (row) => nextWords(row, date),
    },
    {
      key: 'occurrences',
      title: 'Occurrences',
      slot: 'wide-only',
      width: '110px',
      cell: Occurrences,
    },
    {
      key: 'amount',
      title: 'Amount',
      slot: 'amount',
      align: 'end',
      sort: ['-amount', 'amount'],
      cell: ({ amount, currency }) => money(amount, currency),
    },
  ];
  return (
    <DataTable
      label="Schedules"
      columns={columns}
      rows={rows}
      idOf={({ id }) => id}
      linkOf={({ id }) => `/schedules/${id}`}
      nameOf={(row) => `${kindWords[row.kind]} of ${row.customer_name}, ${frequencyWords(row)}`}
      toneOf={({ state }) => (state === 'completed' ? 'faint' : undefined)}
      empty={empty}
      {...(sort ? { sort } : {})}
    />
  );
}

/** How many there were, and below it how many are left. */
function Occurrences({ times, ends_on: endsOn, taken }: Schedule) {
  const [said, left] = occurrenceWords({ times, endsOn }, taken).split(' (');
  return (
    <>
      <span className="num">{said}</span>
      {left && <span className="cell-under">{left.replace(')', '')}</span>}
    </>
  );
}

function nextWords(row: Schedule, date: (on: string) => string): ReactNode {
  if (row.state !== 'running') return <span className="faint">—</span>;
  if (row.retry_on && (!row.next_on || row.retry_on < row.next_on)) return `${date(row.retry_on)}, again`;
  return row.next_on ? date(row.next_on) : '—';
}
