import { listAutopayDeclines, listAutopays } from '#features/autopay/api.ts';
import type { AutopayShown } from '#features/autopay/ui/staff/autopay-tab.tsx';
import { DeclineTable } from '#features/autopay/ui/staff/decline-table.tsx';
import { whenLabels } from '#features/autopay/word-rules.ts';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import { methodName } from '#features/payments/ui/staff/payment-words.tsx';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { Chips } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Listing } from '#ui/listing.tsx';
import { Empty } from '#ui/page.tsx';
import { State } from '#ui/state.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import { useTrail } from '#ui/use-trail.ts';

/** Customers with autopay: by what, when, and what comes next. */
export function AutopayEnabled() {
  const { date } = useFrame();
  const trail = useTrail();
  const asked = useAsk(listAutopays, { query: { starting_after: trail.after } }, { keep: true });
  const columns: Column<AutopayShown>[] = [
    { key: 'customer', title: 'Customer', slot: 'title', cell: ({ customer_name: name }) => name },
    {
      key: 'method',
      title: 'Method',
      slot: 'detail',
      cell: ({ method }) => method && methodName(method),
    },
    { key: 'when', title: 'Charged', slot: 'wide-only', cell: ({ charge_when: when }) => whenLabels[when] },
    {
      key: 'next',
      title: 'Next charge',
      slot: 'detail',
      width: '150px',
      cell: ({ next_charge_on: on }) => (on ? <span className="num">{date(on)}</span> : '–'),
    },
    {
      key: 'state',
      title: 'State',
      slot: 'state',
      width: '150px',
      cell: ({ method, on_hold: onHold }) =>
        method?.problem || onHold ? <State tone="warn">Waits</State> : <State tone="good">On</State>,
    },
  ];
  return (
    <Listing asked={asked} trail={trail} noun="customer" tools={<ExportList small list="autopays" />}>
      <DataTable
        label="Customers with autopay"
        columns={columns}
        rows={asked.data?.data}
        idOf={({ customer_id: id }) => id}
        linkOf={({ customer_id: id }) => `/customers/${id}?tab=autopay`}
        nameOf={({ customer_name: name }) => name}
        empty={
          <Empty title="Nobody has autopay yet">
            It is switched on for a customer on its page, or by the customer in the portal.
          </Empty>
        }
      />
    </Listing>
  );
}

type Declines = { view: 'final' | undefined; onView: (view: 'final' | undefined) => void };

/** What autopay charged and did not get. */
export function AutopayDeclines({ view, onView }: Declines) {
  const trail = useTrail();
  const query = { view, starting_after: trail.after };
  const asked = useAsk(listAutopayDeclines, { query }, { keep: true });
  return (
    <>
      <div className="toolbar">
        <Chips
          label="Which declines"
          value={view ?? 'all'}
          options={[
            { value: 'all', label: 'All' },
            { value: 'final', label: 'Not tried again, still open' },
          ]}
          onChange={(next) => onView(next === 'final' ? next : undefined)}
        />
      </div>
      <Listing
        asked={asked}
        trail={trail}
        noun="decline"
        tools={<ExportList small list="autopay_declines" search={{ view }} />}
      >
        <DeclineTable
          rows={asked.data?.data}
          empty={
            <Empty title="No declines">
              Charges of autopay that do not go through stand here, with why and what comes next.
            </Empty>
          }
        />
      </Listing>
    </>
  );
}
