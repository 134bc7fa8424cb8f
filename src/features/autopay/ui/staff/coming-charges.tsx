import type { z } from 'zod';
import { listComingCharges, type zComingCharge } from '#features/autopay/api.ts';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { methodName } from '#features/payments/ui/staff/payment-words.tsx';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty } from '#ui/page.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

type Coming = z.output<typeof zComingCharge>;

/** What autopay charges in the next seven days, if nothing changes. */
export function ComingCharges() {
  const { money, date } = useFrame();
  const trail = useTrail();
  const asked = useAsk(listComingCharges, { query: { starting_after: trail.after } }, { keep: true });
  const columns: Column<Coming>[] = [
    { key: 'customer', title: 'Customer', slot: 'title', cell: ({ customer_name: name }) => name },
    { key: 'invoice', title: 'Invoice', slot: 'detail', width: '130px', cell: ({ number }) => number },
    { key: 'method', title: 'Method', slot: 'wide-only', cell: ({ method }) => methodName(method) },
    {
      key: 'day',
      title: 'Charged on',
      slot: 'detail',
      width: '150px',
      cell: ({ charge_on: on }) => <span className="num">{date(on)}</span>,
    },
    {
      key: 'amount',
      title: 'Amount',
      slot: 'amount',
      align: 'end',
      width: '130px',
      cell: ({ amount, currency }) => <span className="num">{money(amount, currency)}</span>,
    },
  ];
  return (
    <Listing asked={asked} trail={trail} noun="invoice" tools={<ExportList small list="coming_charges" />}>
      <DataTable
        label="Autopay charges of the next seven days"
        columns={columns}
        rows={asked.data?.data}
        idOf={({ id }) => id}
        linkOf={({ id }) => `/invoices/${id}`}
        nameOf={({ number }) => number}
        empty={
          <Empty title="Nothing is charged in the next seven days">
            Invoices of customers with autopay stand here before they are charged.
          </Empty>
        }
      />
    </Listing>
  );
}
