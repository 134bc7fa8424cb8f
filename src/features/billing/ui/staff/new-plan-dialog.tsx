import { NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { makePlan } from '#features/billing/api.ts';
import { type Meter, meters } from '#features/billing/price-rules.ts';
import { type DraftMeter, MeterFields, readMeter } from '#features/billing/ui/staff/meter-fields.tsx';
import { listTaxRates } from '#features/taxes/api.ts';
import { readTyped } from '#lib/money.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { MoneyField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { type Fields, filled, useFields } from '#ui/use-fields.ts';

const noMeters = Object.fromEntries(meters.map((meter) => [meter, undefined])) as Record<
  Meter,
  DraftMeter | undefined
>;

type PlanWords = { name: string; description: string; every: 'month' | 'year'; price: string };

export function NewPlanDialog({ onClose }: { onClose: () => void }) {
  const { currency, locale } = useFrame();
  const make = useAct(makePlan);
  const [drafts, setDrafts] = useState(noMeters);
  const [taxRate, setTaxRate] = useState('');
  const [trialDays, setTrialDays] = useState(0);
  const form = useFields<PlanWords>(
    { name: '', description: '', every: 'month', price: '' },
    {
      name: filled('Give it a name, such as Growth'),
      price: (text) => (readTyped(text || '0', currency, locale) === undefined ? 'Give an amount' : null),
    },
  );
  const submit = form.submit(async ({ price, ...values }) => {
    const saved = await make.run({
      body: {
        ...values,
        price: Number(readTyped(price || '0', currency, locale) ?? 0n),
        trial_days: trialDays,
        tax_rate_ids: taxRate ? [taxRate] : [],
        meters: meters.flatMap((meter) => readMeter(meter, drafts[meter], locale)),
      },
    });
    tell(`${saved.name} is offered`);
    onClose();
  });
  return (
    <FormDialog
      title="New plan"
      opened
      size="xl"
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Offer it"
      busy={make.busy}
      error={make.error}
    >
      <PlanFields
        form={form}
        trialDays={trialDays}
        onTrialDays={setTrialDays}
        taxRate={taxRate}
        onTaxRate={setTaxRate}
      />
      {meters.map((meter) => (
        <MeterFields
          key={meter}
          meter={meter}
          draft={drafts[meter]}
          onChange={(draft) => setDrafts((before) => ({ ...before, [meter]: draft }))}
        />
      ))}
    </FormDialog>
  );
}

type FieldProps = {
  form: Fields<PlanWords>;
  trialDays: number;
  onTrialDays: (days: number) => void;
  taxRate: string;
  onTaxRate: (id: string) => void;
};

function PlanFields({ form, trialDays, onTrialDays, taxRate, onTaxRate }: FieldProps) {
  const { currency } = useFrame();
  const rates = useAsk(listTaxRates, { query: { status: 'active', limit: 100 } });
  return (
    <div className="fields two">
      <TextInput label="Name" required data-autofocus maxLength={100} {...form.text('name')} />
      <Select
        label="Billed every"
        data={[
          { value: 'month', label: 'Month' },
          { value: 'year', label: 'Year' },
        ]}
        value={form.values.every}
        allowDeselect={false}
        onChange={(every) => form.set('every', every === 'year' ? 'year' : 'month')}
      />
      <MoneyField
        label="Base price"
        name="price"
        description="Ahead, at the beginning of each period"
        currency={currency}
        value={form.values.price}
        error={form.errors.price}
        onChange={(price) => form.set('price', price)}
      />
      <NumberInput
        label="Trial, days"
        description="For whoever subscribes the first time"
        min={0}
        max={365}
        allowDecimal={false}
        value={trialDays}
        onChange={(days) => onTrialDays(Number(days) || 0)}
      />
      <Select
        label="Tax"
        clearable
        placeholder="None"
        data={(rates.data?.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={taxRate || null}
        onChange={(id) => onTaxRate(id ?? '')}
      />
      <div className="wide">
        <Textarea label="For whom it is" maxLength={500} autosize minRows={2} {...form.text('description')} />
      </div>
    </div>
  );
}
