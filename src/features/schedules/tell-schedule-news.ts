import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import {
  type Correspondent,
  mailOrganization,
  readCorrespondent,
} from '#features/correspondence/mail-organization.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { type Foot, type Notice, tellStaff } from '#features/notifications/tell-staff.ts';
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
  const notice: Notice = {
    customerId: news.customerId,
    kind: 'schedule_news',
    key: `schedule_news ${eventId}`,
    messageKind: 'schedule_news',
    detail: news.description,
    path: `/schedules/${news.id}`,
    write: (foot) => newsMail(news, { from, outbox, foot }),
  };
  await tellStaff(tx, actor, { organizationId, outbox, notices: [notice] }, now);
}

/** Which schedule it is, what happened, and what to do. */
function newsMail(news: News, { from, outbox, foot }: { from: Correspondent; outbox: Outbox; foot: Foot }) {
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
      footer: foot,
    }),
  };
}

const shortList = (days: readonly string[]): string =>
  days.length <= 5 ? days.join(', ') : `${days.slice(0, 5).join(', ')} and ${days.length - 5} more`;
