import { useParams, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { CustomerRecord } from '#features/audit-log/ui/staff/customer-record.tsx';
import { EventTimeline } from '#features/audit-log/ui/staff/event-timeline.tsx';
import { AutopayTab } from '#features/autopay/ui/staff/autopay-tab.tsx';
import { BulkBar } from '#features/bulk-actions/ui/staff/bulk-bar.tsx';
import { AssigneePick } from '#features/collections/ui/staff/assignee-pick.tsx';
import { CustomerDesk } from '#features/collections/ui/staff/customer-desk.tsx';
import { PinnedNotes } from '#features/collections/ui/staff/pinned-notes.tsx';
import { MessagesOf } from '#features/correspondence/ui/staff/messages-of.tsx';
import { CreditsOfCustomer } from '#features/credit-memos/ui/staff/credits-of.tsx';
import { DeactivateDialog } from '#features/customer-deactivations/ui/staff/deactivate-dialog.tsx';
import { TypeFilter } from '#features/customer-defaults/ui/staff/type-filter.tsx';
import { MergeDialog } from '#features/customer-merges/ui/staff/merge-dialog.tsx';
import { MergeNotice } from '#features/customer-merges/ui/staff/merge-notice.tsx';
import type { CustomerTab } from '#features/customers/ui/staff/customer-page.tsx';
import { CustomerPage } from '#features/customers/ui/staff/customer-page.tsx';
import type { CustomersSearch } from '#features/customers/ui/staff/customers-page.tsx';
import { CustomersPage } from '#features/customers/ui/staff/customers-page.tsx';
import { portalWords } from '#features/customers/ui/staff/portal-words.ts';
import { EInvoiceOfCustomer } from '#features/e-invoices/ui/staff/e-invoice-settings.tsx';
import { EstimatesOfCustomer } from '#features/estimates/ui/staff/estimates-page.tsx';
import { FilesCard } from '#features/files/ui/staff/files-card.tsx';
import { InvoicesOfCustomer } from '#features/invoices/ui/staff/invoices-of.tsx';
import { getOrganization } from '#features/organizations/api.ts';
import { PaymentLinksOfCustomer } from '#features/payment-links/ui/staff/payment-links-of.tsx';
import { AddMethodActions } from '#features/payment-methods/ui/staff/method-actions.tsx';
import { PaymentMethods } from '#features/payment-methods/ui/staff/payment-methods.tsx';
import { PlansOfCustomer } from '#features/payment-plans/ui/staff/plans-of.tsx';
import { PayChosen } from '#features/payments/ui/staff/pay-chosen.tsx';
import { PaymentsOfCustomer } from '#features/payments/ui/staff/payments-of.tsx';
import { InviteAll } from '#features/portal-access/ui/staff/invite.tsx';
import { PortalTab } from '#features/portal-access/ui/staff/portal-tab.tsx';
import { CustomerPolicy } from '#features/reminders/ui/staff/customer-policy.tsx';
import { RepliesOf } from '#features/replies/ui/staff/replies-of.tsx';
import { EmailNotice } from '#features/reports/ui/staff/email-notice.tsx';
import { SavedViews, ViewProblems } from '#features/saved-views/ui/staff/saved-views.tsx';
import { SchedulesOfCustomer } from '#features/schedules/ui/staff/schedules-of.tsx';
import { StatementLinkButton } from '#features/statements/ui/staff/statement-link-button.tsx';
import { TicketsOfCustomer } from '#features/support/ui/staff/tickets-page.tsx';
import { TextConsentCard } from '#features/text-consents/ui/staff/text-consent-card.tsx';
import { Sheet } from '#ui/page.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { newMethod } from '#web/staff/new-method.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

export function Customers() {
  const search = useSearch({ strict: false }) as CustomersSearch;
  const onSearch = useSearchChange();
  const { add: _door, ...viewed } = search;
  const { columns: _shown, ...asked } = viewed;
  const { sort: _order, ...filter } = asked;
  return (
    <CustomersPage
      search={search}
      onSearch={onSearch}
      inviteAll={<InviteAll />}
      views={<SavedViews list="customers" search={viewed} stays={search.add !== undefined} />}
      viewProblems={<ViewProblems list="customers" search={viewed} />}
      pickType={
        <TypeFilter value={search.customer_type} onChange={(customer_type) => onSearch({ customer_type })} />
      }
      bulk={({ ids, wholePage, onClear }) => (
        <BulkBar
          key={JSON.stringify(filter)}
          subject="customers"
          ids={ids}
          asked={asked}
          allBy={wholePage ? { customer_filter: filter } : undefined}
          onClear={onClear}
        />
      )}
    />
  );
}

const TimelineOf = ({ customerId }: { customerId: string }) => (
  <div className="stack loose">
    <RepliesOf about={{ customer_id: customerId }} />
    <Sheet>
      <EventTimeline about={{ customer_id: customerId }} />
    </Sheet>
  </div>
);

const noticesOf = (customerId: string) => [
  <PinnedNotes key="pinned" customerId={customerId} />,
  <MergeNotice key="merge" customerId={customerId} />,
  <EmailNotice key="email" customerId={customerId} />,
];

export function Customer() {
  const { id = '' } = useParams({ strict: false });
  const { tab = 'overview', edit } = useSearch({ strict: false }) as { tab?: CustomerTab; edit?: string };
  const onSearch = useSearchChange();
  const organization = useAsk(getOrganization);
  const onTab = useCallback(
    (next: CustomerTab) => onSearch({ tab: next === 'overview' ? undefined : next }, true),
    [onSearch],
  );
  return (
    <CustomerPage
      id={id}
      tab={tab}
      editing={edit !== undefined}
      onTab={onTab}
      rooms={{
        notice: noticesOf(id),
        merge: (customer, door) => <MergeDialog customer={customer} {...door} />,
        deactivate: (customer, door) => <DeactivateDialog customer={customer} {...door} />,
        invoices: (customer) => (
          <InvoicesOfCustomer
            customerId={id}
            bulk={(invoices, done) => (
              <PayChosen
                newMethod={newMethod}
                invoices={invoices}
                partial={Boolean(
                  organization.data?.allow_partial_payments && customer.allow_partial_payments,
                )}
                onDone={done}
              />
            )}
          />
        ),
        statement: ({ email }) => <StatementLinkButton customerId={id} email={email} />,
        record: (customer) => <CustomerRecord customer={customer} />,
        reminders: [
          <FilesCard key="files" about={{ customer_id: id }} />,
          <CustomerPolicy key="policy" customerId={id} />,
        ],
        payments: <PaymentsOfCustomer customerId={id} />,
        schedules: <SchedulesOfCustomer customerId={id} />,
        paymentLinks: ({ email }) => <PaymentLinksOfCustomer customerId={id} email={email} />,
        paymentPlans: <PlansOfCustomer customerId={id} />,
        credit: () => <CreditsOfCustomer customerId={id} />,
        estimates: <EstimatesOfCustomer customerId={id} />,
        methods: <PaymentMethods customerId={id} />,
        autopay: organization.data && <AutopayTab customerId={id} currency={organization.data.currency} />,
        methodActions: <AddMethodActions customerId={id} />,
        portal: (customer) => <PortalTab customer={customer} words={portalWords[customer.portal.state]} />,
        messages: <MessagesOf about={{ customer_id: id }} />,
        texts: (
          <>
            <TicketsOfCustomer customerId={id} />
            <TextConsentCard customerId={id} />
            <EInvoiceOfCustomer customerId={id} />
          </>
        ),
        pickCollector: (value, onChange) => (
          <AssigneePick label="Looked after by" value={value} onChange={onChange} />
        ),
        collections: (customer) => (
          <CustomerDesk customer={{ id, name: customer.display_name, phone: customer.phone }} />
        ),
        timeline: <TimelineOf customerId={id} />,
      }}
    />
  );
}
