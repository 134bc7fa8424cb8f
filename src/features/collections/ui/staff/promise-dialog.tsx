import { MultiSelect, Skeleton, Textarea } from '@mantine/core';
import { makePromise } from '#features/collections/api.ts';
import { listInvoices } from '#features/invoices/api.ts';
import type { Invoice } from '#features/invoices/ui/staff/invoice-words.tsx';
import { addDays } from '#lib/dates.ts';
import { readTyped, toTyped } from '#lib/money.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { DateField, MoneyField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { type Fields, filled, useFields } from '#ui/use-fields.ts';

type Owed = Pick<Invoice, 'id' | 'number' | 'balance_due' | 'currency' | 'past_due' | 'due_date'>;

/** Of a customer: which of its open invoices, those past due chosen already. */
export function CustomerPromise({
  customer,
  onClose,
}: {
  customer: { id: string; name: string };
  onClose: () => void;
}) {
  const asked = useAsk(listInvoices, {
    query: { customer_id: customer.id, status: 'open', sort: 'due_date', limit: 100 },
  });
  if (asked.data) {
    if (asked.data.data.length > 0)
      return <PromiseDialog name={customer.name} invoices={asked.data.data} onClose={onClose} />;
  }
  return (
    <FormDialog title={`Promise to pay: ${customer.name}`} opened onClose={onClose}>
      <Problem error={asked.error} />
      {asked.data ? <p>This customer has no open invoice to promise.</p> : <Skeleton height={120} />}
    </FormDialog>
  );
}

type Props = { name: string; invoices: readonly Owed[]; onClose: () => void };

/** When what is due will be paid: chasing rests through that day. */
export function PromiseDialog({ name, invoices, onClose }: Props) {
  const { today, money, date, locale, count } = useFrame();
  const make = useAct(makePromise);
  const late = invoices.filter((invoice) => invoice.past_due);
  const form = useFields<Values>(
    {
      invoice_ids: (late.length > 0 ? late : invoices.slice(0, 1)).map(({ id }) => id),
      promised_on: addDays(today, 7),
      amount: '',
      note: '',
    },
    {
      invoice_ids: (ids) => (ids.length > 0 ? null : 'Choose what was promised'),
      promised_on: filled('By which day?'),
    },
  );
  const chosen = invoices.filter(({ id }) => form.values.invoice_ids.includes(id));
  const [only] = chosen;
  const single = chosen.length === 1 ? only : undefined;
  const sum = chosen.reduce((total, { balance_due: due }) => total + due, 0n);
  const submit = form.submit(async ({ promised_on, note, amount }) => {
    const part = single && amount.trim() ? readTyped(amount, single.currency, locale) : undefined;
    for (const { id } of chosen)
      await make.run({
        params: { id },
        body: { promised_on, note, ...(part === undefined ? {} : { amount: Number(part) }) },
      });
    onClose();
    tell('Promise noted', `Chasing rests through ${date(promised_on)}`);
  });
  return (
    <FormDialog
      title={`Promise to pay: ${name}`}
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit={chosen.length > 1 ? `Note ${count(chosen.length, 'promise')}` : 'Note the promise'}
      busy={make.busy}
      error={make.error}
    >
      <WhatWasPromised form={form} invoices={invoices} />
      <div className="fields two">
        <DateField
          label="Paid by"
          required
          data-autofocus
          name="promised_on"
          min={today}
          value={form.values.promised_on}
          error={form.errors.promised_on}
          onChange={(day) => form.set('promised_on', day)}
        />
        {single && (
          <MoneyField
            label="Amount"
            name="amount"
            currency={single.currency}
            placeholder={toTyped(single.balance_due, single.currency, locale)}
            description="Left empty: all that is due"
            value={form.values.amount}
            error={form.errors.amount}
            onChange={(amount) => form.set('amount', amount)}
          />
        )}
      </div>
      <Textarea label="Note" autosize minRows={2} maxLength={1000} {...form.text('note')} />
      <p className="fine">
        {only && `${money(sum, only.currency)} due. `}Reminders and late fees rest through that day. If it is
        not paid by then, they go on by themselves and you get a task.
      </p>
    </FormDialog>
  );
}

type Values = { invoice_ids: string[]; promised_on: string; amount: string; note: string };

function WhatWasPromised({ form, invoices }: { form: Fields<Values>; invoices: readonly Owed[] }) {
  const { money } = useFrame();
  if (invoices.length < 2) return null;
  return (
    <MultiSelect
      label="What was promised"
      data={invoices.map((each) => ({
        value: each.id,
        label: `${each.number} · ${money(each.balance_due, each.currency)}`,
      }))}
      value={form.values.invoice_ids}
      error={form.errors.invoice_ids}
      searchable
      hidePickedOptions
      onChange={(ids) => form.set('invoice_ids', ids)}
    />
  );
}
