import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Attachment } from '#features/correspondence/mailer.ts';
import type { PlanCopy, PlanNews } from '#features/correspondence/message-kind-rules.ts';
import { type NewMessage, queueMessages } from '#features/correspondence/queue-messages.ts';
import type { MailMakings } from '#features/invoices/send-invoices.ts';
import { type Notice, tellStaff } from '#features/notifications/tell-staff.ts';
import { methodWords } from '#features/payment-plans/agreement-rules.ts';
import { mailsOf, type ToldPlan } from '#features/payment-plans/plan-mails.ts';
import { readCovered, readInstallments, readPlan } from '#features/payment-plans/read-plan.ts';
import { tellFailedCharge } from '#features/standing-charges/tell-failed-charge.ts';
import { must } from '#lib/errors.ts';
import { sum } from '#lib/money.ts';

type About = MailMakings & {
  organizationId: string;
  planId: string;
  eventId: string;
  type: string;
  /** What was signed, for the mail that speaks of it. */
  copy?: readonly Attachment[];
};
type Failure = { paymentId: string | null; againOn: string | null };

/** Tell both sides, once for each event, what has become of a plan. */
export async function tellPlan(tx: Tx, actor: Actor, about: About, now: Date): Promise<void> {
  const { organizationId, planId, eventId, type, outbox } = about;
  const failure = type === 'payment_plan.installment_failed' ? await readFailure(tx, about) : undefined;
  if (failure?.paymentId) {
    // A debit that came back is told by its return notice.
    const again = failure.againOn ?? undefined;
    await tellFailedCharge(tx, actor, { ...about, paymentId: failure.paymentId, again }, now);
    return;
  }
  const reader = must(await readReader(tx, organizationId, planId), 'the customer of a plan');
  const from = await readCorrespondent(tx, organizationId);
  const plan = await readTold(tx, organizationId, planId, reader.customerName);
  const mails = mailsOf(type, { from, outbox }, plan);
  const kind = type.replace('payment_plan.', 'plan_') as PlanNews;
  const messages: NewMessage[] = [
    ...(mails.customer && reader.email && reader.mayBeTold
      ? [
          {
            ...mails.customer,
            ...{ customerId: reader.customerId, to: [reader.email], cc: reader.ccEmails, kind },
            dedupeKey: `${kind} ${eventId}`,
            ...(about.copy?.length ? { attachments: about.copy } : {}),
          },
        ]
      : []),
  ];
  await queueMessages(tx, actor, { organizationId, outbox, messages }, now);
  if (!mails.organization) return;
  const notice: Notice = {
    customerId: reader.customerId,
    kind: type === 'payment_plan.requested' ? 'plan_requested' : 'plan_news',
    key: `${kind}_copy ${eventId}`,
    messageKind: `${kind}_copy` as PlanCopy,
    path: `/payment-plans/${planId}`,
    write: mails.organization,
  };
  await tellStaff(tx, actor, { organizationId, outbox, notices: [notice] }, now);
}

const readFailure = (tx: Tx, { organizationId, eventId }: About): Promise<Failure | undefined> =>
  tx.row<Failure>(sql`select data ->> 'payment_id' as payment_id, data ->> 'again_on' as again_on from events
    where organization_id = ${organizationId} and id = ${eventId}`);

type ReaderRow = {
  customerId: string;
  customerName: string;
  email: string | null;
  ccEmails: string[];
  mayBeTold: boolean;
};

/** Who reads for the customer of a plan: itself, or the parent that it bills with. */
const readReader = (tx: Tx, organizationId: string, planId: string): Promise<ReaderRow | undefined> =>
  tx.row<ReaderRow>(sql`select c.id as customer_id, c.display_name as customer_name, r.email, r.cc_emails,
      coalesce(c.do_not_contact, r.do_not_contact) is null as may_be_told
    from payment_plans p join customers c on c.organization_id = p.organization_id and c.id = p.customer_id
    join customers r on r.organization_id = p.organization_id
      and r.id = billed_to(p.organization_id::text, p.customer_id::text)
    where p.organization_id = ${organizationId} and p.id = ${planId}`);

async function readTold(
  tx: Tx,
  organizationId: string,
  planId: string,
  customerName: string,
): Promise<ToldPlan> {
  const plan = await readPlan(tx, organizationId, planId);
  const covered = await readCovered(tx, organizationId, planId);
  const installments = await readInstallments(tx, organizationId, planId);
  const method = plan.paymentMethodId
    ? await tx.row<{ brand: string; last4: string }>(sql`select brand, last4 from payment_methods
        where organization_id = ${organizationId} and id = ${plan.paymentMethodId}`)
    : undefined;
  const signed = await tx.row<{ text: string }>(sql`select text from authorizations
    where organization_id = ${organizationId} and id = ${plan.authorizationId}`);
  const open = installments.filter(({ state }) => state === 'due');
  return {
    ...plan,
    customerName,
    numbers: covered.map(({ number }) => number),
    dates: open,
    rest: sum(open.map(({ amount }) => amount)),
    method: method ? methodWords(method) : '',
    agreement: signed?.text ?? null,
  };
}
