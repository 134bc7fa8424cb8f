import { Checkbox, NumberInput } from '@mantine/core';
import { LinesEditor } from '#features/invoices/ui/staff/lines-editor.tsx';
import type { EditRooms, EditValues } from '#features/schedules/ui/staff/edit-schedule-form.ts';
import { listTaxRates } from '#features/taxes/api.ts';
import { useFrame } from '#ui/frame.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import type { Fields } from '#ui/use-fields.ts';

// What an invoice of a schedule says on each date has no date of its own.
const columns: ReadonlySet<string> = new Set();

/** What each invoice of a schedule says, and when it is due. */
export function InvoiceFields({ form, rooms }: { form: Fields<EditValues>; rooms: EditRooms }) {
  const { currency, locale } = useFrame();
  const rates = useAsk(listTaxRates, { query: { limit: 100 } });
  const { values, errors } = form;
  return (
    <>
      <LinesEditor
        lines={values.lines}
        onChange={(lines) => form.set('lines', lines)}
        habit={{ currency, locale, rates: rates.data?.data }}
        discount=""
        columns={columns}
        rooms={rooms}
        marked={Boolean(errors.lines)}
      />
      <div className="fields two">
        <NumberInput
          label="Due so many days after its date"
          min={0}
          max={365}
          allowDecimal={false}
          value={values.due_days}
          onChange={(days) => form.set('due_days', Number(days))}
        />
      </div>
      <Checkbox
        label="Issue each invoice at once"
        description="Otherwise it is left as a draft."
        {...form.flag('issue')}
      />
    </>
  );
}
