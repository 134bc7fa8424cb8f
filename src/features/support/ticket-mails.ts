import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { mailOrganization, readCorrespondent } from '#features/correspondence/mail-organization.ts';
import type { Attachment } from '#features/correspondence/mailer.ts';
import type { Outbox } from '#features/correspondence/outbox.ts';
import { queueMessages } from '#features/correspondence/queue-messages.ts';
import type { TicketRow } from '#features/support/read-ticket.ts';
import { isMessageId, mailSubject, mostPosts } from '#features/support/rules.ts';
import { ticketLink } from '#features/support/ticket-link.ts';
import type { Secrets } from '#lib/secrets.ts';
import type { MailBlock } from '#ui/mail-blocks.ts';
import { renderMail } from '#ui/mail-layout.ts';

export type MailDeps = { outbox: Outbox; secrets: Pick<Secrets, 'sign'> };

type AskerMail = {
  kind: 'ticket_received' | 'ticket_answer' | 'ticket_confirmation';
  heading: string;
  blocks: readonly MailBlock[];
  footer: string;
  key: string;
  attachments?: readonly Attachment[];
};

/** Where the asker reads and answers: a page without sign-in, or the console for staff. */
export const askerUrl = ({ outbox, secrets }: MailDeps, ticket: TicketRow): string =>
  ticket.desk === 'host'
    ? `${outbox.baseUrl}/console/help/requests/${ticket.id}`
    : ticketLink(secrets, outbox.baseUrl, ticket);

const shown = (words: string): MailBlock[] =>
  (words || '(no words)')
    .slice(0, 15_000)
    .split(/\n\s*\n/)
    .map((paragraph) => ({ kind: 'paragraph', words: paragraph }));

/** It has come in; who answers this mail adds to it. */
export const mailReceived = (tx: Tx, actor: Actor, ticket: TicketRow, deps: MailDeps & { now: Date }) =>
  mailAsker(tx, actor, { ...deps, ticket }, (name) => ({
    kind: 'ticket_received',
    heading: 'We have your question',
    blocks: [
      { kind: 'paragraph', words: `${name} has your question and answers it by mail.` },
      {
        kind: 'facts',
        rows: [
          ['About', ticket.subject],
          ['Number', `#${ticket.number}`],
        ],
      },
      { kind: 'button', words: 'See your question', url: askerUrl(deps, ticket) },
      { kind: 'small', words: `${howToAnswer(deps)} Never send card or bank details by mail.` },
    ],
    footer: `You receive this because a question was sent to ${name} from this address.`,
    key: `ticket ${ticket.id} received`,
  }));

/** Before anybody is bothered with it, the address says that it was its own question. */
export const mailConfirmation = (tx: Tx, actor: Actor, ticket: TicketRow, deps: MailDeps & { now: Date }) =>
  mailAsker(tx, actor, { ...deps, ticket }, (name) => ({
    kind: 'ticket_confirmation',
    heading: 'Send your question',
    blocks: [
      {
        kind: 'paragraph',
        words: `A question to ${name} was written with this address. It is sent once you say so.`,
      },
      { kind: 'button', words: 'Look at it and send it', url: askerUrl(deps, ticket) },
      { kind: 'small', words: 'You did not write it? Then do nothing: it is forgotten after three days.' },
    ],
    footer: `You receive this because this address was given on the pages of ${name}.`,
    key: `ticket ${ticket.id} confirmation`,
  }));

export type Answer = { postId: string; by: string; words: string; attachments: readonly Attachment[] };

/** What the desk said, with what it answers. */
export const mailAnswer = (
  tx: Tx,
  actor: Actor,
  ticket: TicketRow,
  deps: MailDeps & { now: Date; answer: Answer; asked: string },
) =>
  mailAsker(tx, actor, { ...deps, ticket }, (name) => ({
    kind: 'ticket_answer',
    heading: ticket.subject,
    blocks: [
      ...shown(deps.answer.words),
      { kind: 'small', words: deps.answer.by },
      { kind: 'button', words: 'See all of it', url: askerUrl(deps, ticket) },
      { kind: 'small', words: howToAnswer(deps) },
      { kind: 'divider' },
      { kind: 'small', words: `You wrote: ${deps.asked.slice(0, 1500)}` },
    ],
    footer:
      ticket.desk === 'host'
        ? 'You receive this because you asked for support.'
        : `You receive this because you asked ${name}.`,
    key: `ticket_post ${deps.answer.postId}`,
    attachments: deps.answer.attachments,
  }));

const howToAnswer = ({ outbox }: MailDeps): string =>
  outbox.mailInHost ? 'To add something, answer this mail.' : 'To add something, open it with the button.';

/** One mail to the asker, kept with its ticket: what is answered to it lands there. */
async function mailAsker(
  tx: Tx,
  actor: Actor,
  { ticket, outbox, now }: MailDeps & { ticket: TicketRow; now: Date },
  write: (organizationName: string) => AskerMail,
): Promise<void> {
  const { organizationId, customerId } = ticket;
  const from = await readCorrespondent(tx, organizationId);
  const mail = write(from.name);
  const rendered = renderMail({
    organization: mailOrganization(from, outbox),
    preheader: mail.kind === 'ticket_confirmation' ? mail.heading : ticket.subject,
    heading: mail.heading,
    blocks: [...mail.blocks],
    footer: { words: mail.footer },
  });
  const isConfirmation = mail.kind === 'ticket_confirmation';
  const [queued] = await queueMessages(
    tx,
    actor,
    {
      organizationId,
      outbox,
      messages: [
        {
          kind: mail.kind,
          to: [ticket.askerEmail],
          subject: isConfirmation ? `Send your question to ${from.name}` : mailSubject(ticket),
          ...rendered,
          // Whoever opens its link speaks as the asker: staff is not shown it.
          isSecurity: isConfirmation,
          customerId: isConfirmation ? undefined : (customerId ?? undefined),
          dedupeKey: mail.key,
          answers: await threadOf(tx, ticket),
          attachments: mail.attachments,
        },
      ],
    },
    now,
  );
  if (queued?.isNew)
    await tx.run(sql`insert into ticket_mails (organization_id, message_id, ticket_id)
      values (${organizationId}, ${queued.messageId}, ${ticket.id})`);
}

/** No longer than mail programs follow, and than a header may be. */
const mostInThread = 20;

/** The mails between asker and desk, oldest first: the first one and the newest. Ids tell the time. */
async function threadOf(tx: Tx, { organizationId, id }: TicketRow): Promise<string[]> {
  const rows = await tx.rows<{ messageId: string }>(sql`
    select message_id from (
      select m.message_id, substr(m.id, 5) as made from ticket_mails t
        join messages m on m.organization_id = t.organization_id and m.id = t.message_id
        where t.organization_id = ${organizationId} and t.ticket_id = ${id} and m.kind <> 'ticket_confirmation'
      union all
      select mail_key, substr(id, 5) from ticket_posts
        where organization_id = ${organizationId} and ticket_id = ${id} and mail_key is not null) x
    order by made limit ${2 * mostPosts}`);
  const ids = rows.map(({ messageId }) => messageId).filter(isMessageId);
  return ids.length > mostInThread ? [...ids.slice(0, 1), ...ids.slice(1 - mostInThread)] : ids;
}
