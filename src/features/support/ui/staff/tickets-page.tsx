import { Select } from '@mantine/core';
import type { ReactNode } from 'react';
import { listAssignees } from '#features/collections/api.ts';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { listHostTickets, listSupportRequests, listTickets } from '#features/support/api.ts';
import {
  type Category,
  categoryWords,
  type Desk,
  type Priority,
  priorities,
  type TicketState,
} from '#features/support/rules.ts';
import { TicketTable } from '#features/support/ui/staff/ticket-table.tsx';
import { priorityWords } from '#features/support/ui/staff/ticket-words.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { Chips, ListSearch } from '#ui/filters.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty, PageHead, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

export const ticketViews = ['all', 'waiting', 'solved', 'closed'] as const;
export type TicketsSearch = {
  status?: (typeof ticketViews)[number];
  category?: Category;
  priority?: Priority;
  assignee_id?: string;
  q?: string;
};
type Change = (change: { [K in keyof TicketsSearch]: TicketsSearch[K] | undefined }) => void;
type Props = { search: TicketsSearch; onSearch: Change };
type DeskProps = Props & { views: ReactNode };

const views = [
  { value: 'to_do', label: 'To do' },
  { value: 'waiting', label: 'Waiting' },
  { value: 'solved', label: 'Solved' },
  { value: 'closed', label: 'Closed' },
  { value: 'all', label: 'All' },
] as const;

type Query = {
  status: 'to_do' | 'all' | TicketState;
  category: Category | undefined;
  priority: Priority | undefined;
  q: string | undefined;
  starting_after: string | undefined;
};
/** What has to be done stands first; whoever searches searches in all. */
const queryOf = ({ status, category, priority, q }: TicketsSearch, after: string | undefined): Query => ({
  status: status ?? (q ? 'all' : 'to_do'),
  category,
  priority,
  q,
  starting_after: after,
});

/** What customers asked. */
export function TicketsPage({ search, onSearch, views: saved }: DeskProps) {
  const trail = useTrail();
  const query = { ...queryOf(search, trail.after), assignee_id: search.assignee_id };
  const tickets = useAsk(listTickets, { query }, { keep: true });
  const people = useAsk(listAssignees).data?.data ?? [];
  return (
    <>
      <PageHead
        title="Questions"
        detail="What customers ask in the portal, and the answers."
        actions={
          <>
            {saved}
            <ExportList list="tickets" search={{ ...query, starting_after: undefined }} />
          </>
        }
      />
      <Filters search={search} onSearch={onSearch} desk="organization">
        <Select
          aria-label="Looked after by"
          placeholder="Looked after by anybody"
          clearable
          data={people.map(({ id, name }) => ({ value: id, label: name }))}
          value={search.assignee_id ?? null}
          onChange={(id) => onSearch({ assignee_id: id ?? undefined })}
        />
      </Filters>
      <Listing asked={tickets} trail={trail} noun="question">
        <TicketTable rows={tickets.data?.data} place="desk" empty={<NoneHere search={search} />} />
      </Listing>
    </>
  );
}

/** What the staff of all organizations asked, for the host of this Owed. */
export function HostDeskPage({ search, onSearch }: Props) {
  const trail = useTrail();
  const query = queryOf(search, trail.after);
  const tickets = useAsk(listHostTickets, { query }, { keep: true });
  return (
    <>
      <PageHead
        title="Support desk"
        back={{ to: '/help', label: 'Help' }}
        detail="What the people of all organizations on this Owed ask you."
      />
      <Filters search={search} onSearch={onSearch} desk="host" />
      <Listing asked={tickets} trail={trail} noun="request">
        <TicketTable rows={tickets.data?.data} place="host" empty={<NoneHere search={search} />} />
      </Listing>
    </>
  );
}

/** What one asked the host oneself; who manages users sees those of all. */
export function RequestsPage() {
  const trail = useTrail();
  const requests = useAsk(listSupportRequests, { query: { starting_after: trail.after } }, { keep: true });
  return (
    <>
      <PageHead
        title="Your support requests"
        back={{ to: '/help', label: 'Help' }}
        actions={<ButtonLink to="/help/requests/new">Ask support</ButtonLink>}
      />
      <Listing asked={requests} trail={trail} noun="request">
        <TicketTable
          rows={requests.data?.data}
          place="request"
          empty={<Empty title="Nothing asked yet">Whoever hosts this Owed answers by mail and here.</Empty>}
        />
      </Listing>
    </>
  );
}

/** The questions of one customer. */
export function TicketsOfCustomer({ customerId }: { customerId: string }) {
  const tickets = useAsk(listTickets, { query: { customer_id: customerId, limit: 25 } });
  return (
    <Sheet title="Questions" flush>
      <Problem error={tickets.error} onRetry={() => void tickets.refetch()} />
      {!tickets.error && (
        <TicketTable
          rows={tickets.data?.data}
          place="desk"
          ofOneCustomer
          empty={<Empty title="No questions">What they ask in the portal stands here.</Empty>}
        />
      )}
    </Sheet>
  );
}

function Filters({ search, onSearch, desk, children }: Props & { desk: Desk; children?: ReactNode }) {
  return (
    <>
      <div className="toolbar">
        <Chips
          label="Which of them"
          value={search.status ?? (search.q ? 'all' : 'to_do')}
          options={views}
          onChange={(status) => onSearch({ status: status === 'to_do' ? undefined : status })}
        />
        <ListSearch
          label="Find by number, subject or address"
          placeholder="Number, subject or e-mail address"
          value={search.q ?? ''}
          onChange={(q) => onSearch({ q: q || undefined })}
        />
      </div>
      <div className="toolbar">
        <Select
          aria-label="About"
          placeholder="About anything"
          clearable
          data={Object.entries(categoryWords[desk]).map(([value, label]) => ({ value, label }))}
          value={search.category ?? null}
          onChange={(category) => onSearch({ category: (category ?? undefined) as Category | undefined })}
        />
        <Select
          aria-label="Priority"
          placeholder="Any priority"
          clearable
          data={priorities.map((value) => ({ value, label: priorityWords[value] }))}
          value={search.priority ?? null}
          onChange={(priority) => onSearch({ priority: (priority ?? undefined) as Priority | undefined })}
        />
        {children}
      </div>
    </>
  );
}

function NoneHere({ search }: { search: TicketsSearch }) {
  const isFiltered = Object.values(search).some((value) => value !== undefined);
  return isFiltered ? (
    <Empty title="None of these">Choose another view, or take a filter away.</Empty>
  ) : (
    <Empty title="Nothing waits for an answer">What is asked stands here until somebody has answered.</Empty>
  );
}
