import type { FastifyReply } from 'fastify';
import { systemActor } from '#db/db.ts';
import type { OrganizationRow } from '#features/organizations/queries.ts';
import { checkDoor, type Door, doorShell, openDoor } from '#features/portal-access/door-routes.ts';
import {
  type Ask,
  goTo,
  momentWords,
  portalRoute,
  queryOf,
  sendPage,
  textOf,
} from '#features/portal-access/page-routes.ts';
import { findMember } from '#features/portal-access/payer-routes.ts';
import { askQuestion } from '#features/support/ask-question.ts';
import { articlesFor } from '#features/support/portal-articles.ts';
import { topicOf, topicsOf } from '#features/support/portal-questions.ts';
import { type Category, isCategoryOf, plainContext } from '#features/support/rules.ts';
import type { MailDeps } from '#features/support/ticket-mails.ts';
import type { App } from '#http/app.ts';
import { originOf } from '#http/app.ts';
import { organizationNow } from '#lib/clock.ts';
import { systemNow } from '#lib/dates.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import { askPage, askWhomPage, questionKeptPage, topicPage } from '#web/portal/views/question-pages.ts';

const base = '/portal/ask';

/** A question without a sign-in: from the sign-in page, or the foot of any page. */
export function askRoutes(app: App, deps: MailDeps): void {
  portalRoute(app, { method: 'GET', url: base }, async (ask) => {
    const member = await findMember(ask);
    if (member?.step === 'active') return goTo(ask.reply, '/portal/questions/new');
    return showForm(ask, await openDoor(ask));
  });
  portalRoute(app, { method: 'POST', url: base, perMinute: 6 }, async (ask) => {
    const door = await openDoor(ask);
    checkDoor(ask, door);
    return takeQuestion(ask, door, deps);
  });
}

async function showForm(ask: Ask, door: Door, form?: FormState): Promise<FastifyReply> {
  const shell = doorShell(door);
  const { host } = door;
  if (!host) return sendPage(ask.reply, askWhomPage(shell), shell);
  const chosen = queryOf(ask.request, 'about') ?? textOf(ask.request, 'category');
  const at = `${base}?organization=${host.id}`;
  if (!isCategoryOf('organization', chosen)) {
    const urlOf = (category: Category): string => `${at}&about=${category}`;
    return sendPage(
      ask.reply,
      topicPage(shell, { topics: topicsOf(urlOf), backUrl: '/portal/sign-in' }),
      shell,
    );
  }
  const page = askPage(shell, {
    action: at,
    category: chosen,
    topic: topicOf(chosen),
    topicsUrl: at,
    articles: articlesFor(chosen),
    visitor: true,
    keep: {},
    ...(chosen === 'sign_in' ? { troubleUrl: '/portal/trouble' } : {}),
    ...(form ? { form } : {}),
  });
  return sendPage(ask.reply, page, { nonce: shell.nonce, status: form ? 422 : 200 });
}

async function takeQuestion(ask: Ask, door: Door, deps: MailDeps): Promise<FastifyReply> {
  const { request } = ask;
  const { host } = door;
  const category = textOf(request, 'category');
  if (!host || !isCategoryOf('organization', category)) return showForm(ask, door);
  const values = {
    name: textOf(request, 'name'),
    email: textOf(request, 'email', 254),
    subject: textOf(request, 'subject'),
    words: textOf(request, 'words', 20_000),
  };
  const errors = errorsIn(values);
  if (Object.keys(errors).length > 0) return showForm(ask, door, { values, errors });
  const next = await keepQuestion(ask, host, { values, category, deps });
  if (next) {
    const when = momentWords(next, systemNow(), door);
    const message = `Several mails went to this address of late. You can ask again at ${when}.`;
    return showForm(ask, door, { values, message });
  }
  const shell = doorShell(door);
  return sendPage(ask.reply, questionKeptPage(shell, { email: values.email }), shell);
}

type Values = { name: string; email: string; subject: string; words: string };

const errorsIn = ({ name, email, subject, words }: Values): Record<string, string> => ({
  ...(name ? {} : { name: 'Enter your name.' }),
  ...(/^[^\s@<>",;]+@[^\s@<>",;]+\.[^\s@<>",;]+$/.test(email)
    ? {}
    : { email: 'Enter your email address, such as name@example.com.' }),
  ...(subject ? {} : { subject: 'Give your question a subject.' }),
  ...(words ? {} : { words: 'Write what you want to know.' }),
});

function keepQuestion(
  ask: Ask,
  host: OrganizationRow,
  { values, category, deps }: { values: Values; category: Category; deps: MailDeps },
): Promise<Date | undefined> {
  const { name, email, subject, words } = values;
  const ticket = {
    ...{ desk: 'organization' as const, category, subject, words, way: 'link' as const },
    asker: { name, email },
    context: plainContext({ page: '/portal/ask', browser: originOf(ask.request).userAgent }),
  };
  const actor = systemActor('portal question');
  const input = { ...deps, organizationId: host.id, ticket, realNow: systemNow() };
  return ask.app.db.transaction(actor, (tx) => askQuestion(tx, actor, input, organizationNow(host)));
}
