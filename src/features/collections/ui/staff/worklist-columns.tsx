import type { ReactNode } from 'react';
import {
  kindWords,
  outcomeWords,
  type WorklistRow,
} from '#features/collections/ui/staff/collection-words.ts';
import type { Column } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';
import { State } from '#ui/state.tsx';

/**
 * What a collector sees of a customer before the call: why, how much, how late, what was said, what comes
 * next.
 */
export function useWorklistColumns(actions: (row: WorklistRow) => ReactNode): Column<WorklistRow>[] {
  const { money } = useFrame();
  return [
    { key: 'customer', title: 'Customer', slot: 'title', cell: (row) => <Who row={row} /> },
    {
      key: 'amount',
      title: 'Amount',
      slot: 'amount',
      align: 'end',
      width: '130px',
      cell: (row) => (
        <>
          <span className="strong">{money(row.amount, row.currency)}</span>
          {row.days_late > 0 && <span className="cell-under late">{days(row.days_late)} late</span>}
        </>
      ),
    },
    {
      key: 'contact',
      title: 'Last contact',
      slot: 'detail',
      width: '190px',
      cell: (row) => <Contact row={row} />,
    },
    {
      key: 'next',
      title: 'Next by itself',
      slot: 'detail',
      width: '170px',
      cell: (row) => <Next row={row} />,
    },
    {
      key: 'assignee',
      title: 'For',
      slot: 'wide-only',
      width: '120px',
      cell: (row) => row.assignee_name ?? <span className="none">Nobody</span>,
    },
    {
      key: 'act',
      title: 'Actions',
      hideTitle: true,
      slot: 'detail',
      align: 'end',
      width: '104px',
      cell: actions,
    },
  ];
}

const days = (count: number): string => `${count} ${count === 1 ? 'day' : 'days'}`;

function Who({ row }: { row: WorklistRow }) {
  return (
    <>
      {row.customer_name}
      <span className="cell-under">
        <span className="reasons">
          {row.reasons.map((reason) => (
            <Why key={reason.kind} reason={reason} only={row.reasons.length === 1} />
          ))}
        </span>
      </span>
    </>
  );
}

type Reason = WorklistRow['reasons'][number];

/** A reason with what tells it from others of its kind; what is past due stands in the amount already. */
function Why({ reason, only }: { reason: Reason; only: boolean }) {
  const { money, date } = useFrame();
  const { word, tone } = kindWords[reason.kind];
  if (reason.kind === 'past_due' && !only) return null;
  const more =
    reason.kind === 'task'
      ? reason.words
      : reason.kind === 'promise_due' || reason.kind === 'failed_payment'
        ? [reason.amount !== null && money(reason.amount), reason.on && date(reason.on)]
            .filter(Boolean)
            .join(', ')
        : undefined;
  return (
    <State tone={tone}>
      {word}
      {more && `: ${more}`}
    </State>
  );
}

function Contact({ row }: { row: WorklistRow }) {
  const { instant } = useFrame();
  if (!row.last_contact) return <span className="none">Never</span>;
  const { outcome, words, at } = row.last_contact;
  return (
    <>
      <span className="one-line" title={words}>
        {outcome === 'message' ? 'Message sent' : outcomeWords[outcome]}
      </span>
      <span className="cell-under num">{instant(at)}</span>
    </>
  );
}

function Next({ row }: { row: WorklistRow }) {
  const { date } = useFrame();
  if (!row.next_step) return <span className="none">Nothing</span>;
  const { words, on } = row.next_step;
  return (
    <>
      <span className="one-line" title={words}>
        {words}
      </span>
      {on && <span className="cell-under num">{date(on)}</span>}
    </>
  );
}
