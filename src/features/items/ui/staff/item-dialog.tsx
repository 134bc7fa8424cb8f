import { MultiSelect, Switch, Textarea, TextInput } from '@mantine/core';
import type { z } from 'zod';
import { createItem, updateItem, type zItem } from '#features/items/api.ts';
import { listTaxRates } from '#features/taxes/api.ts';
import { decimalMark, readDecimal } from '#lib/money.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

export type Item = z.output<typeof zItem>;
type Props = { item?: Item | undefined; name?: string; onClose: () => void; onSaved?: (item: Item) => void };

/** An item, new or changed. */
export function ItemDialog({ item, name = '', onClose, onSaved }: Props) {
  const { locale } = useFrame();
  const create = useAct(createItem);
  const update = useAct(updateItem);
  const rates = useAsk(listTaxRates, { query: { limit: 100 } });
  const form = useFields(
    {
      name: item?.name ?? name,
      description: item?.description ?? '',
      unit_price: (item?.unit_price ?? '').replace('.', decimalMark(locale)),
      taxable: item?.taxable ?? false,
      tax_rate_ids: item?.tax_rate_ids ?? [],
    },
    {
      name: filled('Give it a name'),
      unit_price: (text) =>
        text.trim() === '' || readDecimal(text, locale) !== undefined
          ? null
          : `A price such as ${'12.50'.replace('.', decimalMark(locale))}`,
    },
  );
  const submit = form.submit(async (values) => {
    const body = {
      ...values,
      name: values.name.trim(),
      description: values.description.trim() || null,
      unit_price: readDecimal(values.unit_price, locale) ?? '0',
      taxable: values.taxable || values.tax_rate_ids.length > 0,
    };
    const saved = item ? await update.run({ params: { id: item.id }, body }) : await create.run({ body });
    tell(`${saved.name} saved`);
    onSaved?.(saved);
    onClose();
  });
  return (
    <FormDialog
      title={item ? item.name : 'New item'}
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Save"
      busy={create.busy || update.busy}
      error={create.error ?? update.error}
    >
      <TextInput label="Name" required data-autofocus maxLength={200} {...form.text('name')} />
      <Textarea label="Description" autosize minRows={2} {...form.text('description')} />
      <TextInput
        label="Price of one"
        inputMode="decimal"
        classNames={{ input: 'money-input' }}
        {...form.text('unit_price')}
      />
      <MultiSelect
        label="Tax rates"
        description="What a line over it starts with"
        data={(rates.data?.data ?? []).map((rate) => ({ value: rate.id, label: rate.name }))}
        value={form.values.tax_rate_ids}
        error={form.errors.tax_rate_ids}
        onChange={(ids) => form.set('tax_rate_ids', ids)}
      />
      {form.values.tax_rate_ids.length === 0 && <Switch label="Taxable" {...form.flag('taxable')} />}
    </FormDialog>
  );
}
