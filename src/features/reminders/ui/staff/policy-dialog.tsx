import { Button, Switch, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { createPolicy, updatePolicy } from '#features/reminders/api.ts';
import { bodyStep, type DraftStep, draftOf, newDraft } from '#features/reminders/ui/staff/draft-steps.ts';
import type { Policy } from '#features/reminders/ui/staff/reminder-settings.tsx';
import { StepRow } from '#features/reminders/ui/staff/step-row.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

type Props = { policy?: Policy; onClose: () => void };
type Values = { name: string; customer_type: string; one_message: boolean; steps: DraftStep[] };

/** A policy whole: for whom it is, how many messages it makes, and its steps. */
export function PolicyDialog({ policy, onClose }: Props) {
  const create = useAct(createPolicy);
  const update = useAct(updatePolicy);
  const form = useFields<Values>(
    {
      name: policy?.name ?? '',
      customer_type: policy?.customer_type ?? '',
      one_message: policy?.one_message ?? false,
      steps: policy ? policy.steps.map(draftOf) : [newDraft([])],
    },
    { name: filled('Give it a name') },
  );
  const { values } = form;
  const submit = form.submit(async ({ name, customer_type: type, one_message, steps }) => {
    const body = { name, one_message, customer_type: type.trim() || null, steps: steps.map(bodyStep) };
    if (policy) await update.run({ params: { id: policy.id }, body });
    else await create.run({ body });
    tell(policy ? 'Saved' : `“${name}” is made`);
    onClose();
  });
  const setSteps = (steps: DraftStep[]): void => form.set('steps', steps);
  return (
    <FormDialog
      title={policy ? `Change “${policy.name}”` : 'New dunning policy'}
      opened
      size="xl"
      onClose={onClose}
      onSubmit={() => submit()}
      submit={policy ? 'Save' : 'Make policy'}
      busy={create.busy || update.busy}
      error={create.error ?? update.error}
    >
      <div className="fields two">
        <TextInput label="Name" required maxLength={100} {...form.text('name')} />
        {!policy?.default && (
          <TextInput
            label="For customers of the type"
            placeholder="Any that it is chosen for"
            {...form.text('customer_type')}
          />
        )}
      </div>
      <Switch
        label="One message for all that a customer has open"
        description="Off: a message for each invoice"
        {...form.flag('one_message')}
      />
      <ol className="step-list" aria-label="Steps">
        {values.steps.map((step, at) => (
          <StepRow
            key={step.key}
            step={step}
            name={`Step ${at + 1}`}
            errors={errorsOf(form.errors, at)}
            onChange={(patch) =>
              setSteps(values.steps.map((each) => (each.key === step.key ? { ...each, ...patch } : each)))
            }
            onRemove={() => setSteps(values.steps.filter((each) => each.key !== step.key))}
          />
        ))}
      </ol>
      <div>
        <Button
          variant="subtle"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setSteps([...values.steps, newDraft(values.steps)])}
        >
          Add a step
        </Button>
      </div>
    </FormDialog>
  );
}

/** `steps.2.day_offset` is the server’s word for the third step. */
function errorsOf(errors: Record<string, string>, at: number): Record<string, string> {
  const start = `steps.${at}.`;
  return Object.fromEntries(
    Object.entries(errors).flatMap(([name, words]) =>
      name.startsWith(start) ? [[name.slice(start.length), words]] : [],
    ),
  );
}
