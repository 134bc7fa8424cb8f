import { Checkbox, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { createEstimate, previewEstimate, updateEstimate } from '#features/estimates/api.ts';
import {
  bodyOfEstimate,
  checksOfEstimate,
  isEstimate,
  type Values,
} from '#features/estimates/ui/staff/estimate-form-values.ts';
import type { Estimate } from '#features/estimates/ui/staff/estimate-words.tsx';
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
  /** The one that is written again. */
  estimate: Estimate | undefined;
  habit: Habit;
  columns: ReadonlySet<string>;
  rooms: FormRooms;
};

export function EstimateForm({ initial, estimate, habit: usual, columns, rooms }: Props) {
  const form = useFields<Values>(initial, checksOfEstimate(usual));
  const { values, errors } = form;
  const habit = useExempt(usual, values.customer_id);
  const { save, busy, error } = useSave(form, estimate, habit);
  return (
    <FormDesk
      form={
        <form className="stack loose" noValidate onSubmit={save}>
          <Heading form={form} estimate={estimate} rooms={rooms} />
          <Sheet title="Lines" flush aside={rooms.addTaxRate}>
            <LinesEditor
              lines={values.lines}
              onChange={(lines) => form.set('lines', lines)}
              habit={habit}
              discount={values.discount}
              columns={columns}
              rooms={rooms}
              marked={Boolean(errors.lines)}
            />
          </Sheet>
          {habit.exempt && (
            <p className="fine">This customer is exempt from tax: {habit.exempt}. No tax will be charged.</p>
          )}
          <Words form={form} />
          <Problem error={error} />
          <FormFinish
            total={draftTotals(values.lines, habit, values.discount).total}
            currency={habit.currency}
            back={estimate ? `/estimates/${estimate.id}` : '/estimates'}
            wrong={errors.lines}
            busy={busy}
            submit="Save"
          />
        </form>
      }
      preview={
        <LivePreview
          endpoint={previewEstimate}
          body={
            isEstimate(values, habit)
              ? {
                  ...bodyOfEstimate(values, habit),
                  customer_id: values.customer_id,
                  ...(estimate ? { id: estimate.id, estimate_date: estimate.estimate_date } : {}),
                }
              : undefined
          }
          alt="The estimate as its customer will get it"
          missing="Choose a customer and complete a line, and the page stands here."
        />
      }
    />
  );
}

function useSave(form: Fields<Values>, estimate: Estimate | undefined, habit: Habit) {
  const navigate = useNavigate();
  const create = useAct(createEstimate);
  const update = useAct(updateEstimate);
  const save = form.submit(async (values) => {
    const body = bodyOfEstimate(values, habit);
    const saved = estimate
      ? await update.run({
          params: { id: estimate.id },
          body: { ...body, estimate_date: estimate.estimate_date },
        })
      : await create.run({ body: { ...body, customer_id: values.customer_id } });
    tell(estimate ? `${saved.number} is changed` : `${saved.number} is written`);
    await navigate({ to: `/estimates/${saved.id}`, replace: true });
  });
  return { save, busy: create.busy || update.busy, error: create.error ?? update.error };
}

type HeadingProps = { form: Fields<Values>; estimate: Estimate | undefined; rooms: FormRooms };

function Heading({ form, estimate, rooms }: HeadingProps) {
  const { values, errors } = form;
  return (
    <Sheet>
      <div className="fields four">
        <div className={estimate ? 'half' : 'half with-button'}>
          {estimate ? (
            <TextInput label="Customer" value={estimate.customer_name} readOnly />
          ) : (
            rooms.pickCustomer({
              id: values.customer_id || undefined,
              onChange: (id) => form.set('customer_id', id ?? ''),
              label: 'Customer',
              required: true,
              placeholder: 'Type a few letters',
              error: errors.customer_id,
              autoFocus: !values.customer_id,
            })
          )}
          {!estimate && rooms.addCustomer((id) => form.set('customer_id', id))}
        </div>
        <DateField
          label="Valid until"
          value={values.expires_on}
          error={errors.expires_on}
          onChange={(date) => form.set('expires_on', date)}
        />
        <TextInput label="PO number" maxLength={100} {...form.text('po_number')} />
      </div>
      {estimate?.sent_at && (
        <p className="fine">It was sent. Whoever has its page open reads it again before they answer.</p>
      )}
    </Sheet>
  );
}

function Words({ form }: { form: Fields<Values> }) {
  const { values } = form;
  return (
    <Sheet>
      <div className="fields two">
        <TextInput
          label="Discount on the estimate"
          description="10%, or an amount; taken off before tax"
          {...form.text('discount')}
        />
        <div>
          <TextInput
            label="Deposit"
            description="30%, or an amount; billed ahead and deducted later"
            placeholder="None"
            {...form.text('deposit')}
          />
          {values.deposit.trim() && (
            <Checkbox
              mt="sm"
              label="Bill it as soon as the estimate is accepted"
              {...form.flag('deposit_at_once')}
            />
          )}
        </div>
        <div className="wide">
          <Textarea
            label="Memo"
            autosize
            minRows={2}
            description="Stands on the estimate, below the lines"
            {...form.text('memo')}
          />
        </div>
      </div>
    </Sheet>
  );
}
