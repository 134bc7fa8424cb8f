import { Select, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { getCustomer } from '#features/customers/api.ts';
import { getNextNumber } from '#features/invoices/drafts/api.ts';
import type { FormRooms } from '#features/invoices/ui/staff/invoice-form.tsx';
import type { Invoice, Values } from '#features/invoices/ui/staff/invoice-form-values.ts';
import { getOrganization } from '#features/organizations/api.ts';
import { listTerms } from '#features/terms/api.ts';
import { dueDateUnder } from '#features/terms/rules.ts';
import { addDays } from '#lib/dates.ts';
import { DateField } from '#ui/fields.tsx';
import { Sheet } from '#ui/page.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import type { Fields } from '#ui/use-fields.ts';

type Props = {
  form: Fields<Values>;
  draft: Invoice | undefined;
  rooms: FormRooms;
  /** Why this customer is charged no tax. */
  exempt: string | undefined;
};

/** Terms decide the due date until somebody sets it by hand. */
function useTerms(form: Fields<Values>, isDraft: boolean) {
  const [byHand, setByHand] = useState(isDraft);
  const { customer_id: id, invoice_date: date, terms_id: termsId } = form.values;
  const organization = useAsk(getOrganization);
  const who = useAsk(getCustomer, { params: { id } }, { enabled: id !== '' });
  const list = useAsk(listTerms).data?.data ?? [];
  const chosen = list.find((terms) => terms.id === termsId);
  const days = (id ? who.data?.terms_days : undefined) ?? organization.data?.terms_days;
  const due = !date
    ? undefined
    : chosen
      ? dueDateUnder({ days: chosen.days, countedFrom: chosen.counted_from }, date)
      : days === undefined
        ? undefined
        : addDays(date, days);
  useEffect(() => {
    if (!byHand && due !== undefined) form.set('due_date', due);
  }, [due, byHand]);
  const choose = (next: string | null) => {
    setByHand(false);
    form.setAll({
      ...form.values,
      terms_id: next ?? '',
      terms: list.find((terms) => terms.id === next)?.name ?? '',
    });
  };
  return { list, days, chosen, choose, touch: () => setByHand(true) };
}

export function FormHeading({ form, draft, rooms, exempt }: Props) {
  const { customer_id, invoice_date, due_date, terms_id } = form.values;
  const { list, days, chosen, choose, touch } = useTerms(form, draft !== undefined);
  const numbering = useAsk(getNextNumber).data;
  const isGapless = numbering?.mode === 'gapless';
  const choices = list.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Sheet>
      <div className="fields four">
        <div className="half with-button">
          {rooms.pickCustomer({
            id: customer_id || undefined,
            onChange: (id) => form.set('customer_id', id ?? ''),
            label: 'Customer',
            required: true,
            placeholder: 'Type a few letters',
            error: form.errors.customer_id,
            autoFocus: !customer_id,
          })}
          {rooms.addCustomer((id) => form.set('customer_id', id))}
        </div>
        <DateField
          label="Invoice date"
          value={invoice_date}
          error={form.errors.invoice_date}
          onChange={(date) => form.set('invoice_date', date)}
        />
        <TextInput
          label="Invoice number"
          placeholder={numbering?.next_number ?? 'Next in your series'}
          disabled={isGapless}
          description={isGapless ? 'Taken when it is issued' : undefined}
          {...form.text('number')}
        />
        {list.length > 0 && (
          <Select
            label="Terms"
            placeholder={form.values.terms || 'As the customer'}
            clearable
            data={choices}
            value={terms_id || null}
            onChange={choose}
          />
        )}
        <DateField
          label="Due date"
          name="due_date"
          value={due_date}
          error={form.errors.due_date}
          description={chosen || days === undefined ? undefined : `Terms: ${days} days`}
          onChange={(date) => {
            touch();
            form.set('due_date', date);
          }}
        />
        <TextInput label="PO number" {...form.text('po_number')} />
      </div>
      {exempt && <p className="fine">This customer is exempt from tax: {exempt}. No tax will be charged.</p>}
    </Sheet>
  );
}
