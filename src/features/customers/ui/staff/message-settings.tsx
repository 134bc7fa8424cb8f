import { Button, Select, Switch } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type MessageCell, messageCells } from '#features/correspondence/channel-rules.ts';
import { getFamily, updateCustomer } from '#features/customers/api.ts';
import { type DoNotContact, doNotContactReasons } from '#features/customers/setting-rules.ts';
import { doNotContactWords } from '#features/customers/setting-word-rules.ts';
import type { Customer } from '#features/customers/ui/staff/customer-columns.tsx';
import { MessageMatrix } from '#features/customers/ui/staff/message-matrix.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';
import { type Fields, useFields } from '#ui/use-fields.ts';

const flags = [
  'send_reminders',
  'charge_late_fees',
  'waive_next_late_fee',
  'ignore_conflicts',
  'bill_with_parent',
] as const;
type Values = Pick<Customer, (typeof flags)[number] | 'message_cells' | 'do_not_contact' | 'collector_id'>;

const valuesOf = (customer: Customer): Values => ({
  ...(Object.fromEntries(flags.map((flag) => [flag, customer[flag]])) as Pick<
    Customer,
    (typeof flags)[number]
  >),
  message_cells: customer.message_cells,
  do_not_contact: customer.do_not_contact,
  collector_id: customer.collector_id,
});

type Props = {
  customer: Customer;
  /** Chooses somebody of the staff: from the room that gives out work. */
  pickCollector: (value: string | null, onChange: (id: string | null) => void) => ReactNode;
};

/** What this customer is sent by itself, by which ways, and what holds it back. */
export function MessageSettings({ customer, ...rest }: Props) {
  // Begun anew when somebody else has changed the customer.
  return <SettingsForm key={customer.updated_at.toISOString()} customer={customer} {...rest} />;
}

function SettingsForm({ customer, pickCollector }: Props) {
  const { can, instant } = useFrame();
  const update = useAct(updateCustomer);
  const form = useFields<Values>(valuesOf(customer));
  const submit = form.submit(async (body) => {
    await update.run({ params: { id: customer.id }, body });
    tell('Saved');
  });
  const may = can('customers:write');
  return (
    <form onSubmit={submit} className="stack loose">
      <div className="columns even">
        <Sheet title="What goes out by itself" flush>
          <Held customer={customer} values={form.values} />
          <Matrix form={form} disabled={!may || form.values.bill_with_parent} />
        </Sheet>
        <Sheet title="Chasing">
          <Chasing form={form} customer={customer} disabled={!may} pickCollector={pickCollector} />
        </Sheet>
      </div>
      <Problem error={update.error} />
      <div className="row between">
        <p className="fine">Last changed {instant(customer.updated_at)}</p>
        {may ? (
          <Button type="submit" loading={update.busy}>
            Save
          </Button>
        ) : (
          <p className="fine">Your role may read these settings, not change them.</p>
        )}
      </div>
    </form>
  );
}

function Matrix({ form, disabled }: { form: Fields<Values>; disabled: boolean }) {
  const { message_cells: on } = form.values;
  const change = (cell: MessageCell, to: boolean): void =>
    form.set(
      'message_cells',
      messageCells.filter((each) => (each === cell ? to : on.includes(each))),
    );
  return (
    <MessageMatrix
      label="Messages of this customer"
      isOn={(cell) => on.includes(cell)}
      onChange={change}
      disabled={disabled}
    />
  );
}

/** Why the matrix is not what decides. */
function Held({ customer, values }: { customer: Customer; values: Values }) {
  const family = useAsk(getFamily, { params: { id: customer.id } }, { enabled: values.bill_with_parent });
  const { do_not_contact: stopped } = values;
  if (stopped)
    return (
      <p className="note inset" data-tone="warn">
        {doNotContactWords[stopped].means}
      </p>
    );
  if (!values.bill_with_parent) return null;
  const parent = family.data?.parent;
  return (
    <p className="note inset">
      This customer is billed with its parent: messages go to{' '}
      {parent ? <Link to={`/customers/${parent.id}`}>{parent.display_name}</Link> : 'the parent'}, by the
      parent’s settings and policy. Its own settings below rest until that is switched off.
    </p>
  );
}

type ChasingProps = Props & { form: Fields<Values>; disabled: boolean };

function Chasing({ form, customer, disabled, pickCollector }: ChasingProps) {
  const { values } = form;
  const withParent = values.bill_with_parent;
  return (
    <fieldset className="stack bare" disabled={disabled}>
      <legend className="hidden">Chasing</legend>
      <Select
        label="May be contacted"
        description="A conduct rule: where a lawyer speaks for somebody, or they asked for it, chasing must stop"
        data={[
          { value: '', label: 'Yes' },
          ...doNotContactReasons.map((reason) => ({
            value: reason,
            label: `No: ${doNotContactWords[reason].label.toLowerCase()}`,
          })),
        ]}
        value={values.do_not_contact ?? ''}
        allowDeselect={false}
        onChange={(value) => form.set('do_not_contact', (value || null) as DoNotContact | null)}
      />
      <Switch
        label="Gets reminders"
        description="Off: none goes out by itself; the customer stays in lists and in the portal"
        disabled={withParent}
        {...form.flag('send_reminders')}
      />
      <Switch label="Is charged late fees" {...form.flag('charge_late_fees')} />
      <Switch
        label="Waive the next late fee"
        description="One fee is left out; then this turns itself off"
        disabled={!values.charge_late_fees}
        {...form.flag('waive_next_late_fee')}
      />
      <Switch
        label="Is billed with its parent"
        description={
          customer.parent_id === null
            ? 'Give it a parent first, under Edit'
            : 'The parent gets its messages and statements'
        }
        disabled={customer.parent_id === null}
        {...form.flag('bill_with_parent')}
      />
      <Switch
        label="Ignore conflicts"
        description="Not listed for want of an e-mail address"
        {...form.flag('ignore_conflicts')}
      />
      {pickCollector(values.collector_id, (id) => form.set('collector_id', id))}
    </fieldset>
  );
}
