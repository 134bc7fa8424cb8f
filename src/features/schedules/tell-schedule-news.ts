import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import {
  type Correspondent,
  footerOf,
  mailOrganization,
  readCorrespondent,
} from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { queueMessages } from '#features/correspondence/queue-messages.ts';
import { type PauseReason, pauseWords } from '#features/schedules/pause-rules.ts';
import { frequencyWords, type ScheduleUnit } from '#features/schedules/rules.ts';
import { formatDate } from '#lib/dates.ts';
import { formatMoney } from '#lib/money.ts';
import { renderMail } from '#ui/mail-layout.ts';

type News = {
  type: string;
  data: { reason?: PauseReason; days?: string[] };
  id: string;
  kind: 'invoice' | 'payment';
  customerId: string;
  customerName: string;
  description: string;
  amount: bigint;
  currency: string;
  unit: ScheduleUnit;
  every: number;
};

/** Tell the organization that a schedule has stopped by itself, or that payments of it were missed. */
export async function tellScheduleNews(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; eventId: string; outbox: Outbox },
  now: Date,
): Promise<void> {
  const { organizationId, eventId, outbox } = input;
  const news = await tx.row<News>(sql`
    select e.type, e.data, s.id, s.kind, s.customer_id, c.display_name as customer_name, s.description, s.amount,
      s.currency, s.unit, s.every
    from events e join schedules s on s.organization_id = e.organization_id and s.id = e.subject_id
    join customers c on c.organization_id = s.organization_id and c.id = s.customer_id
    where e.organization_id = ${organizationId} and e.id = ${eventId}`);
  if (!news || news.data.reason === 'by_hand') return;
  const from = await readCorrespondent(tx, organizationId);
  if (from.notifyEmails.length === 0) return;
  const mail = newsMail(news, from, outbox);
  const message = {
    customerId: news.customerId,
    to: from.notifyEmails,
    kind: 'schedule_news',
    dedupeKey: `schedule_news ${eventId}`,
    ...mail,
  };
  await queueMessages(tx, actor, { organizationId, outbox, messages: [message] }, now);
}

/** Which schedule it is, what happened, and what to do. */
function newsMail(news: News, from: Correspondent, outbox: Outbox) {
  const amount = formatMoney(news.amount, news.currency, from.locale);
  const which = `${frequencyWords(news)}, ${amount}${news.description ? `: ${news.description}` : ''}`;
  const days = (news.data.days ?? []).map((day) => formatDate(day, from.locale));
  const isMissed = news.type === 'schedule.missed';
  const heading = isMissed
    ? `Payments not charged: ${news.customerName}`
    : `Schedule paused: ${news.customerName}`;
  const what = isMissed
    ? `These dates passed while nobody worked, and were not charged: ${shortList(days)}. A payer is never charged for ` +
      'two dates at once. Charge what is still wanted by hand, with the customer’s word.'
    : pauseWords[news.data.reason ?? 'by_hand'];
  return {
    subject: heading,
    ...renderMail({
      organization: mailOrganization(from, outbox),
      preheader: which,
      heading,
      blocks: [
        { kind: 'paragraph', words: which },
        { kind: 'paragraph', words: what },
        { kind: 'button', words: 'Open the schedule', url: `${outbox.baseUrl}/console/schedules/${news.id}` },
      ],
      footer: footerOf(from, 'You receive this notice because your settings report to this address.'),
    }),
  };
}

const shortList = (days: readonly string[]): string =>
  days.length <= 5 ? days.join(', ') : `${days.slice(0, 5).join(', ')} and ${days.length - 5} more`;
