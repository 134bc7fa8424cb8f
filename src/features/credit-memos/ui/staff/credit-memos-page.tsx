import type { ReactNode } from 'react';
import { listCreditMemos } from '#features/credit-memos/api.ts';
import { CreditMemoTable } from '#features/credit-memos/ui/staff/credit-memo-table.tsx';
import type { CreditMemo } from '#features/credit-memos/ui/staff/credit-memo-words.tsx';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { Chips } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty, PageHead } from '#ui/page.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

export type CreditMemosSearch = { status?: CreditMemo['state'] };
type Change = (change: { status?: CreditMemo['state'] | undefined }) => void;

const views = [
  { value: 'all', label: 'All' },
  { value: 'open', label: 'Open' },
  { value: 'draft', label: 'Drafts' },
  { value: 'used', label: 'Used up' },
  { value: 'void', label: 'Void' },
] as const;

type Props = { search: CreditMemosSearch; onSearch: Change; views: ReactNode };

/** What is owed back to customers, and how much of it is left. */
export function CreditMemosPage({ search, onSearch, views: saved }: Props) {
  const { can } = useFrame();
  const trail = useTrail();
  const memos = useAsk(
    listCreditMemos,
    { query: { ...search, starting_after: trail.after } },
    { keep: true },
  );
  return (
    <>
      <PageHead
        title="Credit memos"
        actions={
          <>
            {saved}
            <ExportList list="credit_memos" search={search} />
            {can('invoices:write') && <ButtonLink to="/credit-memos/new">New credit memo</ButtonLink>}
          </>
        }
      />
      <div className="toolbar">
        <Chips
          label="Which credit memos"
          value={search.status ?? 'all'}
          options={views}
          onChange={(status) => onSearch({ status: status === 'all' ? undefined : status })}
        />
      </div>
      <Listing asked={memos} trail={trail} noun="credit memo">
        <CreditMemoTable
          rows={memos.data?.data}
          empty={
            <Empty title={search.status ? 'None of these' : 'No credit memos yet'}>
              For goods that came back or work that was billed too high. Customers use it when they pay.
            </Empty>
          }
        />
      </Listing>
    </>
  );
}
