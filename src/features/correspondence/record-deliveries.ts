import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { type NewEvent, record } from '#db/events.ts';
import type { MailOutcome } from '#features/correspondence/mailer.ts';
import { bounceKind, type MailNews } from '#features/correspondence/news-rules.ts';
import { recordMailNews, setStates } from '#features/correspondence/record-mail-news.ts';
import { type Delivery, decideDelivery } from '#features/correspondence/rules.ts';
import { secondsLater } from '#lib/dates.ts';

type Locked = {
  id: string;
  kind: string;
  route: 'smtp' | 'mailbox';
  toEmails: string[];
  ccEmails: string[];
  acceptedEmails: string[];
  refusedEmails: string[];
  attempts: number;
  subject: string;
  customerId: string | null;
  invoiceId: string | null;
  paymentId: string | null;
};

/**
 * Record what became of tries to send: sent, to be tried again at a stated time, or failed for a person to
 * see.
 */
export async function recordDeliveries(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; deliveries: readonly { messageId: string; outcome: MailOutcome }[] },
  realNow: Date,
): Promise<void> {
  const { organizationId } = input;
  const outcomeOf = new Map(input.deliveries.map((delivery) => [delivery.messageId, delivery.outcome]));
  const rows = await tx.rows<Locked>(sql`
    select id, kind, route, to_emails, cc_emails, accepted_emails, refused_emails, attempts, subject,
      customer_id, invoice_id,
      payment_id
    from messages where organization_id = ${organizationId} and id = any(${[...outcomeOf.keys()]})
      and state = 'queued'
    order by id for update`);
  const decided = rows.flatMap((row) => {
    const outcome = outcomeOf.get(row.id);
    return outcome
      ? [
          {
            row,
            delivery: decideDelivery({ ...row, recipients: [...row.toEmails, ...row.ccEmails] }, outcome),
          },
        ]
      : [];
  });
  if (decided.length === 0) return;
  const organization = await tx.row<{ now: Date }>(sql`
    select ${realNow}::timestamptz + clock_offset_ms * interval '1 millisecond' as now from organizations
      where id = ${organizationId}`);
  const now = organization?.now ?? realNow;
  await updateMessages(tx, organizationId, decided, { realNow, now });
  await record(
    tx,
    { actor, organizationId, now },
    decided.flatMap(({ row, delivery }) => eventOf(row, delivery)),
  );
  // A server may report while other readers of the same mail still wait.
  const gone = decided.filter(({ delivery }) => delivery.state === 'sent').map(({ row }) => row.id);
  await setStates(
    tx,
    organizationId,
    gone.map((id) => ({ id, state: 'sent' })),
  );
  const news = decided.flatMap(({ row }) => badAddresses(row.id, outcomeOf.get(row.id)));
  await recordMailNews(tx, actor, { organizationId, news }, now);
}

/** A server that says at once that there is no such address says what a report would say later. */
function badAddresses(messageId: string, outcome: MailOutcome | undefined): MailNews[] {
  const refused = outcome?.outcome === 'accepted' ? outcome.refused : [];
  const whole = outcome?.outcome === 'refused' ? [{ email: '', reason: outcome.reason }] : [];
  return [...refused, ...whole]
    .filter(({ reason }) => bounceKind({ words: reason }) === 'bounced')
    .map(({ email, reason }) => ({ messageId, email, kind: 'bounced' as const, reason }));
}

async function updateMessages(
  tx: Tx,
  organizationId: string,
  decided: readonly { row: Locked; delivery: Delivery }[],
  at: { realNow: Date; now: Date },
): Promise<void> {
  const rows = decided.map(({ row, delivery }) => ({
    id: row.id,
    state: delivery.state,
    accepted_emails: delivery.acceptedEmails,
    refused_emails: delivery.refusedEmails,
    last_error: delivery.error,
    sent: delivery.acceptedEmails.length > row.acceptedEmails.length,
    next_attempt_at:
      delivery.retryAfter_s === undefined ? null : secondsLater(at.realNow, delivery.retryAfter_s),
  }));
  await tx.run(sql`
    update messages m set state = r.state, accepted_emails = r.accepted_emails,
      refused_emails = r.refused_emails, last_error = r.last_error, next_attempt_at = r.next_attempt_at,
      sent_at = case when r.sent then coalesce(m.sent_at, ${at.now}) else m.sent_at end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id text, state text, accepted_emails text[],
      refused_emails text[], last_error text, next_attempt_at timestamptz, sent boolean)
    where m.organization_id = ${organizationId} and m.id = r.id`);
}

function eventOf(row: Locked, delivery: Delivery): NewEvent[] {
  if (delivery.state === 'queued') return [];
  return [
    {
      type: delivery.state === 'sent' ? 'message.sent' : 'message.failed',
      subjectId: row.id,
      customerId: row.customerId ?? undefined,
      data: {
        kind: row.kind,
        to: row.toEmails,
        subject: row.subject,
        route: row.route,
        attempts: row.attempts,
        ...(delivery.error ? { reason: delivery.error } : {}),
        ...(row.invoiceId ? { invoice_id: row.invoiceId } : {}),
        ...(row.paymentId ? { payment_id: row.paymentId } : {}),
      },
    },
  ];
}
