import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { mergeCustomer, previewMerge } from '#features/customer-merges/api.ts';
import type { Customer } from '#features/customers/ui/staff/customer-columns.tsx';
import { CustomerPick } from '#features/customers/ui/staff/customer-pick.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

export const paperWords: Readonly<Record<string, [one: string, many: string]>> = {
  invoices: ['invoice', 'invoices'],
  payments: ['payment', 'payments'],
  credit_memos: ['credit memo', 'credit memos'],
  payment_methods: ['payment method', 'payment methods'],
  authorizations: ['authorization', 'authorizations'],
  autopays: ['autopay', 'autopays'],
  schedules: ['schedule', 'schedules'],
  payment_plans: ['payment plan', 'payment plans'],
  payment_links: ['payment link', 'payment links'],
  portal_memberships: ['portal user', 'portal users'],
  messages: ['message', 'messages'],
  customer_notes: ['note', 'notes'],
  tasks: ['task', 'tasks'],
  children: ['sub-customer', 'sub-customers'],
};

export const countsIn = (counts: Record<string, number>): string[] =>
  Object.entries(paperWords).flatMap(([kind, [one, many]]) => {
    const count = counts[kind] ?? 0;
    return count > 0 ? [`${count} ${count === 1 ? one : many}`] : [];
  });

type Props = { customer: Customer; opened: boolean; onClose: () => void };

/** Which record stays, what will move to it, and what one might not expect: then one press. */
export function MergeDialog({ customer, opened, onClose }: Props) {
  const [into, setInto] = useState<string>();
  const go = useNavigate();
  const merge = useAct(mergeCustomer);
  const preview = useAsk(
    previewMerge,
    { params: { id: customer.id }, query: { into_id: into } },
    { enabled: Boolean(into) && opened },
  );
  const refused = preview.data?.findings.some(({ severity }) => severity === 'refuses') ?? true;
  const submit = async (): Promise<void> => {
    if (!into) return;
    const done = await merge
      .run({ params: { id: customer.id }, body: { into_id: into } })
      .catch(() => undefined);
    if (!done) return;
    tell(`${customer.display_name} is now ${done.winner.display_name}`);
    onClose();
    await go({ to: `/customers/${into}` });
  };
  return (
    <FormDialog
      title={`Merge ${customer.display_name}`}
      opened={opened}
      onClose={onClose}
      onSubmit={submit}
      submit={preview.data ? `Merge into ${preview.data.winner.display_name}` : 'Merge'}
      busy={merge.busy}
      disabled={!into || refused}
      error={merge.error}
    >
      <p>
        For two records of one customer. {customer.display_name} stays as an inactive record that leads to the
        one you choose; links already sent keep working.
      </p>
      <CustomerPick label="The record that stays" id={into} onChange={setInto} />
      <Problem error={preview.error} />
      {into && preview.data && <Findings preview={preview.data} />}
    </FormDialog>
  );
}

type Preview = {
  findings: { severity: string; says: string }[];
  moves: Record<string, number>;
  undo_days: number;
};

function Findings({ preview }: { preview: Preview }) {
  const refusals = preview.findings.filter(({ severity }) => severity === 'refuses');
  const warnings = preview.findings.filter(({ severity }) => severity === 'warns');
  const counts = countsIn(preview.moves);
  return (
    <div className="stack" aria-live="polite">
      {refusals.length > 0 ? (
        <List title="Not possible yet" says={refusals.map(({ says }) => says)} />
      ) : (
        <>
          <p>
            <strong>Moves: </strong>
            {counts.length > 0 ? counts.join(', ') : 'nothing; the record is empty'}.
          </p>
          {warnings.length > 0 && <List title="Good to know" says={warnings.map(({ says }) => says)} />}
          <p className="fine">
            Can be undone for {preview.undo_days} days: what moved goes back, what came since stays.
          </p>
        </>
      )}
    </div>
  );
}

function List({ title, says }: { title: string; says: string[] }) {
  return (
    <div>
      <strong>{title}</strong>
      <ul className="plain-list">
        {says.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </div>
  );
}
