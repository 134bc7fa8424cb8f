import { Checkbox, Textarea } from '@mantine/core';
import { useState } from 'react';
import {
  approvePlan,
  type cancelPlan,
  payOffPlan,
  type rejectPlan,
  type withdrawPlan,
} from '#features/payment-plans/api.ts';
import type { Plan } from '#features/payment-plans/ui/staff/plan-words.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';

type Props = { plan: Plan; onClose: () => void };

/** Yes: what is charged at once, and to what. */
export function ApproveDialog({ plan, onClose }: Props) {
  const { money } = useFrame();
  const act = useAct(approvePlan);
  const submit = async (): Promise<void> => {
    const done = await act.run({ params: { id: plan.id } }).catch(() => undefined);
    if (!done) return;
    onClose();
    tell('The down payment is being charged', 'The plan starts as soon as it has gone through.');
  };
  return (
    <FormDialog
      title="Approve this plan?"
      opened
      onClose={onClose}
      onSubmit={submit}
      submit={`Approve and charge ${money(plan.down_payment, plan.currency)}`}
      busy={act.busy}
      error={act.error}
    >
      <p>
        The down payment of {money(plan.down_payment, plan.currency)} is charged at once
        {plan.method && ` to ${plan.method.brand} •••• ${plan.method.last4}`}. If it is declined, the plan
        stays pending and nothing else happens. Card fees are not added to plans.
      </p>
    </FormDialog>
  );
}

/** Whoever ends a plan says why. */
export function EndPlanDialog({
  plan,
  onClose,
  act: endpoint,
  title,
  told,
}: Props & {
  act: typeof rejectPlan | typeof withdrawPlan | typeof cancelPlan;
  title: string;
  told?: boolean;
}) {
  const act = useAct(endpoint);
  const [reason, setReason] = useState('');
  const submit = async (): Promise<void> => {
    const body = { reason: reason.trim() };
    const done = await act.run({ params: { id: plan.id }, body }).catch(() => undefined);
    if (done) onClose();
  };
  return (
    <FormDialog
      title={title}
      opened
      onClose={onClose}
      onSubmit={submit}
      submit={title.replace('?', '')}
      danger
      busy={act.busy}
      error={act.error}
    >
      <p>Nothing more is charged for it. What is still owed is owed as before, and is chased again.</p>
      <Textarea
        label="Reason"
        {...(told ? { description: 'The customer reads this.' } : {})}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

/** The rest at once, for a customer who wants that. */
export function PayOffDialog({ plan, onClose }: Props) {
  const { money } = useFrame();
  const act = useAct(payOffPlan);
  const [asked, setAsked] = useState(false);
  const submit = async (): Promise<void> => {
    const done = await act
      .run({ params: { id: plan.id }, body: { customer_asked: true } })
      .catch(() => undefined);
    if (!done) return;
    onClose();
    tell('The rest is being charged');
  };
  return (
    <FormDialog
      title="Charge the rest now?"
      opened
      onClose={onClose}
      onSubmit={submit}
      submit="Charge the rest"
      busy={act.busy}
      disabled={!asked}
      error={act.error}
    >
      <p>
        What can be paid on the invoices of this plan, at most {money(plan.rest, plan.currency)}, is charged
        at once. The plan is completed when that has gone through.
      </p>
      <Checkbox
        label="The customer has asked for this"
        checked={asked}
        onChange={(event) => setAsked(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}
