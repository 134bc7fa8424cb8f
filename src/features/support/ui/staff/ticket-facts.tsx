import { Button, Select } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { listAssignees } from '#features/collections/api.ts';
import { type Category, categoryWords, type Priority, priorities } from '#features/support/rules.ts';
import { priorityWords, type Ticket } from '#features/support/ui/staff/ticket-words.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Facts, Sheet } from '#ui/page.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type Change = { state?: 'open' | 'solved' | 'closed'; priority?: Priority; category?: Category };
type Props = { ticket: Ticket; busy: boolean; onChange: (change: Change) => void; children: ReactNode };

/** How the desk handles it: state, priority, what it is about, who looks after it. */
export function Handling({ ticket, busy, onChange, children }: Props) {
  const isOver = ticket.state === 'solved' || ticket.state === 'closed';
  return (
    <Sheet title="Handling">
      <div className="stack">
        <div className="row">
          <Button
            variant="default"
            loading={busy}
            onClick={() => onChange({ state: isOver ? 'open' : 'solved' })}
          >
            {isOver ? 'Open it again' : 'It is solved'}
          </Button>
          {ticket.state !== 'closed' && (
            <Button variant="default" loading={busy} onClick={() => onChange({ state: 'closed' })}>
              Close
            </Button>
          )}
        </div>
        <Select
          label="Priority"
          allowDeselect={false}
          data={priorities.map((value) => ({ value, label: priorityWords[value] }))}
          value={ticket.priority}
          onChange={(priority) => priority && onChange({ priority: priority as Priority })}
        />
        <Select
          label="About"
          allowDeselect={false}
          data={Object.entries(categoryWords[ticket.desk]).map(([value, label]) => ({ value, label }))}
          value={ticket.category}
          onChange={(category) => category && onChange({ category: category as Category })}
        />
        {children}
      </div>
    </Sheet>
  );
}

export function AssigneeOfDesk({
  ticket,
  onChange,
}: {
  ticket: Ticket;
  onChange: (id: string | null) => void;
}) {
  const people = useAsk(listAssignees).data?.data ?? [];
  return (
    <Select
      label="Looked after by"
      placeholder="Nobody"
      clearable
      data={people.map(({ id, name }) => ({ value: id, label: name }))}
      value={ticket.assignee_id}
      onChange={onChange}
    />
  );
}

const kinds: Record<Ticket['asker']['kind'], string> = {
  user: 'Signed in to the console',
  portal_user: 'Signed in to the portal',
  visitor: 'Not signed in; the address is confirmed',
};

/** Who asks, about which paper, and what their page told of itself. */
export function AskedBy({ ticket }: { ticket: Ticket }) {
  const { instant } = useFrame();
  const { asker, context, desk } = ticket;
  const ofDesk = desk === 'organization';
  return (
    <Sheet title="Asked by">
      <Facts
        columns={1}
        facts={[
          { label: 'Name', value: asker.name },
          { label: 'Address', value: <span className="break">{asker.email}</span> },
          { label: 'How', value: kinds[asker.kind] },
          ...(ofDesk ? [{ label: 'Customer', value: <CustomerOf ticket={ticket} /> }] : []),
          ...(ofDesk ? [] : [{ label: 'Organization', value: ticket.organization_name }]),
          ...(ticket.invoice_id ? [{ label: 'Invoice', value: <InvoiceOf ticket={ticket} /> }] : []),
          { label: 'Asked', value: instant(ticket.created_at) },
          ...(context.page
            ? [{ label: 'On the page', value: <code className="break">{context.page}</code> }]
            : []),
          ...(context.error ? [{ label: 'Last error shown', value: context.error }] : []),
          ...(context.request_id
            ? [{ label: 'Request', value: <code className="break">{context.request_id}</code> }]
            : []),
          ...(context.browser
            ? [{ label: 'Browser', value: <span className="break">{context.browser}</span> }]
            : []),
          ...(context.version ? [{ label: 'Version', value: context.version }] : []),
        ]}
      />
    </Sheet>
  );
}

function CustomerOf({ ticket }: { ticket: Ticket }) {
  if (!ticket.customer_id) return <span className="none">No customer has this address</span>;
  return (
    <Link to="/customers/$id" params={{ id: ticket.customer_id }} search={{ tab: 'portal' }}>
      {ticket.customer_name}
    </Link>
  );
}

function InvoiceOf({ ticket }: { ticket: Ticket }) {
  return (
    <Link to="/invoices/$id" params={{ id: ticket.invoice_id ?? '' }}>
      {ticket.invoice_number ?? 'Draft'}
    </Link>
  );
}
