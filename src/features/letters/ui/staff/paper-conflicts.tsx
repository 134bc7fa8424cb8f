import { Button } from '@mantine/core';
import { IconMapPinCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { listPaperConflicts, type zPaperConflict } from '#features/letters/api.ts';
import { ConfirmAddress } from '#features/letters/ui/staff/confirm-address.tsx';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty } from '#ui/page.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

export type Conflict = z.output<typeof zPaperConflict>;

/** Customers who owe and are to get letters, and whose address nobody has confirmed: their letters wait. */
export function PaperConflicts() {
  const trail = useTrail();
  const { can } = useFrame();
  const [open, setOpen] = useState<Conflict>();
  const conflicts = useAsk(
    listPaperConflicts,
    { query: { limit: 25, starting_after: trail.after } },
    { keep: true },
  );
  const columns = useColumns();
  const repair: Column<Conflict> = {
    key: 'repair',
    title: 'Repair',
    hideTitle: true,
    slot: 'detail',
    align: 'end',
    cell: (row) => (
      <Button size="xs" variant="default" onClick={() => setOpen(row)}>
        Look at the address
      </Button>
    ),
  };
  return (
    <>
      <Listing
        asked={conflicts}
        trail={trail}
        noun="customer"
        tools={<ExportList small list="paper_conflicts" />}
      >
        <DataTable
          label="Paper mail conflicts"
          columns={can('customers:write') ? [...columns, repair] : columns}
          rows={conflicts.data?.data}
          idOf={(row) => row.id}
          empty={
            <Empty title="Every letter knows where to go" icon={<IconMapPinCheck size={22} stroke={1.5} />}>
              A customer who is to get letters is listed here while an invoice is open and nobody has
              confirmed the billing address.
            </Empty>
          }
        />
      </Listing>
      {open && <ConfirmAddress conflict={open} onClose={() => setOpen(undefined)} />}
    </>
  );
}

function useColumns(): Column<Conflict>[] {
  const { money, count } = useFrame();
  return [
    {
      key: 'name',
      title: 'Customer',
      slot: 'title',
      cell: (row) => <Link to={`/customers/${row.id}`}>{row.display_name}</Link>,
    },
    {
      key: 'address',
      title: 'Billing address',
      slot: 'detail',
      cell: (row) => (
        <>
          {row.address_lines.join(', ') || <span className="none">No address</span>}
          {row.finding && <span className="cell-under">{row.finding.reason}</span>}
        </>
      ),
    },
    {
      key: 'waiting',
      title: 'Waiting',
      slot: 'detail',
      cell: (row) =>
        row.letters_waiting === 0 ? <span className="none">–</span> : count(row.letters_waiting, 'letter'),
    },
    {
      key: 'open',
      title: 'Open',
      slot: 'amount',
      align: 'end',
      cell: (row) => (
        <span className="num">
          {money(row.open_balance, row.currency)}
          <span className="cell-under">{count(row.open_invoices, 'invoice')}</span>
        </span>
      ),
    },
  ];
}
