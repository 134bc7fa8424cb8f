import { sql } from 'kysely';
import { type Actor, type Database, systemActor } from '#db/db.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { inviteNextChunk } from '#features/portal-access/invite-never-invited.ts';
import { sendEmailChange } from '#features/portal-access/request-email-change.ts';
import { sendWayBack } from '#features/portal-access/request-reset.ts';
import { type InvitationSends, sendInvitations } from '#features/portal-access/send-invitations.ts';
import { sendSignInHelp } from '#features/portal-access/send-sign-in-help.ts';
import { organizationNow } from '#lib/clock.ts';
import { systemNow } from '#lib/dates.ts';
import { must } from '#lib/errors.ts';

/** What the worker does for the portal's door. */
export const portalAccessJobs = (deps: { db: Database; mail: Outbox }) => ({
  'send-portal-invitations': (payload: InvitationSends) =>
    deps.db.transaction(systemActor('send-portal-invitations'), (tx) =>
      sendInvitations(tx, { ...payload, mail: deps.mail }, systemNow()),
    ),
  'send-portal-way-back': (payload: { email: string; askedAt: string }) =>
    deps.db.transaction(systemActor('send-portal-way-back'), (tx) =>
      sendWayBack(tx, { ...payload, mail: deps.mail }, systemNow()),
    ),
  'send-portal-sign-in-help': (payload: { email: string; askedAt: string }) =>
    deps.db.transaction(systemActor('send-portal-sign-in-help'), (tx) =>
      sendSignInHelp(tx, { ...payload, mail: deps.mail }, systemNow()),
    ),
  'send-portal-email-change': (payload: { portalUserId: string; email: string; askedAt: string }) =>
    deps.db.transaction(systemActor('send-portal-email-change'), (tx) =>
      sendEmailChange(tx, { ...payload, mail: deps.mail }, systemNow()),
    ),
  'invite-never-invited': async (payload: { organizationId: string; after: string }) => {
    const actor: Actor = {
      kind: 'job',
      organizationId: payload.organizationId,
      name: 'invite-never-invited',
    };
    await deps.db.transaction(actor, async (tx) => {
      const organization = await tx.row<{ clockOffsetMs: bigint }>(sql`
        select clock_offset_ms from organizations where id = ${payload.organizationId}`);
      await inviteNextChunk(tx, actor, payload, organizationNow(must(organization, 'the organization')));
    });
  },
});
