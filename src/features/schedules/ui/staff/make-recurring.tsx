import { Button, NumberInput, Radio, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconRepeat } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { createSchedule } from '#features/schedules/api.ts';
import {
  freshRhythm,
  type Rhythm,
  RhythmFields,
  rhythmBody,
  rhythmChecks,
} from '#features/schedules/ui/staff/rhythm-fields.tsx';
import { daysBetween } from '#lib/dates.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

type Line = {
  item_name: string;
  description: string;
  quantity: string;
  unit_price: string;
  amount: bigint;
  taxable: boolean;
  tax_rate: string;
  discount: string;
  taxes: readonly { id: string | null }[];
};
/** What of an invoice is said again on each date. */
export type Template = {
  number: string;
  customer_id: string;
  invoice_date: string;
  due_date: string;
  terms: string | null;
  po_number: string | null;
  memo: string | null;
  discount_terms: string;
  lines?: readonly Line[] | undefined;
};
type Values = Rhythm & { description: string; due_days: number; issue: 'issue' | 'draft' };

/** The same invoice again on dates to come. */
export function MakeRecurring({ invoice }: { invoice: Template }) {
  const { can } = useFrame();
  const [opened, door] = useDisclosure();
  if (!can('invoices:write')) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconRepeat size={16} aria-hidden />} onClick={door.open}>
        Make recurring
      </Button>
      {opened && <RecurringDialog invoice={invoice} onClose={door.close} />}
    </>
  );
}

/** The amount says what the discount has left of the line, so the discount need not be said again. */
const lineOf = ({
  taxes,
  discount,
  item_name,
  description,
  quantity,
  unit_price,
  taxable,
  tax_rate,
  amount,
}: Line) => ({
  ...{ item_name, description, quantity, unit_price, taxable, tax_rate },
  tax_rate_ids: taxes.flatMap(({ id }) => id ?? []),
  ...(discount ? { discount } : { amount: Number(amount) }),
});

const bodyOf = (invoice: Template, values: Values) => ({
  kind: 'invoice' as const,
  customer_id: invoice.customer_id,
  description: values.description,
  ...rhythmBody(values),
  lines: (invoice.lines ?? []).map(lineOf),
  discount: invoice.discount_terms,
  terms: invoice.terms,
  po_number: invoice.po_number,
  memo: invoice.memo,
  due_days: values.due_days,
  issue: values.issue === 'issue',
});

function RecurringDialog({ invoice, onClose }: { invoice: Template; onClose: () => void }) {
  const { today } = useFrame();
  const navigate = useNavigate();
  const create = useAct(createSchedule);
  const form = useFields<Values>(
    {
      ...freshRhythm(today),
      description: `As ${invoice.number}`,
      due_days: Math.max(0, daysBetween(invoice.invoice_date, invoice.due_date)),
      issue: 'issue',
    },
    rhythmChecks(today),
  );
  const submit = form.submit(async (values) => {
    const made = await create.run({ body: bodyOf(invoice, values) });
    tell('The schedule runs', 'This invoice stays as it is.');
    await navigate({ to: `/schedules/${made.id}` });
  });
  return (
    <FormDialog
      title={`Make ${invoice.number} recurring`}
      opened
      size="lg"
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Start schedule"
      busy={create.busy}
      error={create.error}
    >
      <RhythmFields
        values={form.values}
        errors={form.errors}
        change={(part) => form.setAll({ ...form.values, ...part })}
      />
      <NumberInput
        label="Days to pay"
        description="From each invoice date to its due date"
        min={0}
        max={365}
        allowDecimal={false}
        name="due_days"
        value={form.values.due_days}
        error={form.errors.due_days}
        onChange={(days) => form.set('due_days', Number(days) || 0)}
      />
      <Radio.Group
        label="Each invoice is"
        value={form.values.issue}
        onChange={(choice) => form.set('issue', choice as Values['issue'])}
      >
        <div className="stack tight">
          <Radio value="issue" label="Issued at once, and sent as new invoices are" />
          <Radio value="draft" label="Left as a draft, for somebody to look at" />
        </div>
      </Radio.Group>
      <TextInput label="Description" maxLength={200} {...form.text('description')} />
    </FormDialog>
  );
}
