import type { z } from 'zod';
import type { zCustomer } from '#features/customers/api.ts';
import { portalWords } from '#features/customers/ui/staff/portal-words.ts';
import { dateIn } from '#lib/dates.ts';
import type { Column } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';
import { PhoneNumber } from '#ui/phone-number.tsx';
import { State } from '#ui/state.tsx';

export type Customer = z.output<typeof zCustomer>;

/** Every column there is, in the order of the list. */
export function useCustomerColumns(): Column<Customer>[] {
  const { money, date, timeZone } = useFrame();
  return [
    {
      key: 'name',
      title: 'Customer',
      slot: 'title',
      sort: ['display_name', 'display_name'],
      cell: (customer) => customer.display_name,
    },
    {
      key: 'email',
      title: 'E-mail',
      slot: 'detail',
      cell: ({ email }) =>
        email ? <span className="one-line">{email}</span> : <span className="late">No address</span>,
    },
    {
      key: 'portal',
      title: 'Portal',
      slot: 'state',
      width: '150px',
      cell: ({ portal, active }) => {
        if (!active) return <State tone="faint">Inactive</State>;
        const { label, tone } = portalWords[portal.state];
        return (
          <State tone={tone} ring={portal.state !== 'active'}>
            {label}
          </State>
        );
      },
    },
    {
      key: 'past',
      title: 'Past due',
      slot: 'wide-only',
      align: 'end',
      width: '140px',
      cell: ({ past_due_balance: late }) =>
        late > 0n ? <span className="late">{money(late)}</span> : <span className="none">–</span>,
    },
    {
      key: 'open',
      title: 'Open',
      slot: 'amount',
      align: 'end',
      width: '140px',
      cell: ({ open_balance: open }) =>
        open > 0n ? <span className="strong">{money(open)}</span> : <span className="none">–</span>,
    },
    ...moreColumns((at) => date(dateIn(timeZone, at))),
  ];
}

const none = <span className="none">–</span>;

/** What a row says only where it is wanted. */
const moreColumns = (dayOf: (at: Date) => string): Column<Customer>[] => [
  {
    key: 'type',
    title: 'Type',
    slot: 'wide-only',
    width: '130px',
    cell: ({ customer_type: type }) => type || none,
  },
  {
    key: 'phone',
    title: 'Phone',
    slot: 'wide-only',
    width: '150px',
    cell: ({ phone }) => (phone ? <PhoneNumber typed={phone} /> : none),
  },
  {
    key: 'external',
    title: 'Your id',
    slot: 'wide-only',
    width: '130px',
    cell: ({ external_id: id }) => id || none,
  },
  {
    key: 'added',
    title: 'Added',
    slot: 'wide-only',
    sort: ['-created_at', '-created_at'],
    width: '130px',
    cell: ({ created_at: at }) => <span className="num">{dayOf(at)}</span>,
  },
];
