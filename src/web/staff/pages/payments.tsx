import { useParams, useSearch } from '@tanstack/react-router';
import { EventTimeline } from '#features/audit-log/ui/staff/event-timeline.tsx';
import { ReturnRates } from '#features/bank-rules/ui/staff/return-rates.tsx';
import { PinnedNotes } from '#features/collections/ui/staff/pinned-notes.tsx';
import { AddCustomer } from '#features/customers/ui/staff/add-customer.tsx';
import { CustomerPick } from '#features/customers/ui/staff/customer-pick.tsx';
import { GatewayPick } from '#features/gateway-accounts/ui/staff/gateway-pick.tsx';
import type { PaymentsSearch } from '#features/payments/ui/staff/payment-filters.tsx';
import { PaymentPage } from '#features/payments/ui/staff/payment-page.tsx';
import { PaymentsPage } from '#features/payments/ui/staff/payments-page.tsx';
import { TerminalPage } from '#features/payments/ui/staff/terminal-page.tsx';
import { GiveBackActions, GiveBackNote } from '#features/refunds/ui/staff/give-back.tsx';
import { GiveBackChosen } from '#features/refunds/ui/staff/give-back-chosen.tsx';
import { RefundsOf } from '#features/refunds/ui/staff/refunds-of.tsx';
import { SavedViews, ViewProblems } from '#features/saved-views/ui/staff/saved-views.tsx';
import { NewPaymentSchedule } from '#features/schedules/ui/staff/new-payment-schedule.tsx';
import { RepeatCharge } from '#features/schedules/ui/staff/repeat-charge.tsx';
import type { Picker } from '#ui/fields.tsx';
import { newMethod } from '#web/staff/new-method.tsx';
import { useSearchChange } from '#web/staff/use-search-change.ts';

const pickCustomer: Picker = (props) => <CustomerPick {...props} />;

export function Payments() {
  const search = useSearch({ strict: false }) as PaymentsSearch;
  return (
    <PaymentsPage
      search={search}
      onSearch={useSearchChange()}
      pickCustomer={pickCustomer}
      pickGateway={(props) => <GatewayPick {...props} />}
      views={<SavedViews list="payments" search={search} />}
      above={[
        <ViewProblems key="view" list="payments" search={search} />,
        <ReturnRates key="rates" show="alarm" />,
      ]}
      below={<ReturnRates show="calm" />}
      bulk={(payments, onDone) => <GiveBackChosen payments={payments} onDone={onDone} />}
    />
  );
}

export function Payment() {
  const { id = '' } = useParams({ strict: false });
  return (
    <PaymentPage
      id={id}
      timeline={<EventTimeline about={{ subject_id: id }} />}
      giveBack={{
        actions: (
          <>
            <RepeatCharge paymentId={id} />
            <GiveBackActions paymentId={id} />
          </>
        ),
        note: <GiveBackNote paymentId={id} />,
        refunds: <RefundsOf paymentId={id} />,
      }}
    />
  );
}

export function Terminal() {
  const { customer_id: customerId } = useSearch({ strict: false }) as { customer_id?: string };
  const onSearch = useSearchChange();
  return (
    <TerminalPage
      customerId={customerId}
      onCustomer={(id) => onSearch({ customer_id: id })}
      notes={customerId && <PinnedNotes customerId={customerId} still />}
      pickCustomer={pickCustomer}
      addCustomer={<AddCustomer onAdded={(id) => onSearch({ customer_id: id })} />}
      newMethod={newMethod}
      later={
        <NewPaymentSchedule label="Charge later or again" like={{ customerId }} pickCustomer={pickCustomer} />
      }
    />
  );
}
