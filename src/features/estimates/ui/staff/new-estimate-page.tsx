import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { createEstimate } from '#features/estimates/api.ts';
import {
  bodyLines,
  type DraftLine,
  emptyLine,
  type Habit,
  lineErrors,
} from '#features/invoices/ui/staff/draft-lines.ts';
import type { LineRooms } from '#features/invoices/ui/staff/line-row.tsx';
import { LinesEditor } from '#features/invoices/ui/staff/lines-editor.tsx';
import { addDays } from '#lib/dates.ts';
import { readDecimal } from '#lib/money.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import { DateField, type Picker } from '#ui/fields.tsx';
import { useFrame } from '#ui/frame.tsx';
import { PageHead, Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { type Fields, useFields } from '#ui/use-fields.ts';

type Values = {
  customer_id: string;
  expires_on: string;
  deposit_percent: string;
  deposit_at_once: boolean;
  memo: string;
  lines: DraftLine[];
};
type Props = { customerId?: string | undefined; pickCustomer: Picker; rooms: LineRooms };

// Discounts, dates and the organization's rates come with the invoice; an estimate has one rate a line.
const noColumns: ReadonlySet<string> = new Set();
const plainLines = (lines: readonly DraftLine[], habit: Habit) =>
  bodyLines(lines, habit).map(({ tax_rate_ids: _, service_date: __, discount: ___, ...line }) => line);

export function NewEstimatePage({ customerId, pickCustomer, rooms }: Props) {
  const habit = useFrame();
  const navigate = useNavigate();
  const create = useAct(createEstimate);
  const form = useFields<Values>(
    {
      customer_id: customerId ?? '',
      expires_on: addDays(habit.today, 30),
      deposit_percent: '',
      deposit_at_once: true,
      memo: '',
      lines: [emptyLine()],
    },
    {
      customer_id: (id) => (id ? null : 'Choose whom it is for'),
      lines: (lines) => (lineErrors(lines, habit).size > 0 ? 'Some lines are not complete' : null),
    },
  );
  const { values, errors } = form;
  const save = form.submit(
    async ({ customer_id, expires_on, deposit_percent, deposit_at_once, memo, lines }) => {
      const percent = deposit_percent.trim();
      const saved = await create.run({
        body: {
          ...{ customer_id, expires_on, deposit_at_once },
          lines: plainLines(lines, habit),
          ...(percent ? { deposit_percent: readDecimal(percent, habit.locale) ?? percent } : {}),
          ...(memo.trim() ? { memo } : {}),
        },
      });
      tell(`${saved.number} is written`);
      await navigate({ to: `/estimates/${saved.id}`, replace: true });
    },
  );
  return (
    <>
      <PageHead back={{ to: '/estimates', label: 'Estimates' }} title="New estimate" />
      <form className="stack loose" noValidate onSubmit={save}>
        <Heading form={form} pickCustomer={pickCustomer} />
        <Sheet title="Lines" flush>
          <LinesEditor
            lines={values.lines}
            onChange={(lines) => form.set('lines', lines)}
            habit={habit}
            discount=""
            columns={noColumns}
            rooms={rooms}
            marked={Boolean(errors.lines)}
          />
        </Sheet>
        <Memo form={form} />
        <Problem error={create.error} />
        <LinesFault words={errors.lines} />
        <div className="row">
          <ButtonLink to="/estimates" variant="subtle" color="ink">
            Cancel
          </ButtonLink>
          <Button type="submit" loading={create.busy}>
            Save
          </Button>
        </div>
      </form>
    </>
  );
}

function Heading({ form, pickCustomer }: { form: Fields<Values>; pickCustomer: Picker }) {
  const { values, errors } = form;
  return (
    <Sheet>
      <div className="fields four">
        <div className="half">
          {pickCustomer({
            id: values.customer_id || undefined,
            onChange: (id) => form.set('customer_id', id ?? ''),
            label: 'Customer',
            required: true,
            placeholder: 'Type a few letters',
            error: errors.customer_id,
            autoFocus: !values.customer_id,
          })}
        </div>
        <DateField
          label="Valid until"
          value={values.expires_on}
          error={errors.expires_on}
          onChange={(date) => form.set('expires_on', date)}
        />
        <TextInput
          label="Deposit"
          inputMode="decimal"
          placeholder="None"
          rightSection={<span className="unit">%</span>}
          {...form.text('deposit_percent')}
        />
      </div>
      {values.deposit_percent.trim() && (
        <Checkbox
          mt="sm"
          label="Bill the deposit as soon as the estimate is accepted"
          checked={values.deposit_at_once}
          onChange={(event) => form.set('deposit_at_once', event.currentTarget.checked)}
        />
      )}
    </Sheet>
  );
}

const LinesFault = ({ words }: { words: string | undefined }) =>
  words ? (
    <p className="field-error" role="alert">
      {words}
    </p>
  ) : null;

const Memo = ({ form }: { form: Fields<Values> }) => (
  <Sheet>
    <Textarea label="Memo" description="Stands on the estimate, below the lines" {...form.text('memo')} />
  </Sheet>
);
