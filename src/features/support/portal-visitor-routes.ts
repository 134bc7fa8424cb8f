import type { FastifyReply } from 'fastify';
import { type Actor, systemActor } from '#db/db.ts';
import { type OrganizationRow, readOrganization } from '#features/organizations/queries.ts';
import {
  blankDoor,
  checkDoor,
  type Door,
  doorShell,
  openDoor,
  rememberHost,
} from '#features/portal-access/door-routes.ts';
import { sendFile } from '#features/portal-access/file-routes.ts';
import { sendLinkProblem } from '#features/portal-access/link-problem-routes.ts';
import { noteOf } from '#features/portal-access/notes.ts';
import {
  type Ask,
  goTo,
  momentWords,
  paramOf,
  portalRoute,
  queryOf,
  sendPage,
  textOf,
} from '#features/portal-access/page-routes.ts';
import { addToTicket } from '#features/support/add-to-ticket.ts';
import { confirmQuestion } from '#features/support/ask-question.ts';
import { filesIn } from '#features/support/portal-forms.ts';
import { fileErrors } from '#features/support/portal-question-routes.ts';
import { readQuestion } from '#features/support/portal-questions.ts';
import { readPosts, readTicketFile } from '#features/support/queries.ts';
import { findQuestion, type TicketRow } from '#features/support/read-ticket.ts';
import { linkLasts_days } from '#features/support/rules.ts';
import { holdsTicketLink } from '#features/support/ticket-link.ts';
import type { MailDeps } from '#features/support/ticket-mails.ts';
import type { App } from '#http/app.ts';
import { organizationNow } from '#lib/clock.ts';
import { secondsLater } from '#lib/dates.ts';
import { isId } from '#lib/ids.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { confirmQuestionPage, questionGonePage, questionPage } from '#web/portal/views/question-pages.ts';

/** Whoever holds the mail about one question: they see it and add to it, and nothing else. */
type Holder = { ticket: TicketRow; seller: OrganizationRow; door: Door; url: string; now: Date };

/** The page behind the link in every mail about a question. */
export function visitorRoutes(app: App, deps: MailDeps): void {
  const route = (
    method: 'GET' | 'POST',
    end: string,
    handler: (ask: Ask, holder: Holder) => Promise<FastifyReply>,
  ): void =>
    portalRoute(
      app,
      { method, url: `/q/:ticket/:signature${end}`, perMinute: method === 'GET' ? 240 : 20 },
      async (ask) => {
        const holder = await openQuestion(ask);
        if (!('ticket' in holder)) return holder.problem;
        if (method === 'POST') checkDoor(ask, holder.door);
        return handler(ask, holder);
      },
    );
  route('GET', '', (ask, holder) =>
    holder.ticket.state === 'unconfirmed' ? showUnconfirmed(ask, holder) : showThread(ask, holder),
  );
  route('POST', '/send', async (ask, { ticket, url, now }) => {
    const name = { organizationId: ticket.organizationId, ticketId: ticket.id };
    const actor = systemActor('portal question');
    await app.db.transaction(actor, (tx) => confirmQuestion(tx, actor, { ...deps, ...name }, now));
    return goTo(ask.reply, `${url}?note=question_sent`);
  });
  route('POST', '', takeMore);
  route('GET', '/files/:file', async (ask, { ticket }) => {
    const file = await app.db.transaction(systemActor('portal question'), (tx) =>
      readTicketFile(tx, ticket.organizationId, paramOf(ask.request, 'file')),
    );
    const isTheirs = file.ticketId === ticket.id && !file.isNote && ticket.state !== 'unconfirmed';
    return isTheirs ? sendFile(ask, file) : sendNothing(ask);
  });
}

const sendNothing = async (ask: Ask): Promise<FastifyReply> =>
  sendLinkProblem(ask, await blankDoor(ask), { problem: 'unknown', purpose: 'question' });

/** The signature decides; anything else learns nothing. */
async function openQuestion(ask: Ask): Promise<Holder | { problem: FastifyReply }> {
  const { app, request } = ask;
  const [id, signature] = [paramOf(request, 'ticket'), paramOf(request, 'signature')];
  const found = isId('ticket', id)
    ? await app.db.transaction(systemActor('portal question'), async (tx) => {
        const ticket = await findQuestion(tx, id);
        return ticket && { ticket, seller: await readOrganization(tx, ticket.organizationId) };
      })
    : undefined;
  if (!found || !holdsTicketLink(app.secrets, found.ticket, signature))
    return { problem: await sendNothing(ask) };
  const { ticket, seller } = found;
  rememberHost(ask, seller.id);
  const door = await openDoor(ask, seller);
  const now = organizationNow(seller);
  if (ticket.state === 'closed' && secondsLater(ticket.updatedAt, linkLasts_days * 86_400) < now) {
    const shell = doorShell(door);
    const page = questionGonePage(shell, { askUrl: shell.askUrl });
    return { problem: sendPage(ask.reply, page, { nonce: shell.nonce, status: 410 }) };
  }
  return { ticket, seller, door, now, url: `/q/${id}/${signature}` };
}

async function showUnconfirmed(ask: Ask, { ticket, door, url }: Holder): Promise<FastifyReply> {
  const [first] = await ask.app.db.transaction(systemActor('portal question'), (tx) =>
    readPosts(tx, ticket, false),
  );
  const shell = doorShell(door);
  const about = { subject: ticket.subject, words: first?.words ?? '', email: ticket.askerEmail };
  return sendPage(ask.reply, confirmQuestionPage(shell, { ...about, action: `${url}/send` }), shell);
}

async function showThread(ask: Ask, holder: Holder, form?: FormState): Promise<FastifyReply> {
  const { ticket, seller, door, url, now } = holder;
  const question = await ask.app.db.transaction(systemActor('portal question'), (tx) =>
    readQuestion(tx, ticket.organizationId, ticket.id),
  );
  const shell = doorShell(door, form ? undefined : noteOf(queryOf(ask.request, 'note')));
  const when = (at: Date): string => momentWords(at, now, seller);
  const page = questionPage(shell, {
    ...question.shown({ when, filesAt: `${url}/files` }),
    action: url,
    ...(form ? { form } : {}),
  });
  return sendPage(ask.reply, page, { nonce: shell.nonce, status: form ? 422 : 200 });
}

async function takeMore(ask: Ask, holder: Holder): Promise<FastifyReply> {
  const { ticket, url, now } = holder;
  if (ticket.state === 'unconfirmed') return goTo(ask.reply, url);
  const words = textOf(ask.request, 'words', 20_000);
  if (!words) return showThread(ask, holder, { errors: { words: 'Write something first.' } });
  const { organizationId, askerName, askerEmail: email } = ticket;
  const actor: Actor = { kind: 'job', organizationId, name: 'question link' };
  const name = { organizationId, ticketId: ticket.id, desk: 'organization', way: 'link' } as const;
  try {
    await ask.app.db.transaction(actor, (tx) =>
      addToTicket(
        tx,
        actor,
        { ...name, author: { name: askerName, email }, words, files: filesIn(ask.request) },
        now,
      ),
    );
  } catch (error) {
    const errors = fileErrors(error);
    if (!errors) throw error;
    return showThread(ask, holder, { values: { words }, errors });
  }
  return goTo(ask.reply, `${url}?note=question_added`);
}
