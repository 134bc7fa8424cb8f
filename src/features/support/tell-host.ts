import { sql } from 'kysely';
import { type Database, systemActor, type Tx } from '#db/db.ts';
import { enqueue } from '#db/enqueue.ts';
import { mailOrganization, readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { queueMessages } from '#features/correspondence/queue-messages.ts';
import { organizationNow } from '#lib/clock.ts';
import { renderMail } from '#ui/mail-layout.ts';

type Asked = { organizationId: string; ticketId: string; news: number };

/** Whoever hosts this Owed is told by a job: they belong to no organization that the asker may look into. */
export async function tellHost(tx: Tx, organizationId: string, ticketId: string): Promise<void> {
  const row = await tx.row<{ news: number }>(sql`select count(*)::int as news from ticket_posts
    where organization_id = ${organizationId} and ticket_id = ${ticketId} and side = 'asker'`);
  await enqueue(tx, [
    { job: 'tell-host', payload: { organizationId, ticketId, news: row?.news ?? 0 } satisfies Asked },
  ]);
}

type Host = { userId: string; email: string; organizationId: string; hosts: boolean };

const paragraph = (words: string) => ({ kind: 'paragraph', words }) as const;

/**
 * One mail to each of the host's people, with the subject and no more: what was asked is read behind their
 * sign-in. It is kept where it is sent from: out of an organization that does not host it names nobody. The
 * same news goes once.
 */
export async function mailHost(deps: { db: Database; outbox: Outbox }, asked: Asked): Promise<void> {
  const { outbox } = deps;
  const actor = systemActor('tell-host');
  await deps.db.transaction(actor, async (tx) => {
    const ticket = await tx.row<{ subject: string; number: number; askerName: string; name: string }>(sql`
      select t.subject, t.number, t.asker_name, o.name from tickets t join organizations o on o.id = t.organization_id
      where t.organization_id = ${asked.organizationId} and t.id = ${asked.ticketId} and t.desk = 'host'`);
    if (!ticket) return;
    const hosts = await tx.rows<Host>(sql`
      select distinct on (u.id) u.id as user_id, u.email, o.id as organization_id, o.hosts from users u
      join organization_users ou on ou.user_id = u.id and ou.disabled_at is null
      join organizations o on o.id = ou.organization_id
      where u.operator and u.disabled_at is null order by u.id, o.hosts desc, o.mode, ou.organization_id`);
    for (const host of hosts) {
      const from = await readCorrespondent(tx, host.organizationId);
      const heading = asked.news > 1 ? 'More on a support request' : 'A support request';
      const mail = renderMail({
        organization: mailOrganization(from, outbox),
        preheader: host.hosts ? ticket.subject : heading,
        heading,
        blocks: [
          ...(host.hosts ? [paragraph(`${ticket.askerName} of ${ticket.name}: “${ticket.subject}”`)] : []),
          {
            kind: 'button',
            words: 'Open the request',
            url: `${outbox.baseUrl}/console/help/desk/${asked.ticketId}`,
          },
        ],
        footer: { words: 'You receive this because you host this Owed. Answer in the console, not by mail.' },
      });
      await queueMessages(
        tx,
        actor,
        {
          organizationId: host.organizationId,
          outbox,
          messages: [
            {
              kind: 'support_request',
              to: [host.email],
              subject: host.hosts ? `${ticket.name}: ${ticket.subject} [#${ticket.number}]` : heading,
              ...mail,
              isSecurity: true,
              dedupeKey: `host ${asked.ticketId} ${asked.news} ${host.userId}`,
            },
          ],
        },
        organizationNow(from),
      );
    }
  });
}
