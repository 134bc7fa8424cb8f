import { Textarea } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { createCreditMemo, previewCreditMemo, rewriteCreditMemo } from '#features/credit-memos/api.ts';
import {
  bodyOfCredit,
  checksOfCredit,
  isCredit,
  type Values,
} from '#features/credit-memos/ui/staff/credit-form-values.ts';
import type { CreditMemo } from '#features/credit-memos/ui/staff/credit-memo-words.tsx';
import { draftTotals, type Habit } from '#features/invoices/ui/staff/draft-lines.ts';
import { FormDesk } from '#features/invoices/ui/staff/form-desk.tsx';
import { FormFinish } from '#features/invoices/ui/staff/form-finish.tsx';
import type { FormRooms } from '#features/invoices/ui/staff/invoice-form.tsx';
import { LinesEditor } from '#features/invoices/ui/staff/lines-editor.tsx';
import { useExempt } from '#features/invoices/ui/staff/use-exempt.ts';
import { DateField } from '#ui/fields.tsx';
import { LivePreview } from '#ui/live-preview.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { type Fields, useFields } from '#ui/use-fields.ts';

type Props = {
  initial: Values;
  draft: CreditMemo | undefined;
  habit: Habit;
  columns: ReadonlySet<string>;
  rooms: FormRooms;
};

export function CreditForm({ initial, draft, habit: usual, columns, rooms }: Props) {
  const form = useFields<Values>(initial, checksOfCredit(usual));
  const { values, errors } = form;
  const habit = useExempt(usual, values.customer_id);
  const { save, busy, error } = useSave(form, draft, habit);
  return (
    <FormDesk
      form={
        <form className="stack loose" noValidate onSubmit={save(true)}>
          <Heading form={form} rooms={rooms} exempt={habit.exempt} />
          <Sheet title="Lines" flush aside={rooms.addTaxRate}>
            <LinesEditor
              lines={values.lines}
              onChange={(lines) => form.set('lines', lines)}
              habit={habit}
              discount=""
              columns={columns}
              rooms={rooms}
              marked={Boolean(errors.lines)}
            />
          </Sheet>
          <Sheet>
            <Textarea
              label="Reason"
              description="Stands on the credit memo, below the lines"
              autosize
              minRows={2}
              maxLength={500}
              {...form.text('reason')}
            />
          </Sheet>
          <Problem error={error} />
          <FormFinish
            total={draftTotals(values.lines, habit).total}
            currency={habit.currency}
            busy={busy}
            submit="Issue"
            onDraft={save(false)}
            back={draft ? `/credit-memos/${draft.id}` : '/credit-memos'}
            wrong={errors.lines}
          />
        </form>
      }
      preview={
        <LivePreview
          endpoint={previewCreditMemo}
          body={isCredit(values, habit) ? { ...bodyOfCredit(values, habit), id: draft?.id } : undefined}
          alt="The credit memo as its customer will get it"
          missing="Choose a customer and complete a line, and the page stands here."
        />
      }
    />
  );
}

type HeadingProps = { form: Fields<Values>; rooms: FormRooms; exempt: string | undefined };

function Heading({ form, rooms, exempt }: HeadingProps) {
  const { values, errors } = form;
  return (
    <Sheet>
      <div className="fields four">
        <div className="half with-button">
          {rooms.pickCustomer({
            id: values.customer_id || undefined,
            onChange: (id) => form.set('customer_id', id ?? ''),
            label: 'Customer',
            required: true,
            placeholder: 'Type a few letters',
            error: errors.customer_id,
            autoFocus: !values.customer_id,
          })}
          {rooms.addCustomer((id) => form.set('customer_id', id))}
        </div>
        <DateField
          label="Date"
          value={values.memo_date}
          error={errors.memo_date}
          onChange={(date) => form.set('memo_date', date)}
        />
      </div>
      {exempt && (
        <p className="fine">This customer is exempt from tax: {exempt}. No tax will be taken back.</p>
      )}
    </Sheet>
  );
}

function useSave(form: Fields<Values>, draft: CreditMemo | undefined, habit: Habit) {
  const navigate = useNavigate();
  const create = useAct(createCreditMemo);
  const rewrite = useAct(rewriteCreditMemo);
  const save = (issue: boolean) =>
    form.submit(async (values) => {
      const body = { ...bodyOfCredit(values, habit), issue };
      const saved = draft
        ? await rewrite.run({ params: { id: draft.id }, body })
        : await create.run({ body });
      tell(issue ? `${saved.number} is issued` : `Draft ${saved.number} saved`);
      await navigate({ to: `/credit-memos/${saved.id}`, replace: true });
    });
  return { save, busy: create.busy || rewrite.busy, error: create.error ?? rewrite.error };
}
