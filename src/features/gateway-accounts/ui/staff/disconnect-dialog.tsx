import { disconnectGateway } from '#features/gateway-accounts/api.ts';
import type { Account } from '#features/gateway-accounts/ui/staff/gateway-settings.tsx';
import { kindWords } from '#features/gateway-accounts/ui/staff/gateway-words.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';

export function DisconnectDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const act = useAct(disconnectGateway);
  const run = async (): Promise<void> => {
    if (!(await act.run({ params: { id: account.id } }).catch(() => undefined))) return;
    onClose();
    tell(`${account.name} is disconnected`);
  };
  const takes = account.takes.map((kind) => kindWords[kind].toLowerCase()).join(' and ');
  return (
    <FormDialog
      title={`Disconnect ${account.name}?`}
      opened
      onClose={onClose}
      onSubmit={run}
      submit="Disconnect"
      danger
      busy={act.busy}
      error={act.error}
    >
      <p>
        {takes ? `Customers cannot pay by ${takes} until another gateway takes them. ` : ''}Payments that are
        under way are still followed to their end, and can still be refunded.
      </p>
    </FormDialog>
  );
}
