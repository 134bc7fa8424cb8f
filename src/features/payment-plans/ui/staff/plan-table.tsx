import { IconCalendarDollar } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type PlanRow, PlanStateMark } from '#features/payment-plans/ui/staff/plan-words.tsx';
import { type Column, DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty } from '#ui/page.tsx';

type Props = { rows: readonly PlanRow[] | undefined; label: string; withCustomer: boolean; empty: ReactNode };

export function PlanTable({ rows, label, withCustomer, empty }: Props) {
  const { money, instant } = useFrame();
  const columns: Column<PlanRow>[] = [
    {
      key: 'plan',
      title: withCustomer ? 'Customer' : 'Plan',
      slot: 'title',
      cell: (plan) => (
        <>
          <Link to={`/payment-plans/${plan.id}`}>
            {withCustomer ? plan.customer_name : `Plan of ${instant(plan.created_at)}`}
          </Link>
          <span className="cell-under num">{plan.id}</span>
        </>
      ),
    },
    {
      key: 'state',
      title: 'State',
      slot: 'state',
      width: '190px',
      cell: ({ state }) => <PlanStateMark state={state} />,
    },
    {
      key: 'down',
      title: 'Down payment',
      slot: 'detail',
      align: 'end',
      width: '140px',
      cell: (plan) => <span className="num">{money(plan.down_payment, plan.currency)}</span>,
    },
    {
      key: 'total',
      title: 'Total',
      slot: 'amount',
      align: 'end',
      width: '140px',
      cell: (plan) => <span className="num">{money(plan.total, plan.currency)}</span>,
    },
  ];
  return <DataTable label={label} columns={columns} rows={rows} idOf={({ id }) => id} empty={empty} />;
}

export const NoPlans = ({ title, children }: { title: string; children: ReactNode }) => (
  <Empty title={title} icon={<IconCalendarDollar size={22} stroke={1.5} />}>
    {children}
  </Empty>
);
