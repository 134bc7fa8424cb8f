import { Switch } from '@mantine/core';
import { SaveBar, useSave } from '#features/organizations/ui/staff/save-settings.tsx';
import type { Organization } from '#features/organizations/ui/staff/settings-page.tsx';
import { Sheet } from '#ui/page.tsx';
import { useFields } from '#ui/use-fields.ts';

const paying = [
  { name: 'default_allow_card', label: 'May pay by card' },
  { name: 'default_allow_bank_account', label: 'May pay from a bank account' },
  { name: 'default_allow_paypal', label: 'May pay by PayPal' },
  { name: 'default_allow_partial_payments', label: 'May pay part of an invoice' },
] as const;
const portal = [
  { name: 'default_portal_edit_profile', label: 'May change their own profile' },
  { name: 'default_portal_edit_methods', label: 'May add and remove payment methods' },
  { name: 'default_portal_show_children', label: 'See invoices of their sub-customers' },
] as const;
type Name = (typeof paying)[number]['name'] | (typeof portal)[number]['name'];

/** Copied to each customer that is added from now on; those who are there keep what they have. */
export function PortalSettings({ organization }: { organization: Organization }) {
  const { act, save } = useSave();
  const initial = Object.fromEntries(
    [...paying, ...portal].map(({ name }) => [name, organization[name]]),
  ) as Record<Name, boolean>;
  const form = useFields(initial);
  return (
    <form onSubmit={form.submit(save)} className="stack loose">
      <p className="note">
        These apply to customers you add or import from now on. Customers who are here already keep their own
        settings.
      </p>
      <Sheet title="Paying">
        <div className="stack">
          {paying.map(({ name, label }) => (
            <Switch key={name} label={label} {...form.flag(name)} />
          ))}
        </div>
      </Sheet>
      <Sheet title="In the portal">
        <div className="stack">
          {portal.map(({ name, label }) => (
            <Switch key={name} label={label} {...form.flag(name)} />
          ))}
        </div>
      </Sheet>
      <SaveBar act={act} />
    </form>
  );
}
