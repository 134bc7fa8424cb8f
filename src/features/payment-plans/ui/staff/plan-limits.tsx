import { Button, NumberInput, Skeleton, TextInput } from '@mantine/core';
import type { z } from 'zod';
import { getPlanLimits, setPlanLimits } from '#features/payment-plans/api.ts';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

type Limits = Omit<z.output<typeof getPlanLimits.reply>, 'object'>;

/** What customers may ask for. */
export function PlanLimitSettings() {
  const limits = useAsk(getPlanLimits);
  if (!limits.data)
    return limits.error ? (
      <Problem error={limits.error} onRetry={() => void limits.refetch()} />
    ) : (
      <Skeleton height={320} radius="lg" />
    );
  const { object: _, ...values } = limits.data;
  return <LimitForm limits={values} />;
}

const share = (text: string): string | null =>
  /^\d{1,2}(\.\d{1,4})?$/.test(text) ? null : 'Give a percentage such as 10 or 12.5';

function LimitForm({ limits }: { limits: Limits }) {
  const { can } = useFrame();
  const act = useAct(setPlanLimits);
  const form = useFields<Limits>(limits, { min_down_percent: share, rise_percent: share });
  const submit = form.submit(async (body) => {
    await act.run({ body });
    tell('Saved for plans from now on');
  });
  const count = (name: 'max_installments' | 'max_months' | 'missed_limit' | 'move_days', most: number) => ({
    ...{ name, min: name === 'move_days' ? 0 : 1, max: most, allowDecimal: false },
    value: form.values[name],
    error: form.errors[name],
    onChange: (value: number | string) => form.set(name, Number(value)),
  });
  return (
    <form onSubmit={submit} className="stack loose" noValidate>
      <Sheet title="What customers may ask for">
        <div className="fields two">
          <TextInput label="Smallest down payment, %" required {...form.text('min_down_percent')} />
          <NumberInput label="Most installments" required {...count('max_installments', 60)} />
          <NumberInput label="Longest plan, months" required {...count('max_months', 60)} />
        </div>
        <p className="fine">
          Which customers may ask is a setting of each customer, and of Customer defaults.
        </p>
      </Sheet>
      <Sheet title="While a plan runs">
        <div className="fields two">
          <NumberInput
            label="Missed installments that end a plan"
            description="Each is tried once more before it counts"
            required
            {...count('missed_limit', 12)}
          />
          <NumberInput
            label="Days that you may put an installment off"
            description="Agreed to with the plan"
            required
            {...count('move_days', 31)}
          />
          <TextInput
            label="Rise without a new agreement, %"
            description="When invoices are corrected upwards, the plan gets longer by so much; beyond it the customer is asked"
            required
            {...form.text('rise_percent')}
          />
        </div>
      </Sheet>
      {can('settings:write') ? (
        <>
          <Problem error={act.error} />
          <div className="dialog-actions">
            <Button type="submit" loading={act.busy}>
              Save
            </Button>
          </div>
        </>
      ) : (
        <p className="fine">Your role may read these settings, not change them.</p>
      )}
    </form>
  );
}
