import { Select } from '@mantine/core';
import { chooseCustomerPolicy, getCustomerPolicy, listPolicies } from '#features/reminders/api.ts';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

/** Which ladder of reminders a customer has: its own, or none of its own. */
export function CustomerPolicy({ customerId }: { customerId: string }) {
  const { can } = useFrame();
  const chosen = useAsk(getCustomerPolicy, { params: { id: customerId } });
  const policies = useAsk(listPolicies, {}, { enabled: can('settings:read') });
  const choose = useAct(chooseCustomerPolicy);
  const change = (id: string | null): void => {
    const body = { dunning_policy_id: id || null };
    void choose.run({ params: { id: customerId }, body }).then(
      ({ policy }) => tell(policy ? `Reminded by “${policy.name}”` : 'No policy'),
      () => undefined,
    );
  };
  const all = policies.data?.data ?? [];
  return (
    <Sheet title="Reminders" className="no-print">
      <Problem error={chosen.error ?? choose.error} />
      {can('customers:write') && all.length > 0 ? (
        <Select
          label="Dunning policy"
          description={chosen.data?.policy ? `Now reminded by “${chosen.data.policy.name}”` : undefined}
          data={[
            { value: '', label: 'That of its type, or the default' },
            ...all.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={chosen.data?.own_policy_id ?? ''}
          allowDeselect={false}
          disabled={!chosen.data || choose.busy}
          onChange={change}
        />
      ) : (
        <p>{chosen.data?.policy?.name}</p>
      )}
    </Sheet>
  );
}
