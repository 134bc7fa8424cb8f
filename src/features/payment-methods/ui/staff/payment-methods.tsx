import { MethodMenu } from '#features/payment-methods/ui/staff/method-actions.tsx';
import { listPaymentMethods } from '#features/payments/api.ts';
import { methodName, type PaymentMethod } from '#features/payments/ui/staff/payment-words.tsx';
import type { Column } from '#ui/data-table.tsx';
import { DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import type { Tone } from '#ui/state.tsx';
import { State } from '#ui/state.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

const states: Record<PaymentMethod['state'], { label: string; tone: Tone }> = {
  active: { label: 'Ready', tone: 'good' },
  needs_authorization: { label: 'Needs a signature', tone: 'warn' },
  expired: { label: 'Expired', tone: 'warn' },
  removed: { label: 'Removed', tone: 'faint' },
  blocked: { label: 'Blocked', tone: 'bad' },
};
const addedBy: Record<string, string> = {
  portal: 'The customer, in the portal',
  invoice_link: 'The customer, while paying',
  staff: 'Your staff',
  user: 'Your staff',
  api_key: 'Through the API',
  portal_user: 'The customer, in the portal',
  payer: 'The customer',
};

/** What a customer has stored. Numbers live at the gateway; only the last four are known here. */
export function PaymentMethods({ customerId }: { customerId: string }) {
  const { instant, can } = useFrame();
  const methods = useAsk(listPaymentMethods, { query: { customer_id: customerId, limit: 100 } });
  if (methods.error) return <Problem error={methods.error} onRetry={() => void methods.refetch()} />;
  const columns: Column<PaymentMethod>[] = [
    {
      key: 'name',
      title: 'Method',
      slot: 'title',
      cell: (method) => (
        <>
          <span className="num">{methodName(method)}</span>
          {method.is_default && <span className="faint"> · Default</span>}
        </>
      ),
    },
    {
      key: 'expiry',
      title: 'Valid until',
      slot: 'detail',
      cell: ({ expiry }) =>
        expiry ? (
          <span className="num">
            {String(expiry.month).padStart(2, '0')}/{expiry.year}
          </span>
        ) : (
          <span className="none">–</span>
        ),
    },
    { key: 'by', title: 'Added by', slot: 'detail', cell: ({ added_by: by }) => addedBy[by] ?? by },
    {
      key: 'since',
      title: 'Since',
      slot: 'wide-only',
      cell: ({ created_at: at }) => <span className="num">{instant(at)}</span>,
    },
    {
      key: 'state',
      title: 'State',
      slot: 'state',
      cell: ({ state }) => <State tone={states[state].tone}>{states[state].label}</State>,
    },
  ];
  if (can('payments:write'))
    columns.push({
      key: 'actions',
      title: 'Actions',
      hideTitle: true,
      slot: 'amount',
      align: 'end',
      cell: (method) => <MethodMenu method={method} name={methodName(method)} />,
    });
  return (
    <DataTable
      label="Payment methods"
      columns={columns}
      rows={methods.data?.data}
      idOf={({ id }) => id}
      keys={false}
      empty={
        <Empty title="No payment method stored">
          Add one here, send the customer a link, or wait: customers store one when they pay, or in the
          portal.
        </Empty>
      }
    />
  );
}
