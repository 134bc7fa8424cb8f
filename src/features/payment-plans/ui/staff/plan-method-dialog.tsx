import { Radio, Skeleton, TextInput } from '@mantine/core';
import { changePlan } from '#features/payment-plans/api.ts';
import type { Plan } from '#features/payment-plans/ui/staff/plan-words.tsx';
import { listPaymentMethods } from '#features/payments/api.ts';
import { methodName } from '#features/payments/ui/staff/payment-words.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

/** A running plan goes on with another stored method, which the customer has agreed to. */
export function PlanMethodDialog({ plan, onClose }: { plan: Plan; onClose: () => void }) {
  const act = useAct(changePlan);
  const methods = useAsk(listPaymentMethods, { query: { customer_id: plan.customer_id, limit: 100 } });
  const others = (methods.data?.data ?? []).filter(
    ({ id, state }) => state === 'active' && id !== plan.payment_method_id,
  );
  const form = useFields(
    { payment_method_id: '', held_by: '' },
    {
      payment_method_id: (id) => (id ? null : 'Choose what is charged from now on'),
      held_by: (name) => (name.trim().length >= 2 ? null : 'Who has agreed to it?'),
    },
  );
  const submit = form.submit(async ({ payment_method_id, held_by }) => {
    await act.run({ params: { id: plan.id }, body: { payment_method_id, held_by: held_by.trim() } });
    onClose();
    tell('The plan goes on with this method');
  });
  return (
    <FormDialog
      title="Charge another method?"
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Change method"
      busy={act.busy}
      disabled={methods.data !== undefined && others.length === 0}
      error={act.error}
    >
      <p>Dates and amounts stay as they were agreed to. The customer can also change it in the portal.</p>
      {methods.isPending ? (
        <Skeleton height={60} />
      ) : others.length === 0 ? (
        <p className="note" data-tone="warn">
          This customer has no other stored payment method. Store one first, or send a link for it.
        </p>
      ) : (
        <>
          <Radio.Group
            label="Charged from now on"
            name="payment_method_id"
            value={form.values.payment_method_id}
            error={form.errors.payment_method_id}
            onChange={(id) => form.set('payment_method_id', id)}
          >
            <div className="stack tight">
              {others.map((method) => (
                <Radio key={method.id} value={method.id} label={methodName(method)} />
              ))}
            </div>
          </Radio.Group>
          <TextInput
            label="Who has agreed to it"
            description="You hold this person’s written agreement. It is kept word for word with your name."
            required
            maxLength={120}
            {...form.text('held_by')}
          />
        </>
      )}
    </FormDialog>
  );
}
