import { sql } from 'kysely';
import type { Actor, Tx } from '#db/db.ts';
import { findArticle } from '#features/help/library.ts';
import { Refusal } from '#lib/errors.ts';

/** A reader says whether an article helped; the same reader's later word replaces the one before. */
export async function rateArticle(
  tx: Tx,
  _actor: Actor,
  input: {
    organizationId: string;
    slug: string;
    reader: string;
    helpful: boolean;
    words?: string | undefined;
  },
  now: Date,
): Promise<void> {
  const { organizationId, slug, reader, helpful, words } = input;
  if (!findArticle(slug)) throw new Refusal('not_found', `There is no article ${slug}.`);
  await tx.run(sql`
    insert into help_feedback (organization_id, slug, reader, helpful, words, created_at)
    values (${organizationId}, ${slug}, ${reader}, ${helpful}, ${words ?? ''}, ${now})
    on conflict (organization_id, slug, reader) do update
      set helpful = excluded.helpful, words = excluded.words, created_at = excluded.created_at`);
}
