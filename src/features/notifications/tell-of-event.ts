import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { mailOrganization, readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { eventNotice, type ToldEvent } from '#features/notifications/event-notice-rules.ts';
import { type Notice, tellStaff } from '#features/notifications/tell-staff.ts';
import { formatDate } from '#lib/dates.ts';
import { formatMoney } from '#lib/money.ts';
import { renderMail } from '#ui/mail-layout.ts';

/** Tell staff of what happened, once for each event, where it is news for them. */
export async function tellOfEvent(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; eventId: string; outbox: Outbox },
  now: Date,
): Promise<void> {
  const { organizationId, eventId, outbox } = input;
  const event = await readEvent(tx, organizationId, eventId);
  if (!event) return;
  const from = await readCorrespondent(tx, organizationId);
  const day = (on: string): string => formatDate(on, from.locale);
  const money = (amount: unknown, currency: unknown): string =>
    formatMoney(BigInt(Number(amount ?? 0)), String(currency ?? from.currency), from.locale);
  const told = eventNotice(event, { day, money });
  if (!told) return;
  const notice: Notice = {
    kind: told.kind,
    key: told.key ?? `notice ${eventId}`,
    messageKind: 'notice',
    detail: told.detail,
    path: told.path,
    customerId: event.customerId ?? undefined,
    write: (foot) => ({
      subject: told.subject,
      ...renderMail({
        organization: mailOrganization(from, outbox),
        preheader: told.words,
        heading: told.subject,
        blocks: [
          { kind: 'paragraph', words: told.words },
          { kind: 'button', words: told.button, url: `${outbox.baseUrl}/console${told.path}` },
        ],
        footer: foot,
      }),
    }),
  };
  await tellStaff(tx, actor, { organizationId, outbox, notices: [notice] }, now);
}

const readEvent = (tx: Tx, organizationId: string, eventId: string): Promise<ToldEvent | undefined> =>
  tx.row<ToldEvent>(sql`
    select e.id, e.type, e.subject_id, c.id as customer_id, c.display_name as customer_name, e.actor_kind, e.data,
      (b.evidence_due_at at time zone o.time_zone)::date::text as evidence_due, i.file_name as import_file, i.kind as import_kind
    from events e join organizations o on o.id = e.organization_id
    left join customers c on c.organization_id = e.organization_id and c.id = e.customer_id
    left join chargebacks b on b.organization_id = e.organization_id and b.id = e.subject_id
    left join import_batches i on i.organization_id = e.organization_id and i.id = e.subject_id
    where e.organization_id = ${organizationId} and e.id = ${eventId}`);
