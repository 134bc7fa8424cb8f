import { Button, Skeleton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFileText, IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import type { z } from 'zod';
import { archivePolicy, listPolicies, updatePolicy, type zPolicy } from '#features/reminders/api.ts';
import { typeWords } from '#features/reminders/step-rules.ts';
import { PolicyDialog } from '#features/reminders/ui/staff/policy-dialog.tsx';
import { ReminderForecast } from '#features/reminders/ui/staff/reminder-forecast.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { State } from '#ui/state.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

export type Policy = z.output<typeof zPolicy>;

/** The ladders of reminders, and what they will send. */
export function ReminderSettings() {
  const { can } = useFrame();
  const policies = useAsk(listPolicies);
  const [making, make] = useDisclosure();
  const [editing, setEditing] = useState<Policy>();
  const [leaving, setLeaving] = useState<Policy>();
  return (
    <div className="stack loose">
      <div className="row between">
        <p className="fine">
          A policy is the steps by which an invoice is reminded of. A customer’s own policy comes first, then
          that of its type, then the default. Of the steps that are due only the newest goes out, once.
        </p>
        {can('settings:write') && (
          <Button size="xs" onClick={make.open}>
            New policy
          </Button>
        )}
      </div>
      <Problem error={policies.error} onRetry={() => void policies.refetch()} />
      {!policies.data && !policies.error && <Skeleton height={320} radius="lg" />}
      {policies.data?.data.map((policy) => (
        <PolicySheet
          key={policy.id}
          policy={policy}
          onEdit={() => setEditing(policy)}
          onArchive={() => setLeaving(policy)}
        />
      ))}
      {policies.data && <ReminderForecast policies={policies.data.data} />}
      {making && <PolicyDialog onClose={make.close} />}
      {editing && <PolicyDialog policy={editing} onClose={() => setEditing(undefined)} />}
      {leaving && <ArchiveDialog policy={leaving} onClose={() => setLeaving(undefined)} />}
    </div>
  );
}

type SheetProps = { policy: Policy; onEdit: () => void; onArchive: () => void };

function PolicySheet({ policy, onEdit, onArchive }: SheetProps) {
  const { can } = useFrame();
  const update = useAct(updatePolicy);
  const makeDefault = (): Promise<unknown> =>
    update.run({ params: { id: policy.id }, body: { default: true } }).then(
      () => tell(`“${policy.name}” is the default now`),
      () => undefined,
    );
  const actions = can('settings:write') && (
    <>
      <Button size="xs" variant="default" onClick={onEdit} aria-label={`Change ${policy.name}`}>
        Change
      </Button>
      {!policy.default && (
        <>
          <Button size="xs" variant="default" loading={update.busy} onClick={() => void makeDefault()}>
            Make default
          </Button>
          <Button
            size="xs"
            variant="subtle"
            color="brick"
            onClick={onArchive}
            aria-label={`Archive ${policy.name}`}
          >
            Archive
          </Button>
        </>
      )}
    </>
  );
  return (
    <Sheet title={policy.name} aside={actions}>
      <Problem error={update.error} />
      <p className="row ladder-facts">
        <ForWhom policy={policy} />
        <span className="fine">
          {policy.one_message ? 'One message for all that a customer has open' : 'A message for each invoice'}
        </span>
      </p>
      <Ladder policy={policy} />
    </Sheet>
  );
}

function ForWhom({ policy }: { policy: Policy }) {
  if (policy.default) return <State tone="good">Default</State>;
  if (policy.customer_type) return <State tone="accent">For {policy.customer_type}</State>;
  return <State tone="neutral">For customers it is chosen for</State>;
}

/** The steps on a line of time, the due date marked on it. */
function Ladder({ policy }: { policy: Policy }) {
  if (policy.steps.length === 0)
    return <p className="fine">It has no steps: customers with it get no reminders.</p>;
  return (
    <ol className="ladder">
      {policy.steps.map((step) => (
        <li key={step.id} data-when={whenOf(step)}>
          <p>
            <span className="strong">{step.words}</span>
          </p>
          <p className="fine row">
            <span>{typeWords[step.type]}</span>
            {step.formal && (
              <span className="ladder-mark">
                <IconFileText size={14} aria-hidden /> with a numbered letter
              </span>
            )}
            {(step.subject !== null || step.body !== null) && (
              <span className="ladder-mark">
                <IconPencil size={14} aria-hidden /> in its own words
              </span>
            )}
          </p>
        </li>
      ))}
    </ol>
  );
}

const whenOf = ({ type, day_offset: day }: Policy['steps'][number]): string =>
  type === 'upcoming_late_fee' ? 'fee' : day < 0 ? 'before' : day === 0 ? 'due' : 'after';

function ArchiveDialog({ policy, onClose }: { policy: Policy; onClose: () => void }) {
  const archive = useAct(archivePolicy);
  const submit = (): Promise<void> =>
    archive.run({ params: { id: policy.id } }).then(
      () => {
        tell(`“${policy.name}” is archived`);
        onClose();
      },
      () => undefined,
    );
  return (
    <FormDialog
      title={`Archive “${policy.name}”?`}
      opened
      danger
      onClose={onClose}
      onSubmit={submit}
      submit="Archive"
      busy={archive.busy}
      error={archive.error}
    >
      <p>
        Customers who have it get the policy of their type, or the default. What was sent by it stays on
        record, and nothing is sent a second time.
      </p>
    </FormDialog>
  );
}
