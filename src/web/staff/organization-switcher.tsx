import { Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCheck, IconPlus, IconSelector } from '@tabler/icons-react';
import { useState } from 'react';
import { AddOrganization } from '#features/users/ui/staff/add-organization.tsx';
import type { RailProps } from '#web/staff/rail.tsx';
import { useSwitchOrganization } from '#web/staff/use-switch-organization.ts';

export function Monogram({ name, logo }: { name: string; logo?: string | null }) {
  if (logo)
    return (
      <span className="monogram logo">
        <img src={logo} alt="" />
      </span>
    );
  return (
    <span className="monogram" aria-hidden>
      {[...name.trim()][0]?.toUpperCase()}
    </span>
  );
}

/** So many are found by looking; more are found by typing. */
const fewEnough = 7;

export function OrganizationSwitcher({ me, organization }: Omit<RailProps, 'onFind'>) {
  const { switchTo } = useSwitchOrganization();
  const [adding, add] = useDisclosure();
  const face = (
    <>
      <Monogram name={organization.name} logo={organization.logo_url} />
      <span className="switcher-name">{organization.name}</span>
    </>
  );
  if (me.organizations.length < 2 && !me.may_add_organizations) return <div className="switcher">{face}</div>;
  return (
    <>
      <Menu width={260} position="bottom-start">
        <Menu.Target>
          <button
            type="button"
            className="switcher"
            aria-label={`Organization: ${organization.name}. Switch`}
          >
            {face}
            <IconSelector size={16} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Organizations me={me} here={organization.id} />
          {me.may_add_organizations && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<IconPlus size={16} aria-hidden />} onClick={add.open}>
                Add an organization
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {adding && (
        <AddOrganization
          currency={organization.currency}
          onClose={add.close}
          onDone={(id) => {
            add.close();
            void switchTo(id);
          }}
        />
      )}
    </>
  );
}

function Organizations({ me, here }: { me: RailProps['me']; here: string }) {
  const { switchTo, busy } = useSwitchOrganization();
  const [letters, setLetters] = useState('');
  const wanted = letters.trim().toLowerCase();
  const found = me.organizations.filter(({ name }) => name.toLowerCase().includes(wanted));
  return (
    <>
      <Menu.Label>Work in</Menu.Label>
      {me.organizations.length > fewEnough && (
        <Menu.Search
          placeholder="Find an organization"
          aria-label="Find an organization"
          value={letters}
          onChange={(event) => setLetters(event.currentTarget.value)}
        />
      )}
      <div className="switcher-list">
        {found.map(({ id, name, mode }) => (
          <Menu.Item
            key={id}
            onClick={() => void switchTo(id)}
            disabled={busy}
            rightSection={id === here ? <IconCheck size={16} aria-label="Current" /> : null}
          >
            {name}
            {mode === 'sandbox' && <span className="cell-under">Practice mode</span>}
          </Menu.Item>
        ))}
      </div>
      {found.length === 0 && <p className="fine switcher-none">Nothing is called so.</p>}
    </>
  );
}
