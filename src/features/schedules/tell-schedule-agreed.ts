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
import { renderMail } from '#ui/mail-layout.ts';

type Agreed = {
  email: string;
  ccEmails: string[];
  customerId: string;
  firstName: string | null;
  text: string;
};

/**
 * Send the payer what was agreed to for a payment schedule: whoever takes an authorization for repeated
 * debits gives a copy of it (Regulation E §1005.10(b)). Once for each schedule; one of a payment plan has the
 * plan's own copy.
 */
export async function tellScheduleAgreed(
  tx: Tx,
  actor: Actor,
  input: { organizationId: string; scheduleId: string; outbox: Outbox },
  now: Date,
): Promise<void> {
  const { organizationId, scheduleId, outbox } = input;
  const agreed = await tx.row<Agreed>(sql`
    select c.email, c.cc_emails, c.id as customer_id, c.first_name, a.text
    from schedules s join customers c on c.organization_id = s.organization_id and c.id = s.customer_id
    join authorizations a on a.organization_id = s.organization_id and a.id = s.authorization_id
    where s.organization_id = ${organizationId} and s.id = ${scheduleId} and s.kind = 'payment'
      and s.payment_plan_id is null and c.email is not null and c.do_not_contact is null`);
  if (!agreed) return;
  const from = await readCorrespondent(tx, organizationId);
  const message = {
    customerId: agreed.customerId,
    to: [agreed.email],
    cc: agreed.ccEmails,
    kind: 'schedule_agreed',
    dedupeKey: `schedule_agreed ${scheduleId}`,
    ...agreedMail({ from, outbox, agreed, scheduleId }),
  };
  await queueMessages(tx, actor, { organizationId, outbox, messages: [message] }, now);
}

type Letter = { from: Correspondent; outbox: Outbox; agreed: Agreed; scheduleId: string };

function agreedMail({ from, outbox, agreed, scheduleId }: Letter) {
  const subject = `Your copy of what you agreed to: scheduled payments to ${from.name}`;
  return {
    subject,
    ...renderMail({
      organization: mailOrganization(from, outbox),
      preheader: 'What was agreed to, for you to keep.',
      heading: 'What you agreed to',
      blocks: [
        { kind: 'paragraph', words: agreed.firstName ? `Hello ${agreed.firstName},` : 'Hello,' },
        { kind: 'paragraph', words: `This is your copy of what ${from.name} may charge, and when.` },
        { kind: 'notice', words: agreed.text },
        { kind: 'paragraph', words: 'If you did not agree to this, answer this mail, or stop it at once.' },
        { kind: 'button', words: 'See or stop it', url: `${outbox.baseUrl}/portal/schedules/${scheduleId}` },
      ],
      footer: footerOf(from, `You receive this mail because ${from.name} charges this payment by itself.`),
    }),
  };
}
