import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { z } from 'zod';
import { changePlan, listPlans, type zHostPlan } from '#features/billing/api.ts';
import { NewPlanDialog } from '#features/billing/ui/staff/new-plan-dialog.tsx';
import { meterLines, priceWords } from '#features/billing/ui/staff/plan-words.ts';
import { useFrame } from '#ui/frame.tsx';
import { Empty, Sheet } from '#ui/page.tsx';
import { Problem, tell, tellProblem } from '#ui/problem.tsx';
import { State } from '#ui/state.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type HostPlan = z.output<typeof zHostPlan>;

/** What the host sells to the other organizations. */
export function HostPlans() {
  const { can } = useFrame();
  const [making, setMaking] = useState(false);
  const plans = useAsk(listPlans);
  const rows = plans.data?.data ?? [];
  return (
    <Sheet
      title="Plans you offer"
      aside={
        can('settings:write') && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setMaking(true)}
          >
            New plan
          </Button>
        )
      }
    >
      <Problem error={plans.error} onRetry={() => void plans.refetch()} />
      {plans.data && rows.length === 0 && (
        <Empty title="No plans yet">
          The other organizations find your plans under Settings, Billing, and choose for themselves.
        </Empty>
      )}
      <ul className="plain-rows">
        {rows.map((plan) => (
          <PlanRow key={plan.id} plan={plan} />
        ))}
      </ul>
      {rows.length > 0 && (
        <p className="fine">
          A plan’s prices stay what they are: for another price make another plan and retire this one. Whoever
          has it keeps it.
        </p>
      )}
      {making && <NewPlanDialog onClose={() => setMaking(false)} />}
    </Sheet>
  );
}

function PlanRow({ plan }: { plan: HostPlan }) {
  const { can, money, locale, count } = useFrame();
  const change = useAct(changePlan);
  const retire = () =>
    change.run({ params: { id: plan.id }, body: { retired: true } }).then(
      () => tell(`${plan.name} is offered no more`),
      (error: unknown) => tellProblem(error),
    );
  return (
    <li>
      <span>
        <span className="strong">{plan.name}</span>
        <span className="cell-under">
          {[
            priceWords(plan, { money, locale }),
            ...(plan.trial_days > 0 ? [`${plan.trial_days} days free`] : []),
            count(plan.subscribers, 'subscriber'),
          ].join(', ')}
        </span>
        {meterLines(plan, { money, locale }).map((line) => (
          <span key={line} className="cell-under">
            {line}
          </span>
        ))}
      </span>
      {plan.retired_at ? (
        <State tone="faint">Retired</State>
      ) : (
        can('settings:write') && (
          <Button
            size="compact-sm"
            variant="subtle"
            loading={change.busy}
            aria-label={`Retire ${plan.name}`}
            onClick={() => void retire()}
          >
            Retire
          </Button>
        )
      )}
    </li>
  );
}
