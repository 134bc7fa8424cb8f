import { Select, TextInput } from '@mantine/core';
import type { CardFeeMode, FeeChannel } from '#features/card-fees/rules.ts';
import { usesFlat, usesPercent, type Values } from '#features/card-fees/ui/staff/card-fee-form.ts';
import { DateField, MoneyField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import type { Fields } from '#ui/use-fields.ts';

type Props = { form: Fields<Values>; places: readonly { region: string; name: string }[] };

const percentEnd = { rightSection: <span className="unit">%</span>, rightSectionWidth: 40 };
const channels: { value: FeeChannel; label: string }[] = [
  { value: 'online', label: 'Online: the portal and links' },
  { value: 'staff', label: 'By telephone or in person: charged by staff' },
];

const percentWords: Partial<Record<CardFeeMode, { label: string; description: string }>> = {
  surcharge: { label: 'Surcharge', description: 'Of what is paid.' },
  dual_pricing: {
    label: 'A card payment costs you',
    description: 'Of the card price: exactly your price is left.',
  },
  bank_discount: { label: 'Discount', description: 'Of what is paid on invoices.' },
};

export function CardFeeFields({ form, places }: Props) {
  const { currency } = useFrame();
  const { values } = form;
  const isDual = values.mode === 'dual_pricing';
  return (
    <Sheet title="How much, where and from when">
      <div className="fields two">
        <Select
          label="Your state"
          description="Its rules hold, and those of the payer’s state too."
          searchable
          data={places.map(({ region, name }) => ({ value: region, label: name }))}
          value={values.region || null}
          error={form.errors.region}
          onChange={(region) => form.set('region', region ?? '')}
        />
        {usesPercent(values) && (
          <TextInput
            {...percentWords[values.mode]}
            inputMode="decimal"
            autoComplete="off"
            {...percentEnd}
            {...form.text('percent')}
          />
        )}
        {values.mode === 'bank_discount' && (
          <MoneyField
            label="At most, for one payment"
            description="Empty: no most."
            currency={currency}
            {...form.text('most_amount')}
            onChange={(text: string) => form.set('most_amount', text)}
          />
        )}
        {usesFlat(values) && (
          <MoneyField
            label={isDual ? 'And a fixed part, if any' : 'Convenience fee'}
            currency={currency}
            {...form.text('flat_amount')}
            onChange={(text: string) => form.set('flat_amount', text)}
          />
        )}
        {values.mode === 'convenience_fee' && (
          <Select
            label="Where it is asked for"
            data={channels}
            allowDeselect={false}
            value={values.channel}
            onChange={(channel) => form.set('channel', (channel ?? 'online') as FeeChannel)}
          />
        )}
        {values.mode === 'surcharge' && <Notice form={form} />}
        <DateField
          label="From"
          value={values.effective_from}
          error={form.errors.effective_from}
          name="effective_from"
          onChange={(day) => form.set('effective_from', day)}
        />
      </div>
    </Sheet>
  );
}

function Notice({ form }: Pick<Props, 'form'>) {
  return (
    <>
      <TextInput
        label="Accepting a card costs you"
        description="All of it, in percent: a surcharge is never more."
        inputMode="decimal"
        autoComplete="off"
        {...percentEnd}
        {...form.text('cost_percent')}
      />
      <DateField
        label="Your acquirer was told on"
        value={form.values.acquirer_notified_on}
        error={form.errors.acquirer_notified_on}
        name="acquirer_notified_on"
        onChange={(day) => form.set('acquirer_notified_on', day)}
      />
    </>
  );
}
