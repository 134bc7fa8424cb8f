import { Skeleton } from '@mantine/core';
import { useState } from 'react';
import { getCustomerDefaults, updateCustomerDefaults } from '#features/customer-defaults/api.ts';
import { ChangeOne } from '#features/customer-defaults/ui/staff/change-one.tsx';
import { SettingChanges } from '#features/customer-defaults/ui/staff/setting-changes.tsx';
import { SettingSet } from '#features/customer-defaults/ui/staff/setting-set.tsx';
import { TypePick } from '#features/customer-defaults/ui/staff/type-pick.tsx';
import { Chips } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

/** What new customers start with, and how that is brought to those who are there. */
export function CustomerDefaults() {
  const { can } = useFrame();
  const asked = useAsk(getCustomerDefaults);
  const update = useAct(updateCustomerDefaults);
  const [chosen, setChosen] = useState<string | null>(null);
  if (asked.error) return <Problem error={asked.error} onRetry={() => void asked.refetch()} />;
  if (!asked.data) return <Skeleton height={420} radius="lg" />;
  const { by_type: byType, settings, types } = asked.data;
  const may = can('settings:write');
  const type = byType ? types.find(({ customer_type: name }) => name === chosen) : undefined;
  const setMode = (next: 'all' | 'type'): void => {
    if (!may || update.busy) return;
    void update
      .run({ body: { by_type: next === 'type' } })
      .then(() =>
        tell(next === 'type' ? 'New customers start by their type' : 'All new customers start alike'),
      )
      .catch(tellProblem);
  };
  return (
    <div className="stack loose">
      <p className="note">
        Copied to each customer that is added or imported from now on, and never again: customers who are here
        already keep their own settings, unless you bring a change to them below.
      </p>
      <Sheet title="What new customers start with">
        <div className="stack loose">
          <Chips
            label="One set or several"
            value={byType ? 'type' : 'all'}
            options={[
              { value: 'all', label: 'One set for all' },
              { value: 'type', label: 'By customer type' },
            ]}
            onChange={setMode}
          />
          {byType && <TypePick types={types} chosen={chosen} onChoose={setChosen} may={may} />}
          <SettingSet
            key={`${type?.customer_type ?? ''} ${JSON.stringify(type?.settings ?? settings)}`}
            type={type}
            settings={type?.settings ?? settings}
            may={may}
          />
        </div>
      </Sheet>
      {may && <ChangeOne types={types.map(({ customer_type: name }) => name)} />}
      <SettingChanges may={may} />
    </div>
  );
}
