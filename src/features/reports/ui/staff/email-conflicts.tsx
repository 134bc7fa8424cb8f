import { Button, TextInput } from '@mantine/core';
import { IconMailOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { z } from 'zod';
import { updateCustomer } from '#features/customers/api.ts';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { ignoreEmailConflict, listEmailConflicts, type zEmailConflict } from '#features/reports/api.ts';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty } from '#ui/page.tsx';
import { PhoneNumber } from '#ui/phone-number.tsx';
import { reasonOf, tell, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

type Conflict = z.output<typeof zEmailConflict>;
type View = 'open' | 'ignored';

/** Customers who owe and cannot be written to. A row goes as soon as it has an address. */
export function EmailConflicts({ view }: { view: View }) {
  const { money, date, count, can } = useFrame();
  const trail = useTrail();
  const conflicts = useAsk(
    listEmailConflicts,
    { query: { view, limit: 25, starting_after: trail.after } },
    { keep: true },
  );
  const columns: Column<Conflict>[] = [
    { key: 'name', title: 'Customer', slot: 'title', cell: (row) => <Who conflict={row} /> },
    {
      key: 'open',
      title: 'Open',
      slot: 'amount',
      align: 'end',
      cell: (row) => (
        <span className="num">
          {money(row.open_balance, row.currency)}
          <span className="cell-under">
            {count(row.open_invoices, 'invoice')}, due {date(row.oldest_due_date)}
          </span>
        </span>
      ),
    },
    ...(can('customers:write')
      ? [
          {
            key: 'repair',
            title: 'Repair',
            hideTitle: true,
            slot: 'detail',
            align: 'end',
            cell: (row) => <Repair conflict={row} view={view} />,
          } satisfies Column<Conflict>,
        ]
      : []),
  ];
  return (
    <Listing
      asked={conflicts}
      trail={trail}
      noun="customer"
      tools={<ExportList small list="email_conflicts" search={{ view }} />}
    >
      <DataTable
        label={view === 'open' ? 'E-mail conflicts' : 'Ignored e-mail conflicts'}
        columns={columns}
        rows={conflicts.data?.data}
        idOf={({ id }) => id}
        empty={<NoConflicts view={view} />}
      />
    </Listing>
  );
}

function Who({ conflict }: { conflict: Conflict }) {
  const { count } = useFrame();
  const { parent, phone, sub_customers: subs } = conflict;
  const reads = subs > 0 && `also reads for ${count(subs, 'sub-customer')}`;
  return (
    <>
      <Link to={`/customers/${conflict.id}`}>{conflict.display_name}</Link>
      {(parent || phone || reads) && (
        <span className="cell-under">
          {[parent && `part of ${parent.display_name}`, reads].filter(Boolean).join(' · ')}
          {phone && (parent || reads) && ' · '}
          {phone && <PhoneNumber typed={phone} />}
        </span>
      )}
    </>
  );
}

function Repair({ conflict, view }: { conflict: Conflict; view: View }) {
  const update = useAct(updateCustomer);
  const ignore = useAct(ignoreEmailConflict);
  const [email, setEmail] = useState('');
  const add = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    await update.run({ params: { id: conflict.id }, body: { email: email.trim() } }).then(
      () => tell(`${conflict.display_name} is written to at ${email.trim()} from now on`),
      () => undefined,
    );
  };
  const choose = async (): Promise<void> => {
    const ignored = view === 'open';
    await ignore
      .run({ params: { id: conflict.id }, body: { ignored } })
      .then(
        () =>
          tell(ignored ? `${conflict.display_name} is ignored` : `${conflict.display_name} is listed again`),
        tellProblem,
      );
  };
  return (
    <form className="row-repair" onSubmit={(event) => void add(event)} noValidate>
      <TextInput
        size="xs"
        type="email"
        autoComplete="off"
        aria-label={`E-mail address of ${conflict.display_name}`}
        placeholder="name@example.com"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        error={update.error ? reasonOf(update.error) : null}
      />
      <Button type="submit" size="xs" loading={update.busy} disabled={email.trim() === ''}>
        Add e-mail
      </Button>
      <Button size="xs" variant="default" loading={ignore.busy} onClick={() => void choose()}>
        {view === 'open' ? 'Ignore' : 'List again'}
      </Button>
    </form>
  );
}

function NoConflicts({ view }: { view: View }) {
  if (view === 'ignored')
    return (
      <Empty title="Nobody is ignored">
        Customers who are never written to by e-mail can be left out of the conflicts. They stand here then.
      </Empty>
    );
  return (
    <Empty title="Everyone who owes can be written to" icon={<IconMailOff size={22} stroke={1.5} />}>
      A customer without an e-mail address is listed here while an invoice is open.
    </Empty>
  );
}
