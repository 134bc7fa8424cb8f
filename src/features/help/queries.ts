import { sql } from 'kysely';
import type { Tx } from '#db/db.ts';
import { findArticle } from '#features/help/library.ts';

type Row = { slug: string; helpful: number; notHelpful: number };
type Said = { slug: string; words: string; organization: string; at: Date };

/** Counts per article over all organizations and the latest words: whoever writes the guide reads this. */
export async function listFeedback(tx: Tx) {
  const counts = await tx.rows<Row>(sql`
    select slug, count(*) filter (where helpful)::int as helpful,
      count(*) filter (where not helpful)::int as not_helpful
    from help_feedback group by slug order by not_helpful desc, slug`);
  const said = await tx.rows<Said>(sql`
    select slug, words, o.name as organization, f.created_at as at
    from (select *, row_number() over (partition by slug order by created_at desc) as place
      from help_feedback where words <> '') f
    join organizations o on o.id = f.organization_id where place <= 10 order by f.created_at desc`);
  return counts.map(({ slug, helpful, notHelpful }) => ({
    slug,
    title: findArticle(slug)?.title ?? slug,
    helpful,
    not_helpful: notHelpful,
    words: said
      .filter((each) => each.slug === slug)
      .map(({ words, organization, at }) => ({ words, organization, at })),
  }));
}
