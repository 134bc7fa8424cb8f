import { Button } from '@mantine/core';
import { assignDeposit } from '#features/deposits/api.ts';
import type { Deposit } from '#features/deposits/ui/staff/deposit-words.tsx';
import { getSession } from '#features/users/api.ts';
import { useFrame } from '#ui/frame.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

/** Who looks into it: whoever takes it on. */
export function OwnerPick({ deposit }: { deposit: Deposit }) {
  const { can } = useFrame();
  const me = useAsk(getSession).data?.user;
  const assign = useAct(assignDeposit);
  const isMine = me !== undefined && deposit.owner_id === me.id;
  const give = (owner_id: string | null): void =>
    void assign.run({ params: { id: deposit.id }, body: { owner_id } }).catch(() => undefined);
  return (
    <div className="row">
      <span>
        {isMine
          ? 'You are looking into it.'
          : deposit.owner_name
            ? `${deposit.owner_name} is looking into it.`
            : 'Nobody is looking into it yet.'}
      </span>
      {can('payments:write') && me && (
        <Button size="xs" variant="default" loading={assign.busy} onClick={() => give(isMine ? null : me.id)}>
          {isMine ? 'Hand it back' : 'I will look into it'}
        </Button>
      )}
      <Problem error={assign.error} />
    </div>
  );
}
