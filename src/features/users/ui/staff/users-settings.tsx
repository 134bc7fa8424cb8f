import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { z } from 'zod';
import { ExportList } from '#features/downloads/ui/staff/export-list.tsx';
import {
  listInvitations,
  listRoles,
  listUsers,
  resendInvitation,
  revokeInvitation,
  type zInvitation,
  type zRole,
  type zUser,
} from '#features/users/api.ts';
import { EditUser } from '#features/users/ui/staff/edit-user.tsx';
import { InviteUser } from '#features/users/ui/staff/invite-user.tsx';
import { RoleMatrix } from '#features/users/ui/staff/role-matrix.tsx';
import { SignInPolicy } from '#features/users/ui/staff/sign-in-policy.tsx';
import type { Column } from '#ui/data-table.tsx';
import { DataTable } from '#ui/data-table.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Empty, Sheet } from '#ui/page.tsx';
import { Problem, tell, tellProblem } from '#ui/problem.tsx';
import { State } from '#ui/state.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

export type User = z.output<typeof zUser>;
export type Role = z.output<typeof zRole>;
type Invitation = z.output<typeof zInvitation>;

const namesOf = (ids: readonly string[], roles: readonly Role[]): string =>
  ids.map((id) => roles.find((role) => role.id === id)?.name ?? id).join(', ');

/** Who works here, who is asked to, and what each role may do. */
export function UsersSettings() {
  const { can } = useFrame();
  const roles = useAsk(listRoles, {}, { enabled: can('users:write') });
  if (!can('users:write'))
    return (
      <Sheet title="Users">
        <p className="fine">Your role does not include this. An owner of your organization can look.</p>
      </Sheet>
    );
  return (
    <div className="stack loose">
      <Problem error={roles.error} onRetry={() => void roles.refetch()} />
      <People roles={roles.data?.data ?? []} />
      <Invitations roles={roles.data?.data ?? []} />
      <SignInPolicy />
      <RoleMatrix roles={roles.data?.data} />
    </div>
  );
}

function usePeopleColumns(roles: readonly Role[], onEdit: (user: User) => void): Column<User>[] {
  const { instant } = useFrame();
  return [
    {
      key: 'name',
      title: 'Name',
      slot: 'title',
      cell: (user) => (
        <>
          <span className="strong">{`${user.first_name} ${user.last_name}`.trim() || user.email}</span>
          <span className="cell-under break">{user.email}</span>
        </>
      ),
    },
    { key: 'roles', title: 'Roles', slot: 'detail', cell: (user) => namesOf(user.roles, roles) },
    {
      key: 'state',
      title: 'State',
      slot: 'state',
      cell: ({ state }) =>
        state === 'active' ? <State tone="good">Active</State> : <State tone="faint">Disabled</State>,
    },
    {
      key: 'factor',
      title: 'Second factor',
      slot: 'detail',
      cell: ({ has_second_factor: has }) => (
        <>
          <span className="narrow-only">Second factor </span>
          {has ? <State tone="good">On</State> : <State tone="faint">None</State>}
        </>
      ),
    },
    {
      key: 'seen',
      title: 'Last sign-in',
      slot: 'detail',
      cell: ({ last_sign_in_at: at }) => (
        <>
          <span className="narrow-only">Last sign-in </span>
          <span className="num">{at ? instant(at) : 'Never'}</span>
        </>
      ),
    },
    {
      key: 'act',
      title: 'Actions',
      hideTitle: true,
      slot: 'amount',
      align: 'end',
      cell: (user) => (
        <Button size="xs" variant="subtle" aria-label={`Edit ${user.email}`} onClick={() => onEdit(user)}>
          Edit
        </Button>
      ),
    },
  ];
}

function People({ roles }: { roles: readonly Role[] }) {
  const users = useAsk(listUsers);
  const [inviting, invite] = useDisclosure();
  const [editing, setEditing] = useState<User | null>(null);
  const columns = usePeopleColumns(roles, setEditing);
  return (
    <>
      <Sheet
        title="People"
        flush
        aside={
          <>
            <ExportList small list="users" />
            <Button size="xs" onClick={invite.open}>
              Invite somebody
            </Button>
          </>
        }
      >
        <Problem error={users.error} onRetry={() => void users.refetch()} />
        <DataTable
          label="People"
          columns={columns}
          rows={users.data?.data}
          idOf={({ id }) => id}
          keys={false}
          empty={<Empty title="Nobody works here" />}
        />
        {users.data?.has_more && <p className="fine">These are the first 100; the API lists the rest.</p>}
      </Sheet>
      {inviting && <InviteUser roles={roles} onClose={invite.close} />}
      {editing && <EditUser user={editing} roles={roles} onClose={() => setEditing(null)} />}
    </>
  );
}

function Invitations({ roles }: { roles: readonly Role[] }) {
  const { instant } = useFrame();
  const open = useAsk(listInvitations);
  const again = useAct(resendInvitation);
  const revoke = useAct(revokeInvitation);
  const run = async (
    act: typeof again | typeof revoke,
    invitation: Invitation,
    done: string,
  ): Promise<void> => {
    try {
      await act.run({ params: { id: invitation.id } });
      tell(done);
    } catch (error) {
      tellProblem(error);
    }
  };
  if (!open.data?.data.length) return <Problem error={open.error} />;
  return (
    <Sheet title="Invited">
      <ul className="stack">
        {open.data.data.map((invitation) => (
          <li key={invitation.id} className="row between">
            <span>
              <span className="strong break">{invitation.email}</span>
              <span className="cell-under">
                {namesOf(invitation.roles, roles)} ·{' '}
                {invitation.state === 'expired'
                  ? 'The link is too old'
                  : `Works until ${instant(invitation.expires_at)}`}
              </span>
            </span>
            <span className="row">
              <Button
                size="xs"
                variant="default"
                aria-label={`Send again to ${invitation.email}`}
                onClick={() => void run(again, invitation, `Sent again to ${invitation.email}`)}
              >
                Send again
              </Button>
              <Button
                size="xs"
                variant="subtle"
                color="brick"
                aria-label={`Revoke the invitation of ${invitation.email}`}
                onClick={() => void run(revoke, invitation, 'The invitation is revoked')}
              >
                Revoke
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
