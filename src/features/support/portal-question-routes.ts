import type { FastifyReply } from 'fastify';
import { onBehalfOf } from '#db/db.ts';
import { readPayerInvoice } from '#features/invoices/portal-queries.ts';
import { sendFile } from '#features/portal-access/file-routes.ts';
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
import {
  checkMember,
  type Payer,
  payerOf,
  payerShell,
  readAs,
} from '#features/portal-access/payer-routes.ts';
import { addToTicket } from '#features/support/add-to-ticket.ts';
import { openTicket } from '#features/support/open-ticket.ts';
import { articlesFor } from '#features/support/portal-articles.ts';
import { filesIn } from '#features/support/portal-forms.ts';
import {
  listQuestions,
  readQuestion,
  standingOf,
  topicOf,
  topicsOf,
} from '#features/support/portal-questions.ts';
import { readTicketFile } from '#features/support/queries.ts';
import { type Category, isCategoryOf, plainContext } from '#features/support/rules.ts';
import type { MailDeps } from '#features/support/ticket-mails.ts';
import type { App } from '#http/app.ts';
import { originOf } from '#http/app.ts';
import { Refusal } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { askPage, questionPage, questionsPage, topicPage } from '#web/portal/views/question-pages.ts';

const base = '/portal/questions';

/** "Your questions", for those who are signed in. */
export function questionRoutes(app: App, deps: MailDeps): void {
  portalRoute(app, { method: 'GET', url: base }, showQuestions);
  portalRoute(app, { method: 'GET', url: `${base}/new` }, async (ask) => showForm(ask, await payerOf(ask)));
  portalRoute(app, { method: 'POST', url: `${base}/new`, perMinute: 10 }, async (ask) => {
    const payer = await payerOf(ask);
    checkMember(ask, payer);
    return takeQuestion(ask, payer, deps);
  });
  portalRoute(app, { method: 'GET', url: `${base}/:id` }, async (ask) =>
    showQuestion(ask, await payerOf(ask)),
  );
  portalRoute(app, { method: 'POST', url: `${base}/:id`, perMinute: 20 }, async (ask) => {
    const payer = await payerOf(ask);
    checkMember(ask, payer);
    return takeWords(ask, payer);
  });
  portalRoute(app, { method: 'GET', url: `${base}/:id/files/:file` }, async (ask) => {
    const payer = await payerOf(ask);
    const file = await readAs(ask, ownOnly(payer), (tx) =>
      readTicketFile(tx, payer.seller.id, paramOf(ask.request, 'file')),
    );
    return sendFile(ask, file);
  });
}

/** A head office pays for its branches; what a branch asks is the branch's own. */
const ownOnly = ({ actor, scope, customer }: Payer) => ({
  actor,
  scope: { ...scope, customerIds: [customer.id] },
});

const whenOf =
  ({ seller, now }: Pick<Payer, 'seller' | 'now'>) =>
  (at: Date): string =>
    momentWords(at, now, seller);

async function showQuestions(ask: Ask): Promise<FastifyReply> {
  const payer = await payerOf(ask);
  const after = queryOf(ask.request, 'after');
  const { rows, next } = await readAs(ask, ownOnly(payer), (tx) =>
    listQuestions(tx, payer.seller.id, payer.customer.id, after && isId('ticket', after) ? after : undefined),
  );
  const shell = payerShell(payer, noteOf(queryOf(ask.request, 'note')));
  const when = whenOf(payer);
  const page = questionsPage(shell, {
    rows: rows.map(({ id, updatedAt, state, ...row }) => ({
      ...row,
      standing: standingOf(state),
      url: `${base}/${id}`,
      when: when(updatedAt),
    })),
    askUrl: `${base}/new`,
    backUrl: '/portal',
    ...(next ? { nextUrl: `${base}?after=${next}` } : {}),
  });
  return sendPage(ask.reply, page, shell);
}

type About = { invoiceId: string; number: string } | undefined;

/** The invoice that a question was begun from; of no use when it is not the reader's. */
async function aboutOf(ask: Ask, payer: Payer): Promise<About> {
  const id = queryOf(ask.request, 'invoice') ?? textOf(ask.request, 'invoice');
  if (!isId('invoice', id)) return undefined;
  const { number } = await readAs(ask, payer, (tx) => readPayerInvoice(tx, payer.scope, id));
  return { invoiceId: id, number };
}

async function showForm(ask: Ask, payer: Payer, form?: FormState): Promise<FastifyReply> {
  const shell = payerShell(payer);
  const about = await aboutOf(ask, payer);
  const named = about ? `&invoice=${about.invoiceId}` : '';
  const chosen = queryOf(ask.request, 'about') ?? textOf(ask.request, 'category') ?? '';
  if (!isCategoryOf('organization', chosen)) {
    const urlOf = (category: Category): string => `${base}/new?about=${category}${named}`;
    return sendPage(ask.reply, topicPage(shell, { topics: topicsOf(urlOf), backUrl: base }), shell);
  }
  const page = askPage(shell, {
    action: `${base}/new`,
    category: chosen,
    topic: topicOf(chosen),
    topicsUrl: `${base}/new${about ? `?invoice=${about.invoiceId}` : ''}`,
    articles: articlesFor(chosen),
    visitor: false,
    keep: { page: cameFrom(ask), ...(about ? { invoice: about.invoiceId } : {}) },
    ...(about ? { about: `Invoice ${about.number}` } : {}),
    ...(form ? { form } : {}),
  });
  return sendPage(ask.reply, page, { nonce: shell.nonce, status: form ? 422 : 200 });
}

/** The page before this one, as the browser tells it. */
const cameFrom = ({ request }: Ask): string => {
  const kept = textOf(request, 'page', 200);
  if (kept) return kept;
  const from = request.headers.referer ?? '';
  return URL.canParse(from) ? new URL(from).pathname : '';
};

async function takeQuestion(ask: Ask, payer: Payer, deps: MailDeps): Promise<FastifyReply> {
  const { request } = ask;
  const values = { subject: textOf(request, 'subject'), words: textOf(request, 'words', 20_000) };
  const errors = {
    ...(values.subject ? {} : { subject: 'Give your question a subject.' }),
    ...(values.words ? {} : { words: 'Write what you want to know.' }),
  };
  const category = textOf(request, 'category');
  if (!isCategoryOf('organization', category)) return showForm(ask, payer);
  if (Object.keys(errors).length > 0) return showForm(ask, payer, { values, errors });
  const about = await aboutOf(ask, payer);
  const { person, customer, seller, scope, actor, now } = payer;
  const name = person.name ?? customer.displayName;
  const asker = { name, email: person.email, portalUserId: person.id, customerId: customer.id };
  const ticket = {
    ...{ desk: 'organization' as const, category, ...values, asker, way: 'portal' as const },
    context: plainContext({ page: cameFrom(ask), browser: originOf(request).userAgent }),
    ...{ invoiceId: about?.invoiceId, papersOf: scope.customerIds, files: filesIn(request) },
  };
  try {
    const { ticketId } = await ask.app.db.transaction(onBehalfOf(actor), (tx) =>
      openTicket(tx, actor, { ...deps, organizationId: seller.id, ticket }, now),
    );
    return goTo(ask.reply, `${base}/${ticketId}?note=question_sent`);
  } catch (error) {
    const wrong = fileErrors(error);
    if (!wrong) throw error;
    return showForm(ask, payer, { values, errors: wrong });
  }
}

/** What is wrong with the chosen files, as the form tells it. */
export const fileErrors = (error: unknown): Record<string, string> | undefined =>
  error instanceof Refusal && error.details.param === 'files' ? { files: error.message } : undefined;

async function showQuestion(ask: Ask, payer: Payer, form?: FormState): Promise<FastifyReply> {
  const id = paramOf(ask.request, 'id');
  const question = await readAs(ask, ownOnly(payer), (tx) => readQuestion(tx, payer.seller.id, id));
  const shell = payerShell(payer, form ? undefined : noteOf(queryOf(ask.request, 'note')));
  const url = `${base}/${id}`;
  const page = questionPage(shell, {
    ...question.shown({ when: whenOf(payer), filesAt: `${url}/files` }),
    action: url,
    backUrl: base,
    ...(form ? { form } : {}),
  });
  return sendPage(ask.reply, page, { nonce: shell.nonce, status: form ? 422 : 200 });
}

async function takeWords(ask: Ask, payer: Payer): Promise<FastifyReply> {
  const { request } = ask;
  const ticketId = paramOf(request, 'id');
  // Seen by this payer, before anything is written with the organization's rights.
  await readAs(ask, ownOnly(payer), (tx) => readQuestion(tx, payer.seller.id, ticketId));
  const words = textOf(request, 'words', 20_000);
  if (!words) return showQuestion(ask, payer, { errors: { words: 'Write something first.' } });
  const { person, customer, seller, actor, now } = payer;
  const author = { name: person.name ?? customer.displayName, email: person.email, portalUserId: person.id };
  const name = { organizationId: seller.id, ticketId, desk: 'organization', way: 'portal' } as const;
  try {
    await ask.app.db.transaction(onBehalfOf(actor), (tx) =>
      addToTicket(tx, actor, { ...name, author, words, files: filesIn(request) }, now),
    );
  } catch (error) {
    const errors = fileErrors(error);
    if (!errors) throw error;
    return showQuestion(ask, payer, { values: { words }, errors });
  }
  return goTo(ask.reply, `${base}/${ticketId}?note=question_added`);
}
