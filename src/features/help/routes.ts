import { sql } from 'kysely';
import { systemActor } from '#db/db.ts';
import * as api from '#features/help/api.ts';
import { type Article, allArticles, findArticle, searchArticles } from '#features/help/library.ts';
import { helpPageRoutes } from '#features/help/page-routes.ts';
import { listFeedback } from '#features/help/queries.ts';
import { rateArticle } from '#features/help/rate-article.ts';
import type { App } from '#http/app.ts';
import { serve, serveJourney } from '#http/serve.ts';
import { Refusal } from '#lib/errors.ts';

const entryOf = ({ slug, title, summary, group, for: reader }: Article) => ({
  object: 'help_article' as const,
  slug,
  title,
  summary,
  group,
  for: reader,
});

/** The guide: docs/guide as pages of the console and of the portal. */
export function helpRoutes(app: App): void {
  serve(app, api.listArticles, async ({ query }) => ({
    object: 'list' as const,
    data: (query.q?.trim() ? searchArticles(query.q, 'staff') : allArticles('staff')).map(entryOf),
  }));
  serve(app, api.getArticle, async ({ params }) => {
    const article = findArticle(params.slug);
    if (!article) throw new Refusal('not_found', `There is no article ${params.slug}. Search the guide.`);
    return {
      ...entryOf(article),
      updated: article.updated,
      html: article.html('/console/help'),
      headings: [...article.headings],
      related: article.related.flatMap((slug) => findArticle(slug) ?? []).map(entryOf),
    };
  });
  serve(app, api.rateArticle, async ({ tx, actor, organization, now, params, body }) => {
    const reader = actor.kind === 'user' ? actor.userId : actor.kind === 'api_key' ? actor.apiKeyId : '';
    const said = { ...body, reader, organizationId: organization.id, slug: params.slug };
    await rateArticle(tx, actor, said, now);
    return { object: 'help_feedback' as const };
  });
  serveJourney(app, api.listFeedback, async ({ caller }) => {
    const { actor } = caller;
    const data = await app.db.transaction(systemActor('help feedback'), async (tx) => {
      const hosts =
        actor.kind === 'user' &&
        (await tx.row(
          sql`select 1 from users where id = ${actor.userId} and operator and disabled_at is null`,
        ));
      if (!hosts) throw new Refusal('forbidden', 'Only those who host this Owed see what all readers said.');
      return listFeedback(tx);
    });
    return { object: 'list' as const, data };
  });
  helpPageRoutes(app);
}
