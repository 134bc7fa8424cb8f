import { Radio, Switch, TextInput } from '@mantine/core';
import type { z } from 'zod';
import { createTaxRate, type zTaxRate } from '#features/taxes/api.ts';
import { decimalMark, readDecimal } from '#lib/money.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

export type TaxRate = z.output<typeof zTaxRate>;

export function TaxDialog({ onClose, onSaved }: { onClose: () => void; onSaved?: (rate: TaxRate) => void }) {
  const { locale } = useFrame();
  const create = useAct(createTaxRate);
  const form = useFields(
    { name: '', percent: '', inclusive: false, compound: false },
    {
      name: filled('Give it a name, such as GST'),
      percent: (text) =>
        readDecimal(text, locale) === undefined
          ? `A percentage such as ${'8.25'.replace('.', decimalMark(locale))}`
          : null,
    },
  );
  const submit = form.submit(async (values) => {
    const percent = readDecimal(values.percent, locale) ?? '';
    const saved = await create.run({
      body: { ...values, percent, compound: values.compound && !values.inclusive },
    });
    tell(`${saved.name} added`);
    onSaved?.(saved);
    onClose();
  });
  return (
    <FormDialog
      title="New tax rate"
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Add"
      busy={create.busy}
      error={create.error}
    >
      <TextInput
        label="Name"
        required
        data-autofocus
        description="As it stands on invoices"
        {...form.text('name')}
      />
      <TextInput
        label="Percent"
        required
        inputMode="decimal"
        rightSection={<span className="unit">%</span>}
        classNames={{ input: 'money-input' }}
        {...form.text('percent')}
      />
      <WherePrices inside={form.values.inclusive} onChange={(is) => form.set('inclusive', is)} />
      {!form.values.inclusive && (
        <Switch
          label="Compound"
          description="Taken on the price and the other taxes of the line"
          {...form.flag('compound')}
        />
      )}
      <p className="fine">
        Tax is rounded half up on the invoice, once for each rate. A rate’s percentage stays what it is: when
        the law changes, add the new rate and take the old one out of use.
      </p>
    </FormDialog>
  );
}

function WherePrices({ inside, onChange }: { inside: boolean; onChange: (inside: boolean) => void }) {
  return (
    <Radio.Group
      label="Prices"
      value={inside ? 'inside' : 'on_top'}
      onChange={(value) => onChange(value === 'inside')}
    >
      <div className="stack">
        <Radio value="on_top" label="Do not include it: it is added on top" />
        <Radio value="inside" label="Include it: the price is what is paid" />
      </div>
    </Radio.Group>
  );
}
