import { readdirSync, readFileSync } from 'node:fs';
import type { FastifyReply } from 'fastify';
import { systemActor } from '#db/db.ts';
import { allArticles, findArticle, searchArticles } from '#features/help/library.ts';
import { rateArticle } from '#features/help/rate-article.ts';
import { checkDoor, doorShell, openDoor } from '#features/portal-access/door-routes.ts';
import {
  type Ask,
  paramOf,
  portalRoute,
  queryOf,
  sendPage,
  textOf,
} from '#features/portal-access/page-routes.ts';
import { findMember } from '#features/portal-access/payer-routes.ts';
import type { App } from '#http/app.ts';
import { systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { sha256 } from '#lib/secrets.ts';
import { raw } from '#ui/html.ts';
import { helpArticlePage, helpIndexPage } from '#web/portal/views/help-pages.ts';

const pictures = new URL('../../../docs/images/', import.meta.url);

/** What payers are told, for anyone who has the address; the pictures of all articles. */
export function helpPageRoutes(app: App): void {
  portalRoute(app, { method: 'GET', url: '/help' }, showContents);
  portalRoute(app, { method: 'GET', url: '/help/:slug' }, (ask) => showArticle(ask, false));
  portalRoute(app, { method: 'POST', url: '/help/:slug', perMinute: 30 }, takeFeedback);
  const known = new Set(readdirSync(pictures).filter((name) => name.endsWith('.png')));
  app.fastify.get<{ Params: { file: string } }>('/help/images/:file', async (request, reply) => {
    const { file } = request.params;
    if (!known.has(file)) throw new Refusal('not_found', 'There is no such picture.');
    return reply
      .header('content-type', 'image/png')
      .header('cache-control', 'public, max-age=3600')
      .send(readFileSync(new URL(file, pictures)));
  });
}

async function showContents(ask: Ask): Promise<FastifyReply> {
  const shell = doorShell(await openDoor(ask));
  const words = queryOf(ask.request, 'q')?.trim() ?? '';
  const found = words ? searchArticles(words, 'payers') : allArticles('payers');
  return sendPage(ask.reply, helpIndexPage(shell, { action: '/help', words, articles: found }), shell);
}

async function showArticle(ask: Ask, thanked: boolean): Promise<FastifyReply> {
  const door = await openDoor(ask);
  const shell = doorShell(door);
  const article = payersArticle(ask);
  const related = article.related.flatMap((slug) => findArticle(slug) ?? []);
  const page = helpArticlePage(shell, {
    ...article,
    body: raw(article.html('/help')),
    related: related.filter((each) => each.for === 'payers'),
    homeUrl: '/help',
    ...(door.host && !thanked ? { feedbackUrl: `/help/${article.slug}` } : {}),
    ...(door.host ? { askUrl: `/portal/ask?organization=${door.host.id}` } : {}),
    thanked,
  });
  return sendPage(ask.reply, page, shell);
}

function payersArticle({ request }: Ask) {
  const article = findArticle(paramOf(request, 'slug'));
  if (article?.for !== 'payers') throw new Refusal('not_found', 'There is no such article. Search the help.');
  return article;
}

async function takeFeedback(ask: Ask): Promise<FastifyReply> {
  const door = await openDoor(ask);
  checkDoor(ask, door);
  const { slug } = payersArticle(ask);
  const { host } = door;
  if (!host) return showArticle(ask, true);
  const said = {
    reader: await readerOf(ask, door.secret),
    helpful: textOf(ask.request, 'helpful') === 'yes',
    words: textOf(ask.request, 'words', 2000),
  };
  const actor = systemActor('help page');
  await ask.app.db.transaction(actor, (tx) =>
    rateArticle(tx, actor, { organizationId: host.id, slug, ...said }, systemNow()),
  );
  return showArticle(ask, true);
}

/** Who is signed in, or this browser: each is one voice, however often it is raised. */
async function readerOf(ask: Ask, secret: string): Promise<string> {
  const member = await findMember(ask);
  return member?.session.portalUserId ?? `rdr_${sha256(secret).slice(0, 22)}`;
}
