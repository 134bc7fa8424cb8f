import { Button, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { getCustomer } from '#features/customers/api.ts';
import { createInvoice } from '#features/invoices/api.ts';
import type { DraftLine } from '#features/invoices/ui/staff/draft-lines.ts';
import { bodyLines, draftTotals, emptyLine, lineErrors } from '#features/invoices/ui/staff/draft-lines.ts';
import { LinesEditor } from '#features/invoices/ui/staff/lines-editor.tsx';
import { getOrganization } from '#features/organizations/api.ts';
import { addDays } from '#lib/dates.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import type { Picker } from '#ui/fields.tsx';
import { DateField } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { PageHead, Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import type { Fields } from '#ui/use-fields.ts';
import { useFields } from '#ui/use-fields.ts';

type Values = {
  customer_id: string;
  number: string;
  invoice_date: string;
  due_date: string;
  po_number: string;
  memo: string;
  lines: DraftLine[];
};

/** Terms decide the due date until somebody sets it by hand. */
function useTerms(form: Fields<Values>): { days: number | undefined; touch: () => void } {
  const [byHand, setByHand] = useState(false);
  const { customer_id: id, invoice_date: date } = form.values;
  const organization = useAsk(getOrganization);
  const who = useAsk(getCustomer, { params: { id } }, { enabled: id !== '' });
  const days = (id ? who.data?.terms_days : undefined) ?? organization.data?.terms_days;
  useEffect(() => {
    if (!byHand && days !== undefined && date) form.set('due_date', addDays(date, days));
  }, [days, date, byHand]);
  return { days, touch: () => setByHand(true) };
}

type Props = { customerId?: string | undefined; pickCustomer: Picker };

export function NewInvoicePage({ customerId, pickCustomer }: Props) {
  const habit = useFrame();
  const { currency, today } = habit;
  const navigate = useNavigate();
  const create = useAct(createInvoice);
  const form = useFields<Values>(
    {
      customer_id: customerId ?? '',
      number: '',
      invoice_date: today,
      due_date: '',
      po_number: '',
      memo: '',
      lines: [emptyLine()],
    },
    {
      customer_id: (id) => (id ? null : 'Choose who owes this'),
      due_date: (date, all) => (date && date < all.invoice_date ? 'This is before the invoice date' : null),
      lines: (lines) => (lineErrors(lines, habit).size > 0 ? 'Some lines are not complete' : null),
    },
  );
  const { days, touch } = useTerms(form);
  const save = (issue: boolean) =>
    form.submit(async ({ customer_id, lines, ...rest }) => {
      const texts = Object.fromEntries(Object.entries(rest).filter(([, text]) => text.trim() !== ''));
      const saved = await create.run({
        body: { ...texts, customer_id, lines: bodyLines(lines, habit), issue },
      });
      tell(issue ? `${saved.number} is issued` : `Draft ${saved.number} saved`);
      await navigate({ to: `/invoices/${saved.id}`, replace: true });
    });
  return (
    <>
      <PageHead back={{ to: '/invoices', label: 'Invoices' }} title="New invoice" />
      <form className="stack loose" noValidate onSubmit={save(true)}>
        <Heading form={form} days={days} onDueDate={touch} pickCustomer={pickCustomer} />
        <Sheet title="Lines" flush>
          <LinesEditor
            lines={form.values.lines}
            onChange={(lines) => form.set('lines', lines)}
            currency={currency}
            marked={Boolean(form.errors.lines)}
          />
        </Sheet>
        <Sheet>
          <Textarea
            label="Memo"
            description="Stands on the invoice, below the lines"
            {...form.text('memo')}
          />
        </Sheet>
        <Problem error={create.error} />
        <Finish
          total={draftTotals(form.values.lines, habit).total}
          busy={create.busy}
          onDraft={save(false)}
          wrong={form.errors.lines}
        />
      </form>
    </>
  );
}

type HeadingProps = {
  form: Fields<Values>;
  days: number | undefined;
  onDueDate: () => void;
  pickCustomer: Picker;
};

function Heading({ form, days, onDueDate, pickCustomer }: HeadingProps) {
  const { customer_id, invoice_date, due_date } = form.values;
  return (
    <Sheet>
      <div className="fields four">
        <div className="half">
          {pickCustomer({
            id: customer_id || undefined,
            onChange: (id) => form.set('customer_id', id ?? ''),
            label: 'Customer',
            required: true,
            placeholder: 'Type a few letters',
            error: form.errors.customer_id,
            autoFocus: !customer_id,
          })}
        </div>
        <DateField
          label="Invoice date"
          value={invoice_date}
          error={form.errors.invoice_date}
          onChange={(date) => form.set('invoice_date', date)}
        />
        <DateField
          label="Due date"
          name="due_date"
          value={due_date}
          error={form.errors.due_date}
          description={days === undefined ? undefined : `Terms: ${days} days`}
          onChange={(date) => {
            onDueDate();
            form.set('due_date', date);
          }}
        />
        <TextInput label="Invoice number" placeholder="Next in your series" {...form.text('number')} />
        <TextInput label="PO number" {...form.text('po_number')} />
      </div>
    </Sheet>
  );
}

type FinishProps = { total: bigint; busy: boolean; onDraft: () => void; wrong: string | undefined };

function Finish({ total, busy, onDraft, wrong }: FinishProps) {
  const { money } = useFrame();
  return (
    <div className="finish">
      <div className="finish-total" aria-live="polite">
        <span className="fine">Total</span>
        <span className="num">{money(total)}</span>
      </div>
      {wrong && (
        <p className="field-error" role="alert">
          {wrong}
        </p>
      )}
      <div className="row">
        <ButtonLink to="/invoices" variant="subtle" color="ink">
          Cancel
        </ButtonLink>
        <Button variant="default" disabled={busy} onClick={() => onDraft()}>
          Save draft
        </Button>
        <Button type="submit" loading={busy}>
          Issue
        </Button>
      </div>
    </div>
  );
}
