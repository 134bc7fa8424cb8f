import { Button, Checkbox, Switch, TextInput } from '@mantine/core';
import type { z } from 'zod';
import { getLayout, previewLayout, updateLayout, type zLayout } from '#features/invoices/drafts/api.ts';
import { type ColumnKey, columnKeys, type Theme, themes } from '#features/invoices/layout-rules.ts';
import { Chips } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { LivePreview } from '#ui/live-preview.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

const themeWords: Record<Theme, string> = {
  simple: 'Simple',
  modern: 'Modern',
  classic: 'Classic',
  compact: 'Compact',
};
const columnWords: Record<ColumnKey, string> = {
  item: 'Item',
  service_date: 'Service date',
  description: 'Description',
  quantity: 'Quantity',
  unit_price: 'Unit price',
  discount: 'Discount',
  taxes: 'Tax',
  amount: 'Amount',
};

/** How invoices look, with the page beside it. */
export function LayoutSettings() {
  const layout = useAsk(getLayout);
  return (
    <>
      <Problem error={layout.error} onRetry={() => void layout.refetch()} />
      {layout.data && <LayoutForm layout={layout.data} />}
    </>
  );
}

function LayoutForm({ layout: { object: _, ...layout } }: { layout: z.output<typeof zLayout> }) {
  const { can } = useFrame();
  const act = useAct(updateLayout);
  const form = useFields(layout);
  const { values } = form;
  const submit = form.submit(async (body) => {
    await act.run({ body });
    tell('Saved', 'Invoices look so from now on, also those that are out when they are opened again.');
  });
  const turn = (key: ColumnKey, isOn: boolean) =>
    form.set(
      'columns',
      columnKeys.filter((each) => (each === key ? isOn : values.columns.includes(each))),
    );
  return (
    <Sheet title="How invoices look">
      <form onSubmit={submit} className="layout-desk" noValidate>
        <div className="stack">
          <Chips
            label="Theme"
            value={values.theme}
            options={themes.map((theme) => ({ value: theme, label: themeWords[theme] }))}
            onChange={(theme) => form.set('theme', theme)}
          />
          <fieldset className="stack tight">
            <legend>Columns, where an invoice fills them</legend>
            {columnKeys.map((key) => (
              <Checkbox
                key={key}
                label={columnWords[key]}
                checked={values.columns.includes(key)}
                onChange={(event) => turn(key, event.currentTarget.checked)}
              />
            ))}
          </fieldset>
          <TextInput label="Instead of “Bill to”" maxLength={40} {...form.text('bill_to_label')} />
          <TextInput label="Instead of “Ship to”" maxLength={40} {...form.text('ship_to_label')} />
          <Switch label="Print the memo" {...form.flag('show_memo')} />
          <Problem error={act.error} />
          {can('settings:write') && (
            <div>
              <Button type="submit" loading={act.busy}>
                Save the look
              </Button>
            </div>
          )}
        </div>
        <LivePreview
          endpoint={previewLayout}
          body={values}
          alt={`A sample invoice, theme ${themeWords[values.theme]}`}
          missing=""
        />
      </form>
    </Sheet>
  );
}
