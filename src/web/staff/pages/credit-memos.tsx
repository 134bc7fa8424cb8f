import { useParams, useSearch } from '@tanstack/react-router';
import { EventTimeline } from '#features/audit-log/ui/staff/event-timeline.tsx';
import { CreditFormPage } from '#features/credit-memos/ui/staff/credit-form-page.tsx';
import { CreditMemoPage } from '#features/credit-memos/ui/staff/credit-memo-page.tsx';
import type { CreditMemosSearch } from '#features/credit-memos/ui/staff/credit-memos-page.tsx';
import { CreditMemosPage } from '#features/credit-memos/ui/staff/credit-memos-page.tsx';
import { SavedViews } from '#features/saved-views/ui/staff/saved-views.tsx';
import { formRooms } from '#web/staff/form-rooms.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

export function CreditMemos() {
  const search = useSearch({ strict: false }) as CreditMemosSearch;
  return (
    <CreditMemosPage
      search={search}
      onSearch={useSearchChange()}
      views={<SavedViews list="credit_memos" search={search} />}
    />
  );
}

export function OneCreditMemo() {
  const { id = '' } = useParams({ strict: false });
  return <CreditMemoPage id={id} timeline={<EventTimeline about={{ subject_id: id }} />} />;
}

export function NewCreditMemo() {
  const { customer_id: customerId, invoice_id: invoiceId } = useSearch({ strict: false }) as {
    customer_id?: string;
    invoice_id?: string;
  };
  return <CreditFormPage customerId={customerId} invoiceId={invoiceId} rooms={formRooms} />;
}

export function EditCreditMemo() {
  const { id = '' } = useParams({ strict: false });
  return <CreditFormPage draftId={id} rooms={formRooms} />;
}
