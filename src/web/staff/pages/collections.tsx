import { useSearch } from '@tanstack/react-router';
import { WorklistPage, type WorklistSearch } from '#features/collections/ui/staff/worklist-page.tsx';
import { getCustomer } from '#features/customers/api.ts';
import { SavedViews } from '#features/saved-views/ui/staff/saved-views.tsx';
import { StatementDialog } from '#features/statements/ui/staff/statement-link-button.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useSearchChange } from '#web/staff/use-search-change.ts';

export function Collections() {
  const search = useSearch({ strict: false }) as WorklistSearch;
  return (
    <WorklistPage
      search={search}
      onSearch={useSearchChange()}
      views={<SavedViews list="worklist" search={search} />}
      statement={({ id }, onClose) => <StatementOf customerId={id} onClose={onClose} />}
    />
  );
}

function StatementOf({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const customer = useAsk(getCustomer, { params: { id: customerId } });
  if (!customer.data) return null;
  return <StatementDialog customerId={customerId} email={customer.data.email} onClose={onClose} />;
}
