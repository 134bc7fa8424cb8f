import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { listInvoices } from '#features/invoices/api.ts';
import { InvoiceTable } from '#features/invoices/ui/staff/invoice-table.tsx';
import type { Invoice } from '#features/invoices/ui/staff/invoice-words.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { Empty } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { SelectionBar } from '#ui/selection-bar.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type Props = {
  customerId: string;
  /** What can be done with the chosen ones: of a room that this one does not know. */
  bulk?: (chosen: Invoice[], onDone: () => void) => ReactNode;
};

/** The latest invoices of one customer. */
export function InvoicesOfCustomer({ customerId, bulk }: Props) {
  const invoices = useAsk(listInvoices, { query: { customer_id: customerId, limit: 15 } });
  const [ids, change] = useState<ReadonlySet<string>>(new Set());
  const rows = invoices.data?.data;
  const chosen = rows?.filter(({ id }) => ids.has(id)) ?? [];
  const clear = (): void => change(new Set());
  if (invoices.error) return <Problem error={invoices.error} onRetry={() => void invoices.refetch()} />;
  return (
    <>
      <InvoiceTable
        rows={rows}
        ofOneCustomer
        {...(bulk && rows?.some((invoice) => invoice.payable_now > 0n) ? { selection: { ids, change } } : {})}
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
      {bulk && (
        <SelectionBar count={chosen.length} noun="invoice" onClear={clear}>
          {bulk(chosen, clear)}
        </SelectionBar>
      )}
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
