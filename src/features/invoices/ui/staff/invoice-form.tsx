import { Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { createInvoice } from '#features/invoices/api.ts';
import { previewInvoice, rewriteDraft, type zLayout } from '#features/invoices/drafts/api.ts';
import type { Habit } from '#features/invoices/ui/staff/draft-lines.ts';
import { draftTotals } from '#features/invoices/ui/staff/draft-lines.ts';
import { FormDesk } from '#features/invoices/ui/staff/form-desk.tsx';
import { FormFinish } from '#features/invoices/ui/staff/form-finish.tsx';
import { FormHeading } from '#features/invoices/ui/staff/form-heading.tsx';
import type { Invoice, Values } from '#features/invoices/ui/staff/invoice-form-values.ts';
import { bodyOf, checksOf, isWritable } from '#features/invoices/ui/staff/invoice-form-values.ts';
import type { LineRooms } from '#features/invoices/ui/staff/line-row.tsx';
import { LinesEditor } from '#features/invoices/ui/staff/lines-editor.tsx';
import { useExempt } from '#features/invoices/ui/staff/use-exempt.ts';
import type { Picker } from '#ui/fields.tsx';
import { LivePreview } from '#ui/live-preview.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import type { Fields } from '#ui/use-fields.ts';
import { useFields } from '#ui/use-fields.ts';

export type FormRooms = LineRooms & {
  pickCustomer: Picker;
  addCustomer: (onAdded: (id: string) => void) => ReactNode;
  /** A button that adds a tax rate without leaving the form. */
  addTaxRate: ReactNode;
};
type Props = {
  initial: Values;
  draft: Invoice | undefined;
  habit: Habit;
  layout: z.output<typeof zLayout>;
  rooms: FormRooms;
};

/** The form, and beside it (on a phone behind it) the page as it will be. */
export function InvoiceForm({ initial, draft, habit: usual, layout, rooms }: Props) {
  const form = useFields<Values>(initial, checksOf(usual));
  const { values } = form;
  const habit = useExempt(usual, values.customer_id);
  const { save, busy, error } = useSave(form, draft, habit);
  const columns = new Set<string>(layout.columns);
  return (
    <FormDesk
      form={
        <form className="stack loose" noValidate onSubmit={save(true)}>
          <FormHeading form={form} draft={draft} rooms={rooms} exempt={habit.exempt} />
          <Sheet title="Lines" flush aside={rooms.addTaxRate}>
            <LinesEditor
              lines={values.lines}
              onChange={(lines) => form.set('lines', lines)}
              habit={habit}
              discount={values.discount}
              columns={columns}
              rooms={rooms}
              marked={Boolean(form.errors.lines)}
            />
          </Sheet>
          <Words form={form} printsMemo={layout.show_memo} />
          <Problem error={error} />
          <FormFinish
            total={draftTotals(values.lines, habit, values.discount).total}
            currency={habit.currency}
            busy={busy}
            submit="Issue"
            onDraft={save(false)}
            back={draft ? `/invoices/${draft.id}` : '/invoices'}
            wrong={form.errors.lines}
          />
        </form>
      }
      preview={
        <LivePreview
          endpoint={previewInvoice}
          body={isWritable(values, habit) ? bodyOf(values, habit) : undefined}
          alt="The invoice as its customer will get it"
          missing="Choose a customer and complete a line, and the page stands here."
        />
      }
    />
  );
}

function Words({ form, printsMemo }: { form: Fields<Values>; printsMemo: boolean }) {
  return (
    <Sheet>
      <div className="fields two">
        <TextInput
          label="Discount on the invoice"
          description="10%, or an amount; taken off before tax"
          {...form.text('discount')}
        />
        <div className="wide">
          <Textarea
            label="Memo"
            autosize
            minRows={2}
            description={
              printsMemo ? 'Stands on the invoice, below the lines' : 'Not printed: see invoice settings'
            }
            {...form.text('memo')}
          />
        </div>
      </div>
    </Sheet>
  );
}

function useSave(form: ReturnType<typeof useFields<Values>>, draft: Invoice | undefined, habit: Habit) {
  const navigate = useNavigate();
  const create = useAct(createInvoice);
  const rewrite = useAct(rewriteDraft);
  const save = (issue: boolean) =>
    form.submit(async (values) => {
      const body = { ...bodyOf(values, habit), issue };
      const saved = draft
        ? await rewrite.run({ params: { id: draft.id }, body })
        : await create.run({ body });
      tell(issue ? `${saved.number} is issued` : `Draft ${saved.number} saved`);
      await navigate({ to: `/invoices/${saved.id}`, replace: true });
    });
  return { save, busy: create.busy || rewrite.busy, error: create.error ?? rewrite.error };
}
