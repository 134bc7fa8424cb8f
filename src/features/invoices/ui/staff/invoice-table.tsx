import type { ReactNode } from 'react';
import type { Invoice } from '#features/invoices/ui/staff/invoice-words.tsx';
import { InvoiceState } from '#features/invoices/ui/staff/invoice-words.tsx';
import type { Column } from '#ui/data-table.tsx';
import { DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';

type Props = {
  rows: readonly Invoice[] | undefined;
  empty: ReactNode;
  /** Inside a customer's page the customer goes without saying. */
  ofOneCustomer?: boolean;
  selection?: { ids: ReadonlySet<string>; change: (ids: ReadonlySet<string>) => void };
  sort?: { by: string; change: (by: string) => void };
};

function useColumns(ofOneCustomer: boolean): Column<Invoice>[] {
  const { money, date } = useFrame();
  const all: Column<Invoice>[] = [
    {
      key: 'number',
      title: 'Invoice',
      slot: 'title',
      sort: ['number', 'number'],
      width: '120px',
      cell: ({ number }) => <span className="num">{number}</span>,
    },
    { key: 'customer', title: 'Customer', slot: 'detail', cell: ({ customer_name: name }) => name },
    {
      key: 'issued',
      title: 'Date',
      slot: 'wide-only',
      sort: ['-invoice_date', 'invoice_date'],
      width: '120px',
      cell: (invoice) => <span className="num">{date(invoice.invoice_date)}</span>,
    },
    {
      key: 'due',
      title: 'Due',
      slot: 'detail',
      sort: ['due_date', '-due_date'],
      width: '120px',
      cell: (invoice) => (
        <>
          <span className="narrow-only">Due </span>
          <span className="num">{date(invoice.due_date)}</span>
        </>
      ),
    },
    {
      key: 'state',
      title: 'State',
      slot: 'state',
      width: '140px',
      cell: (invoice) => <InvoiceState invoice={invoice} />,
    },
    {
      key: 'total',
      title: 'Total',
      slot: 'wide-only',
      align: 'end',
      sort: ['-total', 'total'],
      width: '130px',
      cell: (invoice) => money(invoice.total, invoice.currency),
    },
    {
      key: 'balance',
      title: 'Balance due',
      slot: 'amount',
      align: 'end',
      width: '130px',
      cell: (invoice) =>
        invoice.balance_due > 0n ? (
          <span className="strong">{money(invoice.balance_due, invoice.currency)}</span>
        ) : (
          <span className="none">–</span>
        ),
    },
  ];
  return all.filter(({ key }) => !ofOneCustomer || (key !== 'customer' && key !== 'total'));
}

export function InvoiceTable({ rows, empty, ofOneCustomer = false, selection, sort }: Props) {
  const columns = useColumns(ofOneCustomer);
  return (
    <DataTable
      label="Invoices"
      columns={columns}
      rows={rows}
      idOf={({ id }) => id}
      linkOf={({ id }) => `/invoices/${id}`}
      nameOf={({ number }) => number}
      toneOf={({ state }) => (state === 'void' ? 'faint' : undefined)}
      empty={empty}
      {...(selection ? { selection } : {})}
      {...(sort ? { sort } : {})}
    />
  );
}
