import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { changePlan } from '#features/payment-plans/api.ts';
import { installmentWords, type Plan } from '#features/payment-plans/ui/staff/plan-words.tsx';
import { addDays } from '#lib/dates.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { DateField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { tell } from '#ui/problem.tsx';
import { State } from '#ui/state.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

type Installment = Plan['schedule'][number];

/** Every installment with its day and what became of it. */
export function PlanInstallments({ plan }: { plan: Plan }) {
  const { money, date, can } = useFrame();
  const mayMove = can('payments:write') && plan.state === 'active' && plan.move_days > 0;
  return (
    <Sheet title="Installments" flush>
      <table className="lines">
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">State</th>
            <th scope="col" data-align="end">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          {plan.schedule.map((each) => (
            <tr key={each.number}>
              <td>
                {date(each.due_on)}{' '}
                {mayMove && each.state === 'due' && !each.payment_id && <Move plan={plan} each={each} />}
              </td>
              <td>
                <Standing each={each} />
              </td>
              <td data-align="end" className="num">
                {money(each.amount, plan.currency)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sheet>
  );
}

function Standing({ each }: { each: Installment }) {
  const { date } = useFrame();
  const { label, tone } = installmentWords[each.state];
  const isTriedAgain = each.state === 'due' && each.payment_id !== null && each.try_on !== null;
  return (
    <>
      {each.payment_id ? (
        <Link to={`/payments/${each.payment_id}`}>
          <State tone={tone}>{label}</State>
        </Link>
      ) : (
        <State tone={tone}>{label}</State>
      )}
      {(each.reason || isTriedAgain) && (
        <span className="cell-under break">
          {each.reason} {isTriedAgain && each.try_on && `Tried again on ${date(each.try_on)}.`}
        </span>
      )}
    </>
  );
}

function Move({ plan, each }: { plan: Plan; each: Installment }) {
  const { date } = useFrame();
  const [opened, dialog] = useDisclosure();
  const act = useAct(changePlan);
  const form = useFields({ due_on: each.due_on });
  const submit = form.submit(async ({ due_on }) => {
    await act.run({ params: { id: plan.id }, body: { installment: each.number, due_on } });
    dialog.close();
    tell('The installment is put off', 'The customer is told.');
  });
  return (
    <>
      <Button
        variant="subtle"
        size="compact-xs"
        onClick={dialog.open}
        aria-label={`Put off the one of ${date(each.due_on)}`}
      >
        Put off
      </Button>
      {opened && (
        <FormDialog
          title="Put an installment off"
          opened
          onClose={dialog.close}
          onSubmit={() => submit()}
          submit="Put it off"
          busy={act.busy}
          error={act.error}
        >
          <p>The customer agreed to up to {plan.move_days} days. The other installments keep their dates.</p>
          <DateField
            label="New day"
            name="due_on"
            min={each.due_on}
            max={addDays(each.due_on, plan.move_days)}
            value={form.values.due_on}
            error={form.errors.due_on}
            onChange={(day) => form.set('due_on', day)}
          />
        </FormDialog>
      )}
    </>
  );
}
