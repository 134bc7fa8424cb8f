import { systemActor, type Tx } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { acceptInvitation, readInvitation } from '#features/users/accept-invitation.ts';
import * as api from '#features/users/api.ts';
import { changeUser } from '#features/users/change-user.ts';
import { inviteUser, resendInvitation, revokeInvitation } from '#features/users/invite-user.ts';
import { readInvitations, readRoles, readUser, readUsers } from '#features/users/people-queries.ts';
import { requestStaffReset, resetStaffPassword } from '#features/users/reset-staff-password.ts';
import { removeRole, saveRole } from '#features/users/save-role.ts';
import type { App } from '#http/app.ts';
import { serve, servePublic } from '#http/serve.ts';
import { openSession, refuseForeignOrigin, setSessionCookie, staffCookie } from '#http/session.ts';
import { must } from '#lib/errors.ts';

/** Who works here and what they may do, and the doors that a mail opens. */
export function peopleRoutes(app: App, outbox: Outbox): void {
  serve(
    app,
    api.listUsers,
    ({ tx, organization, query }) =>
      readUsers(tx, organization.id, { after: query.starting_after, limit: query.limit }),
    'system',
  );
  serve(
    app,
    api.updateUser,
    async ({ tx, actor, organization, now, params, body }) => {
      const { first_name: firstName, last_name: lastName, roles, disabled } = body;
      const change = {
        organizationId: organization.id,
        userId: params.id,
        firstName,
        lastName,
        roles,
        disabled,
      };
      await changeUser(tx, actor, change, now);
      return readUser(tx, organization.id, params.id);
    },
    'system',
  );
  invitationRoutes(app, outbox);
  roleRoutes(app);
  mailDoors(app, outbox);
}

function invitationRoutes(app: App, outbox: Outbox): void {
  const one = async (tx: Tx, organizationId: string, id: string) =>
    must((await readInvitations(tx, organizationId, id))[0], 'the invitation');
  serve(app, api.listInvitations, async ({ tx, organization }) => ({
    object: 'list' as const,
    data: await readInvitations(tx, organization.id),
    has_more: false,
  }));
  serve(
    app,
    api.createInvitation,
    async ({ tx, actor, organization, now, body }) => {
      const { email, first_name: firstName, last_name: lastName, roles } = body;
      const invite = { organizationId: organization.id, email, firstName, lastName, roles, outbox };
      const { invitationId } = await inviteUser(tx, actor, invite, now);
      return one(tx, organization.id, invitationId);
    },
    'system',
  );
  serve(
    app,
    api.resendInvitation,
    async ({ tx, actor, organization, now, params }) => {
      await resendInvitation(tx, actor, { organizationId: organization.id, id: params.id, outbox }, now);
      return one(tx, organization.id, params.id);
    },
    'system',
  );
  serve(
    app,
    api.revokeInvitation,
    async ({ tx, actor, organization, now, params }) => {
      await revokeInvitation(tx, actor, { organizationId: organization.id, id: params.id }, now);
      return one(tx, organization.id, params.id);
    },
    'system',
  );
}

function roleRoutes(app: App): void {
  const one = async (tx: Tx, organizationId: string, id: string) =>
    must(
      (await readRoles(tx, organizationId)).find((role) => role.id === id),
      'the role',
    );
  serve(app, api.listRoles, async ({ tx, organization }) => ({
    object: 'list' as const,
    data: await readRoles(tx, organization.id),
    has_more: false,
  }));
  serve(app, api.createRole, async ({ tx, actor, organization, now, body }) => {
    const { id } = await saveRole(tx, actor, { organizationId: organization.id, ...body }, now);
    return one(tx, organization.id, id);
  });
  serve(app, api.updateRole, async ({ tx, actor, organization, now, params, body }) => {
    const { id } = await saveRole(
      tx,
      actor,
      { organizationId: organization.id, id: params.id, ...body },
      now,
    );
    return one(tx, organization.id, id);
  });
  serve(app, api.deleteRole, async ({ tx, actor, organization, now, params }) => {
    await removeRole(tx, actor, { organizationId: organization.id, id: params.id }, now);
    return { object: 'role_removed' as const, id: params.id };
  });
}

function mailDoors(app: App, outbox: Outbox): void {
  servePublic(app, api.getInvitation, ({ query }) =>
    app.db.transaction(systemActor('invitation'), async (tx) => {
      const invited = await readInvitation(tx, query.token);
      return {
        object: 'invitation' as const,
        organization_name: invited.organizationName,
        email: invited.email,
        first_name: invited.firstName,
        last_name: invited.lastName,
        has_sign_in: invited.userId !== null && !invited.isUnproved,
      };
    }),
  );
  servePublic(
    app,
    api.acceptInvitation,
    async ({ request, reply, body, origin }) => {
      refuseForeignOrigin(app, request);
      const { first_name: firstName, last_name: lastName, token, password } = body;
      const { isNew, ...who } = await acceptInvitation(app.db, { token, firstName, lastName, password });
      if (isNew) setSessionCookie(app, reply, staffCookie, await openSession(app.db, who, origin));
      return { object: 'invitation_accepted' as const, signed_in: isNew };
    },
    10,
  );
  servePublic(
    app,
    api.requestPasswordReset,
    async ({ body }) => {
      await requestStaffReset(app.db, outbox, body.email);
      return { object: 'reset_requested' as const };
    },
    10,
  );
  servePublic(
    app,
    api.resetPassword,
    async ({ request, body }) => {
      refuseForeignOrigin(app, request);
      await resetStaffPassword(app.db, body);
      return { object: 'password_changed' as const };
    },
    10,
  );
}
