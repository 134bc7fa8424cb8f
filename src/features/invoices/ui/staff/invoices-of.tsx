import { Link } from '@tanstack/react-router';
import { listInvoices } from '#features/invoices/api.ts';
import { InvoiceTable } from '#features/invoices/ui/staff/invoice-table.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { Empty } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

/** The latest invoices of one customer. */
export function InvoicesOfCustomer({ customerId }: { customerId: string }) {
  const invoices = useAsk(listInvoices, { query: { customer_id: customerId, limit: 15 } });
  if (invoices.error) return <Problem error={invoices.error} onRetry={() => void invoices.refetch()} />;
  return (
    <>
      <InvoiceTable
        rows={invoices.data?.data}
        ofOneCustomer
        empty={
          <Empty
            title="No invoices yet"
            action={
              <ButtonLink to="/invoices/new" search={{ customer_id: customerId }}>
                New invoice
              </ButtonLink>
            }
          >
            What this customer owes, or has owed, appears here.
          </Empty>
        }
      />
      {invoices.data?.has_more && (
        <p className="pager">
          <Link to="/invoices" search={{ customer_id: customerId }}>
            All invoices of this customer
          </Link>
        </p>
      )}
    </>
  );
}
