import { z } from 'zod';
import { endpoint, zInstant, zText } from '#lib/endpoint.ts';

const zSlug = z.string().regex(/^[a-z0-9-]{1,80}$/, 'must be the name of an article, such as first-steps');

export const zArticleEntry = z.object({
  object: z.literal('help_article'),
  slug: z.string(),
  title: z.string(),
  summary: z.string(),
  group: z.string(),
  /** Whom it speaks to. */
  for: z.enum(['staff', 'payers']),
});

export const listArticles = endpoint({
  method: 'GET',
  path: '/v1/help/articles',
  summary: 'Articles of the guide: all by group, or those that answer `q`, best first',
  scope: 'signed_in',
  query: z.object({ q: z.string().max(200).optional() }),
  reply: z.object({ object: z.literal('list'), data: z.array(zArticleEntry) }),
  errors: ['unauthenticated', 'invalid_request'],
});

export const getArticle = endpoint({
  method: 'GET',
  path: '/v1/help/articles/{slug}',
  summary: 'One article, as HTML',
  scope: 'signed_in',
  params: z.object({ slug: zSlug }),
  reply: zArticleEntry.extend({
    updated: z.string(),
    html: z.string(),
    headings: z.array(z.object({ id: z.string(), words: z.string() })),
    related: z.array(zArticleEntry),
  }),
  errors: ['unauthenticated', 'not_found'],
});

export const rateArticle = endpoint({
  method: 'POST',
  path: '/v1/help/articles/{slug}/feedback',
  summary: 'Say whether an article helped, and what was missing',
  scope: 'signed_in',
  status: 201,
  params: z.object({ slug: zSlug }),
  body: z.strictObject({ helpful: z.boolean(), words: zText(2000).optional() }),
  reply: z.object({ object: z.literal('help_feedback') }),
  errors: ['unauthenticated', 'not_found', 'invalid_request'],
});

export const listFeedback = endpoint({
  method: 'GET',
  path: '/v1/help/feedback',
  summary: 'What readers of all organizations said of each article, for the host of this Owed',
  scope: 'signed_in',
  reply: z.object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        slug: z.string(),
        title: z.string(),
        helpful: z.int(),
        not_helpful: z.int(),
        words: z.array(z.object({ words: z.string(), organization: z.string(), at: zInstant })),
      }),
    ),
  }),
  errors: ['unauthenticated', 'forbidden'],
});
