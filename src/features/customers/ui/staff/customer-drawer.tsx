import { Button, Drawer, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { createCustomer, updateCustomer } from '#features/customers/api.ts';
import type { Customer } from '#features/customers/ui/staff/customer-columns.tsx';
import { CustomerPick } from '#features/customers/ui/staff/customer-pick.tsx';
import type { AddressValue } from '#ui/address-fields.tsx';
import { AddressFields, tidyAddress } from '#ui/address-fields.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import type { Fields } from '#ui/use-fields.ts';
import { filled, useFields } from '#ui/use-fields.ts';

type Values = {
  display_name: string;
  external_id: string;
  business_name: string;
  first_name: string;
  last_name: string;
  email: string;
  cc_emails: string[];
  phone: string;
  customer_type: string;
  parent_id: string | null;
  notes: string;
  terms_days: string;
  tax_exempt_reason: string;
  billing_address: AddressValue;
  shipping_address: AddressValue;
  allow_card: boolean;
  allow_bank_account: boolean;
  allow_paypal: boolean;
  allow_partial_payments: boolean;
  allow_payment_plans: boolean;
  send_receipts: boolean;
};
type Form = Fields<Values>;
const texts = [
  'external_id',
  'business_name',
  'first_name',
  'last_name',
  'email',
  'phone',
  'customer_type',
  'notes',
] as const;

const valuesOf = (customer: Customer | undefined): Values => ({
  display_name: customer?.display_name ?? '',
  external_id: customer?.external_id ?? '',
  business_name: customer?.business_name ?? '',
  first_name: customer?.first_name ?? '',
  last_name: customer?.last_name ?? '',
  email: customer?.email ?? '',
  cc_emails: customer?.cc_emails ?? [],
  phone: customer?.phone ?? '',
  customer_type: customer?.customer_type ?? '',
  parent_id: customer?.parent_id ?? null,
  notes: customer?.notes ?? '',
  terms_days: customer?.terms_days?.toString() ?? '',
  tax_exempt_reason: customer?.tax_exempt_reason ?? '',
  billing_address: customer?.billing_address ?? {},
  shipping_address: customer?.shipping_address ?? {},
  allow_card: customer?.allow_card ?? true,
  allow_bank_account: customer?.allow_bank_account ?? true,
  allow_paypal: customer?.allow_paypal ?? true,
  allow_partial_payments: customer?.allow_partial_payments ?? false,
  allow_payment_plans: customer?.allow_payment_plans ?? false,
  send_receipts: customer?.send_receipts ?? true,
});

/** The form in the API's words; a new customer's switches are left to the organization's defaults. */
function bodyOf(values: Values, isNew: boolean) {
  const plain = Object.fromEntries(texts.map((name) => [name, values[name].trim() || null])) as Record<
    (typeof texts)[number],
    string | null
  >;
  const { allow_card, allow_bank_account, allow_paypal, allow_partial_payments } = values;
  const { allow_payment_plans, send_receipts } = values;
  const switches = { allow_card, allow_bank_account, allow_paypal, allow_partial_payments };
  return {
    display_name: values.display_name.trim(),
    ...plain,
    cc_emails: values.cc_emails,
    parent_id: values.parent_id,
    tax_exempt_reason: values.tax_exempt_reason.trim() || null,
    terms_days: values.terms_days.trim() === '' ? null : Number(values.terms_days),
    billing_address: tidyAddress(values.billing_address),
    shipping_address: tidyAddress(values.shipping_address),
    ...(isNew ? {} : { ...switches, allow_payment_plans, send_receipts }),
  };
}

type Props = {
  opened: boolean;
  onClose: () => void;
  customer?: Customer;
  /** Instead of leading to the page of the new one. */
  onAdded?: (id: string) => void;
};

export function CustomerDrawer({ opened, ...form }: Props) {
  return (
    <Drawer
      opened={opened}
      onClose={form.onClose}
      title={form.customer ? 'Edit customer' : 'Add a customer'}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <CustomerForm {...form} />
    </Drawer>
  );
}

function CustomerForm({ onClose, customer, onAdded }: Omit<Props, 'opened'>) {
  const create = useAct(createCustomer);
  const update = useAct(updateCustomer);
  const navigate = useNavigate();
  const form = useFields(valuesOf(customer), {
    display_name: filled('Under which name do you know this customer?'),
    terms_days: (text) => (/^\d{0,3}$/.test(text.trim()) ? null : 'Give a number of days, or leave it empty'),
  });
  const submit = form.submit(async (values) => {
    const body = bodyOf(values, !customer);
    const saved = customer
      ? await update.run({ params: { id: customer.id }, body })
      : await create.run({ body });
    onClose();
    tell(customer ? 'Saved' : `${saved.display_name} added`);
    if (customer) return;
    if (onAdded) onAdded(saved.id);
    else await navigate({ to: `/customers/${saved.id}` });
  });
  return (
    <form onSubmit={submit} className="stack loose" noValidate>
      <Who form={form} />
      <Reach form={form} />
      {customer && <Allowed form={form} />}
      <Problem error={create.error ?? update.error} />
      <div className="dialog-actions sticky-actions">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={create.busy || update.busy}>
          {customer ? 'Save' : 'Add customer'}
        </Button>
      </div>
    </form>
  );
}

function Who({ form }: { form: Form }) {
  return (
    <fieldset className="group">
      <legend>Who</legend>
      <div className="fields two">
        <div className="wide">
          <TextInput
            label="Display name"
            required
            data-autofocus
            description="As it stands in lists and on invoices"
            {...form.text('display_name')}
          />
        </div>
        <TextInput label="Business name" {...form.text('business_name')} />
        <TextInput label="Your id" description="From your other system" {...form.text('external_id')} />
        <TextInput label="First name" {...form.text('first_name')} />
        <TextInput label="Last name" {...form.text('last_name')} />
        <TextInput label="Customer type" {...form.text('customer_type')} />
        <TextInput
          label="Payment terms, days"
          inputMode="numeric"
          placeholder="As the organization"
          {...form.text('terms_days')}
        />
        <TextInput
          label="Exempt from tax because"
          description="Stands on its invoices. Leave empty: tax is charged."
          maxLength={200}
          {...form.text('tax_exempt_reason')}
        />
        <div className="wide">
          <CustomerPick
            label="Parent customer"
            placeholder="None"
            clearable
            id={form.values.parent_id ?? undefined}
            error={form.errors.parent_id}
            onChange={(id) => form.set('parent_id', id ?? null)}
          />
        </div>
        <div className="wide">
          <Textarea label="Notes" description="Only your staff sees them" {...form.text('notes')} />
        </div>
      </div>
    </fieldset>
  );
}

function Reach({ form }: { form: Form }) {
  const { billing_address: billing, shipping_address: shipping, cc_emails: cc } = form.values;
  return (
    <>
      <fieldset className="group">
        <legend>How to reach them</legend>
        <div className="fields two">
          <TextInput
            label="E-mail"
            type="email"
            description="Invoices and receipts go here"
            {...form.text('email')}
          />
          <TextInput label="Phone" type="tel" {...form.text('phone')} />
          <div className="wide">
            <TagsInput
              label="Copies to"
              description="Get every invoice and receipt; never sign-in mail. Press Enter after each."
              value={cc}
              error={form.errors.cc_emails}
              maxTags={10}
              onChange={(list) => form.set('cc_emails', list)}
              splitChars={[',', ' ', ';']}
            />
          </div>
        </div>
      </fieldset>
      <fieldset className="group">
        <legend>Billing address</legend>
        <AddressFields
          value={billing}
          prefix="billing_address"
          errors={form.errors}
          onChange={(next) => form.set('billing_address', next)}
        />
      </fieldset>
      <fieldset className="group">
        <legend>Shipping address</legend>
        <AddressFields
          value={shipping}
          prefix="shipping_address"
          errors={form.errors}
          onChange={(next) => form.set('shipping_address', next)}
        />
      </fieldset>
    </>
  );
}

function Allowed({ form }: { form: Form }) {
  return (
    <fieldset className="group">
      <legend>Paying</legend>
      <div className="stack">
        <Switch label="May pay by card" {...form.flag('allow_card')} />
        <Switch label="May pay from a bank account" {...form.flag('allow_bank_account')} />
        <Switch label="May pay by PayPal" {...form.flag('allow_paypal')} />
        <Switch label="May pay part of an invoice" {...form.flag('allow_partial_payments')} />
        <Switch label="May ask for a payment plan" {...form.flag('allow_payment_plans')} />
        <Switch label="Gets a receipt after each payment" {...form.flag('send_receipts')} />
      </div>
    </fieldset>
  );
}
