import { useParams, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { EventTimeline } from '#features/audit-log/ui/staff/event-timeline.tsx';
import { AutopayCard } from '#features/autopay/ui/staff/autopay-card.tsx';
import { HoldsCard } from '#features/collections/ui/staff/holds-card.tsx';
import { PinnedNotes } from '#features/collections/ui/staff/pinned-notes.tsx';
import { MessagesOf } from '#features/correspondence/ui/staff/messages-of.tsx';
import { EstimateOfInvoice } from '#features/estimates/ui/staff/estimate-of-invoice.tsx';
import { FilesCard } from '#features/files/ui/staff/files-card.tsx';
import type { InvoiceTab } from '#features/invoices/ui/staff/invoice-page.tsx';
import { InvoicePage } from '#features/invoices/ui/staff/invoice-page.tsx';
import { LateFeesCard } from '#features/late-fees/ui/staff/late-fees-card.tsx';
import { NewInvoiceLine } from '#features/messenger/ui/staff/new-invoice-line.tsx';
import { PlanOfInvoice } from '#features/payment-plans/ui/staff/plans-of.tsx';
import { CollectActions } from '#features/payments/ui/staff/collect-actions.tsx';
import { PaymentsOfInvoice } from '#features/payments/ui/staff/payments-of.tsx';
import { InvoiceReminders } from '#features/reminders/ui/staff/invoice-reminders.tsx';
import { MakeRecurring } from '#features/schedules/ui/staff/make-recurring.tsx';
import { newMethod } from '#web/staff/new-method.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

export function Invoice() {
  const { id = '' } = useParams({ strict: false });
  const { tab = 'invoice' } = useSearch({ strict: false }) as { tab?: InvoiceTab };
  const onSearch = useSearchChange();
  const onTab = useCallback(
    (next: InvoiceTab) => onSearch({ tab: next === 'invoice' ? undefined : next }, true),
    [onSearch],
  );
  return (
    <InvoicePage
      id={id}
      tab={tab}
      onTab={onTab}
      rooms={{
        notes: (invoice) => <PinnedNotes customerId={invoice.customer_id} still />,
        payments: ({ payments = [], currency }) => (
          <PaymentsOfInvoice payments={payments} currency={currency} />
        ),
        recurring: (invoice) => <MakeRecurring invoice={invoice} />,
        collect: (invoice) => <CollectActions invoice={invoice} newMethod={newMethod} />,
        reminders: <InvoiceReminders invoiceId={id} newInvoice={<NewInvoiceLine invoiceId={id} />} />,
        messages: <MessagesOf about={{ invoice_id: id }} />,
        autopay: (invoice) => <AutopayCard invoice={invoice} />,
        lateFees: (invoice) => <LateFeesCard invoice={invoice} />,
        files: <FilesCard about={{ invoice_id: id }} />,
        holds: (invoice) => (
          <>
            <EstimateOfInvoice invoiceId={id} />
            <PlanOfInvoice invoiceId={id} />
            <HoldsCard invoice={invoice} />
          </>
        ),
        timeline: <EventTimeline about={{ subject_id: id }} />,
      }}
    />
  );
}
