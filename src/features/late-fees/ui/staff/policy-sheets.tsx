import { Checkbox, Select, Switch, Textarea, TextInput } from '@mantine/core';
import type { z } from 'zod';
import type { zLateFeeCeiling } from '#features/late-fees/api.ts';
import type { LateFeeAmountType } from '#features/late-fees/rules.ts';
import { placesOf } from '#features/late-fees/ui/staff/ceilings.tsx';
import { usesFlat, usesPercent, type Values } from '#features/late-fees/ui/staff/policy-form.ts';
import { DateField, MoneyField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import type { Fields } from '#ui/use-fields.ts';

type Props = { form: Fields<Values> };

const types: { value: LateFeeAmountType; label: string }[] = [
  { value: 'percent', label: 'A percentage of what is due' },
  { value: 'flat', label: 'A flat amount' },
  { value: 'greater', label: 'The greater of the two' },
  { value: 'both', label: 'Both together' },
];

const percentEnd = { rightSection: <span className="unit">%</span>, rightSectionWidth: 40 };

/** `MoneyField` takes its text alone. */
const moneyOf = (form: Fields<Values>, name: 'flat_amount' | 'cap_amount' | 'minimum_balance') => ({
  ...form.text(name),
  onChange: (text: string) => form.set(name, text),
});

export function HowMuch({ form }: Props) {
  const { currency } = useFrame();
  const { values } = form;
  return (
    <Sheet title="How much">
      <div className="fields two">
        <div className="wide">
          <Select
            label="A late fee is"
            data={types}
            allowDeselect={false}
            value={values.amount_type}
            onChange={(type) => form.set('amount_type', (type ?? 'flat') as LateFeeAmountType)}
          />
        </div>
        {usesPercent(values) && (
          <TextInput
            label="Percentage"
            inputMode="decimal"
            autoComplete="off"
            {...percentEnd}
            {...form.text('percent')}
          />
        )}
        {usesFlat(values) && (
          <MoneyField label="Amount" currency={currency} {...moneyOf(form, 'flat_amount')} />
        )}
        {usesPercent(values) && (
          <div className="wide">
            <Checkbox
              label="Take the percentage of earlier late fees too"
              description="Off, fees never grow on fees, and an invoice with only fees left is charged no more"
              {...form.flag('compounds')}
            />
          </div>
        )}
      </div>
    </Sheet>
  );
}

export function WhenDue({ form }: Props) {
  return (
    <Sheet title="When">
      <div className="fields two">
        <TextInput
          label="Days of grace"
          inputMode="numeric"
          description="Days after the due date without a fee; the first comes on the day after them"
          {...form.text('grace_days')}
        />
        <DateField
          label="For invoices due from"
          description="Invoices due before keep the terms they were due under"
          value={form.values.effective_from}
          error={form.errors.effective_from}
          onChange={(day) => form.set('effective_from', day)}
        />
        <Switch label="Again while it stays unpaid" {...form.flag('repeats')} />
        {form.values.repeats && (
          <TextInput label="Every how many days" inputMode="numeric" {...form.text('every_days')} />
        )}
      </div>
    </Sheet>
  );
}

export function Limits({ form }: Props) {
  const { currency } = useFrame();
  return (
    <Sheet title="Limits of an invoice" aside="Empty: no limit">
      <div className="fields two">
        {form.values.repeats && (
          <TextInput label="Largest number of fees" inputMode="numeric" {...form.text('max_fees')} />
        )}
        <MoneyField
          label="Smallest balance with a fee"
          currency={currency}
          {...moneyOf(form, 'minimum_balance')}
        />
        <MoneyField label="All fees together, at most" currency={currency} {...moneyOf(form, 'cap_amount')} />
        <TextInput
          label="And of the invoice’s total, at most"
          inputMode="decimal"
          autoComplete="off"
          {...percentEnd}
          {...form.text('cap_percent')}
        />
      </div>
    </Sheet>
  );
}

export function Terms({ form }: Props) {
  const { values } = form;
  const has = values.terms_text.trim() !== '';
  return (
    <Sheet title="Terms in your words">
      <div className="stack">
        <Textarea
          label="Terms"
          autosize
          minRows={3}
          maxLength={2000}
          placeholder="A late fee of 1.5 % a month is charged on what is unpaid 30 days after the due date."
          {...form.text('terms_text')}
        />
        <Checkbox
          label="Print them on invoices, below the memo"
          disabled={!has}
          {...form.flag('terms_in_memo')}
        />
        <Checkbox label="Add them to reminders" disabled={!has} {...form.flag('terms_in_reminders')} />
      </div>
    </Sheet>
  );
}

export function Place({ form, ceilings }: Props & { ceilings: readonly z.output<typeof zLateFeeCeiling>[] }) {
  const known = placesOf(ceilings);
  const names = new Intl.DisplayNames(['en'], { type: 'region' });
  const nameOf = (place: string): string => {
    const [country = '', state] = place.split('-');
    return state ? `${names.of(country)}, ${state}` : (names.of(country) ?? place);
  };
  const chosen = form.values.jurisdiction;
  const places = chosen && !known.includes(chosen) ? [...known, chosen] : known;
  return (
    <Select
      label="Whose law applies"
      clearable
      placeholder="Not chosen"
      data={places.map((place) => ({ value: place, label: nameOf(place) }))}
      value={chosen || null}
      error={form.errors.jurisdiction}
      onChange={(place) => form.set('jurisdiction', place ?? '')}
    />
  );
}
