import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { PaymentState } from '#features/payments/ui/staff/payment-words.tsx';
import { listOccurrences, type zOccurrence } from '#features/schedules/api.ts';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { State, type Tone } from '#ui/state.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type Occurrence = z.output<typeof zOccurrence>;

const states: Record<Occurrence['state'], { label: string; tone: Tone }> = {
  made: { label: 'Made', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
  skipped: { label: 'Skipped', tone: 'faint' },
  missed: { label: 'Missed', tone: 'warn' },
};

/** What became of each day of a schedule, newest first. */
export function OccurrenceTable({ id, currency }: { id: string; currency: string }) {
  const { date, money } = useFrame();
  const occurrences = useAsk(listOccurrences, { params: { id }, query: { limit: 100 } });
  const columns: Column<Occurrence>[] = [
    { key: 'day', title: 'Date', slot: 'title', cell: ({ day }) => date(day) },
    {
      key: 'state',
      title: 'State',
      slot: 'state',
      cell: ({ state }) => <State tone={states[state].tone}>{states[state].label}</State>,
    },
    { key: 'what', title: 'What came of it', slot: 'detail', cell: (row) => <WhatCame of={row} /> },
    {
      key: 'amount',
      title: 'Amount',
      slot: 'amount',
      align: 'end',
      cell: ({ payment }) => (payment ? money(payment.amount, currency) : ''),
    },
  ];
  return (
    <Sheet title="Dates so far" flush>
      <Problem error={occurrences.error} onRetry={() => void occurrences.refetch()} />
      {!occurrences.error && (
        <DataTable
          label="Dates so far"
          keys={false}
          columns={columns}
          rows={occurrences.data?.data}
          idOf={({ day }) => day}
          empty={<Empty title="None yet">The first date is still to come.</Empty>}
        />
      )}
    </Sheet>
  );
}

function WhatCame({ of: row }: { of: Occurrence }) {
  if (row.invoice) return <Link to={`/invoices/${row.invoice.id}`}>{row.invoice.number}</Link>;
  if (row.payment)
    return (
      <>
        <Link to={`/payments/${row.payment.id}`}>
          <PaymentState state={row.payment.state} kind={row.payment.kind} />
        </Link>
        {row.reason ? `: ${row.reason}` : ''}
        {row.tries > 1 && ` (try ${row.tries})`}
      </>
    );
  if (row.state === 'missed') return 'Nobody worked on this day, and it was not made up';
  return row.reason ?? '';
}
