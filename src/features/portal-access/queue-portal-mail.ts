import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import type { PortalMail } from '#features/portal-access/portal-mails.ts';
import { newId } from '#lib/ids.ts';
import { html } from '#ui/html.ts';

/** Put a portal mail in the outbox as it is. */
export async function queuePortalMail(tx: Tx, mail: PortalMail, now: Date): Promise<void> {
  const text = [...mail.before, `${mail.button.label}: ${mail.button.url}`, ...mail.after].join('\n\n');
  const body = html`${mail.before.map((each) => html`<p>${each}</p>`)}<p><a href="${mail.button.url}">${mail.button.label}</a></p>
${mail.after.map((each) => html`<p>${each}</p>`)}`;
  const id = newId('message');
  await tx.run(sql`
    insert into messages (organization_id, id, kind, state, route, security, from_name, from_email, to_emails, subject,
      html, text, message_id, customer_id, next_attempt_at, created_at)
    select o.id, ${id}, ${mail.kind}, 'queued', 'mailbox', true, o.name, coalesce(o.email, 'no-reply@localhost'),
      array[${mail.to}::text], ${mail.subject}, ${body.toString()}, ${text}, ${`<${id}@owed>`}, ${mail.customerId ?? null},
      ${now}, ${now}
    from organizations o where o.id = ${mail.organizationId}`);
}
