import { Skeleton } from '@mantine/core';
import { IconPlayerPause, IconPoint } from '@tabler/icons-react';
import type { z } from 'zod';
import {
  deactivateCustomer,
  getDeactivation,
  reactivateCustomer,
  type zDeactivation,
} from '#features/customer-deactivations/api.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type Props = {
  customer: { id: string; display_name: string; active: boolean };
  opened: boolean;
  onClose: () => void;
};

/** Before a relationship ends, or is taken up again: what becomes of everything that hangs on it. */
export function DeactivateDialog(props: Props) {
  if (!props.opened) return null;
  return props.customer.active ? <Deactivate {...props} /> : <Reactivate {...props} />;
}

function Deactivate({ customer, onClose }: Props) {
  const standing = useAsk(getDeactivation, { params: { id: customer.id } });
  const deactivate = useAct(deactivateCustomer);
  const run = (): void =>
    void deactivate
      .run({ params: { id: customer.id } })
      .then(() => {
        onClose();
        tell(`${customer.display_name} is inactive`);
      })
      // What went wrong stands in the dialog.
      .catch(() => undefined);
  return (
    <FormDialog
      title={`Deactivate ${customer.display_name}?`}
      opened
      onClose={onClose}
      onSubmit={run}
      submit="Deactivate"
      danger
      busy={deactivate.busy}
      disabled={!standing.data}
      error={deactivate.error}
      size="lg"
    >
      <p>
        For a relationship that has ended. To stop chasing one invoice, exempt that invoice; to stop all
        reminders and keep the customer, turn its reminders off.
      </p>
      <Problem error={standing.error} onRetry={() => void standing.refetch()} />
      {!standing.data && !standing.error && <Skeleton height={140} />}
      {standing.data && <Consequences standing={standing.data} />}
    </FormDialog>
  );
}

function Consequences({ standing }: { standing: z.output<typeof zDeactivation> }) {
  const { money } = useFrame();
  const figures = [
    ['Open', standing.open_balance],
    ['On payment plans', standing.plan_remaining],
    ['Unapplied cash', standing.unapplied_cash],
  ] as const;
  const told = figures.filter(([, amount]) => amount > 0n);
  return (
    <>
      {told.length > 0 && (
        <dl className="deactivation-figures">
          {told.map(([label, amount]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd className="num strong">{money(amount, standing.currency)}</dd>
            </div>
          ))}
        </dl>
      )}
      {standing.consequences.length === 0 && (
        <p>Nothing hangs on this customer. It leaves the active list.</p>
      )}
      <ul className="consequences" aria-label="What becomes of it">
        {standing.consequences.map(({ what, stops, says }) => (
          <li key={what} data-stops={stops}>
            {stops ? (
              <IconPlayerPause size={16} aria-label="Stops" />
            ) : (
              <IconPoint size={16} aria-label="Stays" />
            )}
            <span>{says}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Reactivate({ customer, onClose }: Props) {
  const reactivate = useAct(reactivateCustomer);
  const run = (): void =>
    void reactivate
      .run({ params: { id: customer.id } })
      .then(() => {
        onClose();
        tell(`${customer.display_name} is active again`);
      })
      .catch(() => undefined);
  return (
    <FormDialog
      title={`Activate ${customer.display_name} again?`}
      opened
      onClose={onClose}
      onSubmit={run}
      submit="Activate"
      busy={reactivate.busy}
      error={reactivate.error}
    >
      <p>
        It is on the active list again, and reminders go out for what is past due. Autopay stays off until the
        customer switches it on; schedules stay paused until you resume them.
      </p>
    </FormDialog>
  );
}
