import { Menu } from '@mantine/core';
import { IconCheck, IconSelector } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { switchOrganization } from '#features/users/api.ts';
import { tellProblem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import type { RailProps } from '#web/staff/rail.tsx';

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

export function OrganizationSwitcher({ me, organization }: Omit<RailProps, 'onFind'>) {
  const change = useAct(switchOrganization);
  const client = useQueryClient();
  const navigate = useNavigate();
  const choose = async (id: string): Promise<void> => {
    try {
      await change.run({ body: { organization_id: id } });
      await navigate({ to: '/' });
      // Nothing of the one before may stay on screen, this page included.
      await client.resetQueries();
    } catch (error) {
      tellProblem(error);
    }
  };
  const face = (
    <>
      <Monogram name={organization.name} logo={organization.logo_url} />
      <span className="switcher-name">{organization.name}</span>
    </>
  );
  if (me.organizations.length < 2) return <div className="switcher">{face}</div>;
  return (
    <Menu width={260} position="bottom-start">
      <Menu.Target>
        <button type="button" className="switcher" aria-label={`Organization: ${organization.name}. Switch`}>
          {face}
          <IconSelector size={16} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Work in</Menu.Label>
        {me.organizations.map((each) => (
          <Menu.Item
            key={each.id}
            onClick={() => void choose(each.id)}
            disabled={change.busy}
            rightSection={each.id === organization.id ? <IconCheck size={16} aria-label="Current" /> : null}
          >
            {each.name}
            {each.mode === 'sandbox' && <span className="cell-under">Practice mode</span>}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
