import type { ReactNode } from 'react';
import { categoryWords } from '#features/support/rules.ts';
import {
  type Place,
  PriorityMark,
  pathOf,
  type Ticket,
  TicketStateMark,
} from '#features/support/ui/staff/ticket-words.tsx';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';

type Props = {
  rows: readonly Ticket[] | undefined;
  place: Place;
  ofOneCustomer?: boolean;
  empty: ReactNode;
};

const columnsOf = (place: Place, instant: (at: Date) => string): Column<Ticket>[] => [
  {
    key: 'subject',
    title: 'Subject',
    slot: 'title',
    cell: ({ subject, number, desk, category }) => (
      <>
        {subject}
        <span className="cell-under">
          <span className="num">#{number}</span> · {categoryWords[desk][category] ?? category}
        </span>
      </>
    ),
  },
  {
    key: 'from',
    title: 'From',
    slot: 'detail',
    width: '220px',
    cell: (ticket) => (
      <span className="break">
        {ticket.customer_name ?? ticket.asker.name}
        {place === 'host' && <span className="cell-under">{ticket.organization_name}</span>}
      </span>
    ),
  },
  {
    key: 'priority',
    title: 'Priority',
    slot: 'wide-only',
    width: '100px',
    cell: ({ priority }) => <PriorityMark priority={priority} />,
  },
  {
    key: 'assignee',
    title: 'Looked after by',
    slot: 'wide-only',
    width: '150px',
    cell: ({ assignee_name: name }) => name ?? <span className="none">Nobody</span>,
  },
  {
    key: 'updated',
    title: 'Last word',
    slot: 'detail',
    width: '160px',
    cell: (ticket) => <span className="num">{instant(ticket.updated_at)}</span>,
  },
  {
    key: 'state',
    title: 'State',
    slot: 'state',
    width: '170px',
    cell: ({ state, desk }) => <TicketStateMark state={state} desk={desk} />,
  },
];

export function TicketTable({ rows, place, ofOneCustomer = false, empty }: Props) {
  const { instant } = useFrame();
  const hidden = [
    ...(ofOneCustomer ? ['from'] : []),
    ...(place === 'request' ? ['priority', 'assignee'] : []),
  ];
  return (
    <DataTable
      label="Tickets"
      columns={columnsOf(place, instant).filter(({ key }) => !hidden.includes(key))}
      rows={rows}
      idOf={({ id }) => id}
      linkOf={({ id }) => `${pathOf[place]}/${id}`}
      nameOf={({ number }) => `#${number}`}
      toneOf={({ state }) => (state === 'closed' ? 'faint' : undefined)}
      empty={empty}
    />
  );
}
