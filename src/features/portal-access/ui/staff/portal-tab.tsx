import { Switch } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { z } from 'zod';
import type { zCustomer } from '#features/customers/api.ts';
import { updateCustomer } from '#features/customers/api.ts';
import { CustomerDrawer } from '#features/customers/ui/staff/customer-drawer.tsx';
import { SignInTrouble } from '#features/portal-access/ui/staff/sign-in-trouble.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Facts, Sheet } from '#ui/page.tsx';
import { tellProblem } from '#ui/problem.tsx';
import type { Tone } from '#ui/state.tsx';
import { State } from '#ui/state.tsx';
import { useAct } from '#ui/use-endpoint.ts';

type Customer = z.output<typeof zCustomer>;
type Props = { customer: Customer; words: { label: string; tone: Tone; means: string } };

const permissions = [
  {
    name: 'portal_edit_profile',
    label: 'Change their own profile',
    detail: 'Names, business name and phone.',
  },
  {
    name: 'portal_edit_methods',
    label: 'Add and remove payment methods',
    detail: 'Cards and bank accounts that are kept for next time.',
  },
  {
    name: 'portal_show_children',
    label: 'See invoices of their sub-customers',
    detail: 'For a head office that pays for its branches.',
  },
] as const;

/** The customer's way into the portal: where it stands, the invitation, and what is allowed inside. */
export function PortalTab({ customer, words }: Props) {
  const [opened, door] = useDisclosure();
  return (
    <>
      <div className="columns even">
        <div className="stack loose">
          <Access customer={customer} words={words} />
          <Permissions customer={customer} />
        </div>
        <SignInTrouble customerId={customer.id} onChangeAddress={door.open} />
      </div>
      <CustomerDrawer opened={opened} onClose={door.close} customer={customer} />
    </>
  );
}

function Access({ customer, words }: Props) {
  const { instant } = useFrame();
  const { portal } = customer;
  return (
    <Sheet
      title="Access"
      aside={
        <State tone={words.tone} ring={portal.state !== 'active'}>
          {words.label}
        </State>
      }
    >
      <div className="stack">
        <p>{words.means}</p>
        <Facts
          facts={[
            { label: 'Invited', value: portal.invited_at ? instant(portal.invited_at) : 'Never' },
            {
              label: 'Last sign-in',
              value: portal.last_sign_in_at ? instant(portal.last_sign_in_at) : 'Never',
            },
            ...(portal.locked_until ? [{ label: 'Locked until', value: instant(portal.locked_until) }] : []),
            {
              label: 'Invitation goes to',
              value: customer.email ?? <span className="late">No e-mail address yet</span>,
              wide: true,
            },
          ]}
        />
      </div>
    </Sheet>
  );
}

function Permissions({ customer }: { customer: Customer }) {
  const { can } = useFrame();
  const update = useAct(updateCustomer);
  const change = async (name: (typeof permissions)[number]['name'], on: boolean): Promise<void> => {
    try {
      await update.run({ params: { id: customer.id }, body: { [name]: on } });
    } catch (error) {
      tellProblem(error);
    }
  };
  return (
    <Sheet title="In the portal, this customer may">
      <div className="stack">
        {permissions.map(({ name, label, detail }) => (
          <Switch
            key={name}
            label={label}
            description={detail}
            checked={customer[name]}
            disabled={!can('customers:write') || update.busy}
            onChange={(event) => void change(name, event.currentTarget.checked)}
          />
        ))}
      </div>
    </Sheet>
  );
}
