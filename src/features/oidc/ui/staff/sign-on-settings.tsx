import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUserShield } from '@tabler/icons-react';
import { useState } from 'react';
import type { z } from 'zod';
import { deleteProvider, listProviders, type zProvider } from '#features/oidc/api.ts';
import { ProviderDialog } from '#features/oidc/ui/staff/provider-dialog.tsx';
import { CopyButton } from '#ui/copy.tsx';
import type { Column } from '#ui/data-table.tsx';
import { DataTable } from '#ui/data-table.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty, Sheet } from '#ui/page.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

export type Provider = z.output<typeof zProvider>;

/** How the people of the organization may sign in beside the password. */
export function SignOnSettings() {
  const { can } = useFrame();
  if (!can('users:write'))
    return (
      <Sheet title="Sign-in providers">
        <p className="fine">Your role does not include this. An owner of your organization can look.</p>
      </Sheet>
    );
  return <Providers />;
}

function Providers() {
  const asked = useAsk(listProviders);
  const [adding, add] = useDisclosure();
  const [changing, setChanging] = useState<Provider | null>(null);
  const [removing, setRemoving] = useState<Provider | null>(null);
  const mayAct = (forAll: boolean) => (forAll ? asked.data?.may_for_all : asked.data?.may_change) ?? false;
  const columns = useColumns(mayAct, setChanging, setRemoving);
  return (
    <>
      <Sheet
        title="Sign-in providers"
        flush
        aside={
          mayAct(false) ? (
            <Button size="xs" onClick={add.open}>
              Add a provider
            </Button>
          ) : undefined
        }
      >
        <Problem error={asked.error} onRetry={() => void asked.refetch()} />
        <DataTable
          label="Sign-in providers"
          columns={columns}
          rows={asked.data?.data}
          idOf={({ id }) => id}
          keys={false}
          empty={
            <Empty title="Password only" icon={<IconUserShield size={22} stroke={1.5} />}>
              Google Workspace, Microsoft Entra, Okta, Keycloak and any other OpenID provider can sign your
              people in.
            </Empty>
          }
        />
      </Sheet>
      {asked.data && (
        <Sheet title="What your provider must know">
          <p className="fine">Register Owed there as a web application with this redirect address.</p>
          <div className="row between">
            <code className="break">{asked.data.redirect_uri}</code>
            <CopyButton size="xs" text={asked.data.redirect_uri}>
              Copy the address
            </CopyButton>
          </div>
        </Sheet>
      )}
      {adding && asked.data && <ProviderDialog mayForAll={asked.data.may_for_all} onClose={add.close} />}
      {changing && (
        <ProviderDialog provider={changing} mayForAll={changing.for_all} onClose={() => setChanging(null)} />
      )}
      {removing && <RemoveProvider provider={removing} onClose={() => setRemoving(null)} />}
    </>
  );
}

const rulesOf = ({
  email_domains,
  links_by_email,
  creates_users,
  password_allowed,
  for_all,
  is_trusted,
}: Provider): string =>
  [
    for_all ? 'everybody here' : '',
    is_trusted ? '' : 'until an operator saves it too: for who connected it alone',
    email_domains.length > 0 ? email_domains.join(', ') : 'any domain',
    links_by_email ? 'connects by e-mail' : 'connected by each person',
    creates_users ? 'adds newcomers' : '',
    password_allowed ? '' : 'no passwords',
  ]
    .filter(Boolean)
    .join(' · ');

function useColumns(
  mayAct: (forAll: boolean) => boolean,
  onChange: (it: Provider) => void,
  onRemove: (it: Provider) => void,
): Column<Provider>[] {
  return [
    {
      key: 'label',
      title: 'Provider',
      slot: 'title',
      cell: ({ label, issuer }) => (
        <>
          <span className="strong">{label}</span>
          <span className="cell-under break">{issuer}</span>
        </>
      ),
    },
    {
      key: 'rules',
      title: 'Rules',
      slot: 'detail',
      cell: (it) => <span className="fine">{rulesOf(it)}</span>,
    },
    {
      key: 'people',
      title: 'Connected',
      slot: 'detail',
      cell: ({ people }) => <span className="num">{people}</span>,
    },
    {
      key: 'act',
      title: 'Actions',
      hideTitle: true,
      slot: 'amount',
      align: 'end',
      cell: (it) =>
        mayAct(it.for_all) && (
          <>
            <Button size="xs" variant="subtle" aria-label={`Change ${it.label}`} onClick={() => onChange(it)}>
              Change
            </Button>
            <Button
              size="xs"
              variant="subtle"
              color="brick"
              aria-label={`Remove ${it.label}`}
              onClick={() => onRemove(it)}
            >
              Remove
            </Button>
          </>
        ),
    },
  ];
}

function RemoveProvider({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const remove = useAct(deleteProvider);
  const { count } = useFrame();
  const run = async (): Promise<void> => {
    if (!(await remove.run({ params: { id: provider.id } }).catch(() => undefined))) return;
    onClose();
    tell(`${provider.label} is removed`);
  };
  return (
    <FormDialog
      title={`Remove ${provider.label}?`}
      opened
      onClose={onClose}
      onSubmit={run}
      submit="Remove"
      danger
      busy={remove.busy}
      error={remove.error}
    >
      <p>
        {provider.people > 0
          ? `Connected with ${count(provider.people, 'sign-in')}. These people need a password from now on: ` +
            '“Forgotten your password?” mails them a link.'
          : 'Nobody has signed in that way yet.'}
      </p>
    </FormDialog>
  );
}
