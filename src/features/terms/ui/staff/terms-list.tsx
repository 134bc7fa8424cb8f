import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { createTerms, listTerms, removeTerms } from '#features/terms/api.ts';
import { usualTerms } from '#features/terms/rules.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tellProblem } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

const countedWords = { invoice_date: 'after the invoice date', end_of_month: 'after the end of its month' };

/** Terms that invoices choose from; each works out the due date. */
export function TermsList() {
  const { can } = useFrame();
  const [adding, setAdding] = useState(false);
  const asked = useAsk(listTerms);
  const create = useAct(createTerms);
  const remove = useAct(removeTerms);
  const rows = asked.data?.data ?? [];
  const addUsual = async (): Promise<void> => {
    for (const { name, days, countedFrom } of usualTerms)
      await create.run({ body: { name, days, counted_from: countedFrom } });
  };
  return (
    <Sheet
      title="Terms"
      aside={
        can('settings:write') && (
          <Button size="xs" variant="default" onClick={() => setAdding(true)}>
            Add terms
          </Button>
        )
      }
    >
      <Problem error={asked.error} onRetry={() => void asked.refetch()} />
      {asked.data && rows.length === 0 && (
        <div className="stack">
          <p className="fine">
            No terms yet. Due dates follow the days of the customer or of the organization.
          </p>
          {can('settings:write') && (
            <Button
              variant="default"
              loading={create.busy}
              onClick={() => void addUsual().catch(tellProblem)}
            >
              Add the usual ones: {usualTerms.map(({ name }) => name).join(', ')}
            </Button>
          )}
        </div>
      )}
      <ul className="plain-rows">
        {rows.map((terms) => (
          <li key={terms.id}>
            <span>
              <span className="strong">{terms.name}</span>
              <span className="cell-under">
                {terms.days} days {countedWords[terms.counted_from]}
              </span>
            </span>
            {can('settings:write') && (
              <Button
                size="compact-sm"
                variant="subtle"
                aria-label={`Remove ${terms.name}`}
                onClick={() => void remove.run({ params: { id: terms.id } }).catch(tellProblem)}
              >
                Remove
              </Button>
            )}
          </li>
        ))}
      </ul>
      {adding && <TermsDialog onClose={() => setAdding(false)} />}
    </Sheet>
  );
}

function TermsDialog({ onClose }: { onClose: () => void }) {
  const create = useAct(createTerms);
  const form = useFields(
    { name: '', days: 30, counted_from: 'invoice_date' as keyof typeof countedWords },
    { name: filled('Give them a name, such as Net 30') },
  );
  const submit = form.submit(async (body) => {
    await create.run({ body });
    onClose();
  });
  return (
    <FormDialog
      title="New terms"
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Add"
      busy={create.busy}
      error={create.error}
    >
      <TextInput label="Name" required data-autofocus {...form.text('name')} />
      <NumberInput
        label="Days"
        min={0}
        max={365}
        allowDecimal={false}
        value={form.values.days}
        error={form.errors.days}
        onChange={(days) => form.set('days', Number(days))}
      />
      <Select
        label="Counted"
        data={Object.entries(countedWords).map(([value, label]) => ({ value, label }))}
        value={form.values.counted_from}
        allowDeselect={false}
        onChange={(from) => from && form.set('counted_from', from as keyof typeof countedWords)}
      />
    </FormDialog>
  );
}
