import type { ReactNode } from 'react';
import { invoiceColumns } from '#features/invoices/list-column-rules.ts';
import type { Invoice } from '#features/invoices/ui/staff/invoice-words.tsx';
import { InvoiceState } from '#features/invoices/ui/staff/invoice-words.tsx';
import { dateIn } from '#lib/dates.ts';
import { chosenColumns } from '#ui/column-chooser.tsx';
import type { Column } from '#ui/data-table.tsx';
import { DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';

type Props = {
  rows: readonly Invoice[] | undefined;
  empty: ReactNode;
  /** Inside a customer's page the customer goes without saying. */
  ofOneCustomer?: boolean;
  /** Which columns, as the address has them; left out: the usual ones. */
  columns?: string | undefined;
  selection?: { ids: ReadonlySet<string>; change: (ids: ReadonlySet<string>) => void };
  sort?: { by: string; change: (by: string) => void };
};

/** Every column there is, in the order of the list. */
export function useInvoiceColumns(): Column<Invoice>[] {
  const { money, date, timeZone } = useFrame();
  return [
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
    ...moreColumns({ money, date, timeZone }),
  ];
}

const none = <span className="none">–</span>;

/** What a row says only where it is wanted. */
const moreColumns = ({
  money,
  date,
  timeZone,
}: Pick<ReturnType<typeof useFrame>, 'money' | 'date' | 'timeZone'>): Column<Invoice>[] => [
  {
    key: 'po',
    title: 'PO number',
    slot: 'wide-only',
    width: '130px',
    cell: ({ po_number: po }) => po || none,
  },
  { key: 'terms', title: 'Terms', slot: 'wide-only', width: '120px', cell: ({ terms }) => terms || none },
  {
    key: 'paid',
    title: 'Paid and credited',
    slot: 'wide-only',
    align: 'end',
    width: '150px',
    cell: ({ applied, credited, currency }) =>
      applied + credited > 0n ? money(applied + credited, currency) : none,
  },
  {
    key: 'sent',
    title: 'Last sent',
    slot: 'wide-only',
    width: '120px',
    cell: ({ last_sent_at: at }) => (at ? <span className="num">{date(dateIn(timeZone, at))}</span> : none),
  },
  {
    key: 'viewed',
    title: 'Last opened',
    slot: 'wide-only',
    width: '120px',
    cell: ({ last_viewed_at: at }) => (at ? <span className="num">{date(dateIn(timeZone, at))}</span> : none),
  },
];

/** Inside a customer's page the customer and the total go without saying. */
const ofOne = `${invoiceColumns.always},${invoiceColumns.usual.filter((key) => key !== 'customer' && key !== 'total').join(',')}`;

export function InvoiceTable({ rows, empty, ofOneCustomer = false, columns: said, selection, sort }: Props) {
  const { can } = useFrame();
  const columns = chosenColumns(useInvoiceColumns(), ofOneCustomer ? ofOne : said, invoiceColumns);
  return (
    <DataTable
      label="Invoices"
      columns={columns}
      rows={rows}
      idOf={({ id }) => id}
      linkOf={({ id }) => `/invoices/${id}`}
      editOf={({ id, state }) =>
        state === 'draft' && can('invoices:write') ? { to: `/invoices/${id}/edit` } : undefined
      }
      nameOf={({ number }) => number}
      toneOf={({ state }) => (state === 'void' ? 'faint' : undefined)}
      empty={empty}
      {...(selection ? { selection } : {})}
      {...(sort ? { sort } : {})}
    />
  );
}
