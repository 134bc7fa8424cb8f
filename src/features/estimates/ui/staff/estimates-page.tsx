import type { ReactNode } from 'react';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { listEstimates } from '#features/estimates/api.ts';
import { EstimateTable } from '#features/estimates/ui/staff/estimate-table.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { Chips } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty, PageHead, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

export const estimateViews = ['draft', 'open', 'accepted', 'declined', 'expired', 'invoiced'] as const;
export type EstimatesSearch = { status?: (typeof estimateViews)[number] };
type Change = (change: { status?: EstimatesSearch['status'] | undefined }) => void;

const views = [
  { value: 'all', label: 'All' },
  { value: 'open', label: 'Sent' },
  { value: 'accepted', label: 'Accepted' },
  { value: 'draft', label: 'Drafts' },
  { value: 'declined', label: 'Declined' },
  { value: 'expired', label: 'Expired' },
  { value: 'invoiced', label: 'Invoiced' },
] as const;

type Props = { search: EstimatesSearch; onSearch: Change; views: ReactNode };

/** What was offered, and what became of it. */
export function EstimatesPage({ search, onSearch, views: saved }: Props) {
  const { can } = useFrame();
  const trail = useTrail();
  const query = { ...search, starting_after: trail.after };
  const estimates = useAsk(listEstimates, { query }, { keep: true });
  return (
    <>
      <PageHead
        title="Estimates"
        actions={
          <>
            {saved}
            <ExportList list="estimates" search={search} />
            {can('invoices:write') && <ButtonLink to="/estimates/new">New estimate</ButtonLink>}
          </>
        }
      />
      <div className="toolbar">
        <Chips
          label="Which estimates"
          value={search.status ?? 'all'}
          options={views}
          onChange={(status) => onSearch({ status: status === 'all' ? undefined : status })}
        />
      </div>
      <Listing asked={estimates} trail={trail} noun="estimate">
        <EstimateTable
          rows={estimates.data?.data}
          empty={
            <Empty title={search.status ? 'None of these' : 'No estimates yet'}>
              Write one, send it, and the customer accepts it online. Then turn it into an invoice.
            </Empty>
          }
        />
      </Listing>
    </>
  );
}

/** The estimates of one customer. */
export function EstimatesOfCustomer({ customerId }: { customerId: string }) {
  const { can } = useFrame();
  const estimates = useAsk(listEstimates, { query: { customer_id: customerId, limit: 50 } });
  return (
    <Sheet
      title="Estimates"
      flush
      aside={
        can('invoices:write') && (
          <ButtonLink size="xs" to={`/estimates/new?customer_id=${customerId}`}>
            New estimate
          </ButtonLink>
        )
      }
    >
      <Problem error={estimates.error} onRetry={() => void estimates.refetch()} />
      {!estimates.error && (
        <EstimateTable
          rows={estimates.data?.data}
          ofOneCustomer
          empty={<Empty title="No estimates">Say what work will cost before it begins.</Empty>}
        />
      )}
    </Sheet>
  );
}
