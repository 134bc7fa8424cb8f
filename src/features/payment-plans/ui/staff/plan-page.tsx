import { Button, Skeleton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { methodWords } from '#features/payment-plans/agreement-rules.ts';
import { cancelPlan, getPlan, rejectPlan, withdrawPlan } from '#features/payment-plans/api.ts';
import { cadenceWords } from '#features/payment-plans/term-rules.ts';
import {
  ApproveDialog,
  EndPlanDialog,
  PayOffDialog,
} from '#features/payment-plans/ui/staff/plan-dialogs.tsx';
import { PlanInstallments } from '#features/payment-plans/ui/staff/plan-installments.tsx';
import { PlanMethodDialog } from '#features/payment-plans/ui/staff/plan-method-dialog.tsx';
import { type Plan, PlanStateMark } from '#features/payment-plans/ui/staff/plan-words.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Facts, Figures, PageHead, Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

const back = { to: '/reports', label: 'Reports' };

/** A plan as staff decides on it and follows it. */
export function PlanPage({ id, timeline }: { id: string; timeline: ReactNode }) {
  const plan = useAsk(getPlan, { params: { id } });
  const { data } = plan;
  if (!data)
    return (
      <>
        <PageHead back={back} title="Payment plan" />
        {plan.error ? (
          <Problem error={plan.error} onRetry={() => void plan.refetch()} />
        ) : (
          <Skeleton height={320} radius="lg" />
        )}
      </>
    );
  return (
    <>
      <PageHead
        back={back}
        title="Payment plan"
        tab={`Payment plan · ${data.customer_name}`}
        state={<PlanStateMark state={data.state} />}
        detail={<Link to={`/customers/${data.customer_id}`}>{data.customer_name}</Link>}
        actions={<Actions plan={data} />}
      />
      {data.reason && <p className="note break">{data.reason}</p>}
      <Standing plan={data} />
      <div className="columns">
        <div className="stack loose">
          <PlanInstallments plan={data} />
          <Covered plan={data} />
        </div>
        <div className="stack loose">
          <Terms plan={data} />
          <Sheet title="Timeline" className="no-print">
            {timeline}
          </Sheet>
        </div>
      </div>
    </>
  );
}

function Standing({ plan }: { plan: Plan }) {
  const { money } = useFrame();
  const amount = (value: bigint) => money(value, plan.currency);
  const paid = plan.schedule.filter(({ state }) => state === 'paid').length;
  return (
    <Figures
      figures={[
        { label: 'Total', value: amount(plan.total) },
        { label: 'Down payment', value: amount(plan.down_payment) },
        { label: 'Still to come', value: amount(plan.rest) },
        {
          label: 'Installments',
          value: `${paid} of ${plan.schedule.filter(({ state }) => state !== 'dropped').length} paid`,
        },
      ]}
    />
  );
}

function Terms({ plan }: { plan: Plan }) {
  const { money, date, instant } = useFrame();
  const { method } = plan;
  return (
    <Sheet title="What was agreed to">
      <Facts
        facts={[
          { label: 'How often', value: cadenceWords[plan.cadence] },
          { label: 'Installments', value: plan.installments },
          { label: 'First one', value: date(plan.first_on) },
          { label: 'Charged to', value: method ? methodWords(method) : 'Not chosen yet' },
          { label: 'Largest installment', value: money(plan.most_amount, plan.currency) },
          { label: plan.by_staff ? 'Offered' : 'Asked for', value: instant(plan.created_at) },
          ...(plan.asked_rise > 0n
            ? [
                {
                  label: 'Waits for a new agreement',
                  value: money(plan.asked_rise, plan.currency),
                  wide: true,
                },
              ]
            : []),
          ...(plan.note ? [{ label: 'A word of the customer', value: plan.note, wide: true }] : []),
          ...(plan.agreement ? [{ label: 'Signed last', value: plan.agreement, wide: true }] : []),
        ]}
      />
    </Sheet>
  );
}

function Covered({ plan }: { plan: Plan }) {
  const { money } = useFrame();
  return (
    <Sheet title="Invoices" flush>
      <table className="lines">
        <thead>
          <tr>
            <th scope="col">Invoice</th>
            <th scope="col" data-align="end">
              Due when agreed
            </th>
            <th scope="col" data-align="end">
              Due now
            </th>
          </tr>
        </thead>
        <tbody>
          {plan.invoices.map((each) => (
            <tr key={each.id}>
              <td>
                <Link to={`/invoices/${each.id}`}>{each.number}</Link>
              </td>
              <td data-align="end" className="num">
                {money(each.agreed_due, plan.currency)}
              </td>
              <td data-align="end" className="num">
                {money(each.balance_due, plan.currency)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sheet>
  );
}

type Door = 'approve' | 'reject' | 'withdraw' | 'cancel' | 'payoff' | 'method';
const doors: Partial<Record<Plan['state'], Door[]>> = {
  requested: ['reject', 'approve'],
  offered: ['withdraw'],
  active: ['cancel', 'method', 'payoff'],
};
const words: Record<Door, string> = {
  approve: 'Approve',
  reject: 'Reject',
  withdraw: 'Take the offer back',
  cancel: 'Cancel the plan',
  payoff: 'Charge the rest',
  method: 'Change method',
};

function Actions({ plan }: { plan: Plan }) {
  const { can } = useFrame();
  if (!can('payments:write')) return null;
  return (doors[plan.state] ?? []).map((door) => <Action key={door} door={door} plan={plan} />);
}

function Action({ door, plan }: { door: Door; plan: Plan }) {
  const [opened, dialog] = useDisclosure();
  const props = { plan, onClose: dialog.close };
  return (
    <>
      <Button variant={door === 'approve' ? 'filled' : 'default'} onClick={dialog.open}>
        {words[door]}
      </Button>
      {opened && door === 'approve' && <ApproveDialog {...props} />}
      {opened && door === 'payoff' && <PayOffDialog {...props} />}
      {opened && door === 'method' && <PlanMethodDialog {...props} />}
      {opened && door === 'reject' && (
        <EndPlanDialog {...props} act={rejectPlan} title="Reject this plan?" told />
      )}
      {opened && door === 'withdraw' && (
        <EndPlanDialog {...props} act={withdrawPlan} title="Take this offer back?" />
      )}
      {opened && door === 'cancel' && (
        <EndPlanDialog {...props} act={cancelPlan} title="Cancel this plan?" told />
      )}
    </>
  );
}
