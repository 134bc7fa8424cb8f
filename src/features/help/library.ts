import { readdirSync, readFileSync } from 'node:fs';
import MiniSearch from 'minisearch';
import { type Heading, readBody } from '#features/help/render-article.ts';
import { type ArticleGroup, articleGroups } from '#features/help/rules.ts';
import { must } from '#lib/errors.ts';

export type Audience = 'staff' | 'payers';
export type Article = {
  slug: string;
  title: string;
  summary: string;
  group: ArticleGroup;
  updated: string;
  for: Audience;
  related: readonly string[];
  headings: readonly Heading[];
  /** Links lead to articles under `base`: `/console/help` or `/help`. */
  html(base: string): string;
};

const folder = new URL('../../../docs/guide/', import.meta.url);
type Library = { articles: Map<string, Article>; index: MiniSearch<Entry> };
type Entry = { slug: string; title: string; summary: string; headings: string; text: string; for: Audience };
let library: Library | undefined;

/** Read when the first reader comes, not at start: who needs no help waits for none. */
function opened(): Library {
  if (library) return library;
  const articles = new Map<string, Article>();
  const index = new MiniSearch<Entry>({
    idField: 'slug',
    fields: ['title', 'summary', 'headings', 'text'],
    storeFields: ['for'],
    searchOptions: {
      boost: { title: 5, summary: 2, headings: 2 },
      prefix: (term) => term.length > 2,
      fuzzy: (term) => (term.length > 3 ? 0.25 : false),
    },
  });
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .sort()) {
    const slug = file.slice(0, -3);
    const { article, text } = readArticle(slug, readFileSync(new URL(file, folder), 'utf8'));
    articles.set(slug, article);
    const headings = article.headings.map(({ words }) => words).join('\n');
    index.add({ slug, title: article.title, summary: article.summary, headings, text, for: article.for });
  }
  library = { articles, index };
  return library;
}

/** An article is Markdown under a head of `name: value` lines between two lines of `---`. */
export function readArticle(slug: string, source: string): { article: Article; text: string } {
  const parts = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(source);
  const head = new Map(
    must(parts?.[1], `a head in ${slug}.md`)
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const of = (name: string): string => must(head.get(name), `“${name}:” in the head of ${slug}.md`);
  const body = readBody(must(parts?.[2], `a text in ${slug}.md`));
  const article: Article = {
    slug,
    title: of('title'),
    summary: of('summary'),
    group: must(
      articleGroups.find((group) => group === of('group')),
      `one of ${articleGroups.join(', ')} as group of ${slug}.md`,
    ),
    updated: of('updated'),
    for: of('for') === 'payers' ? 'payers' : 'staff',
    related: of('related').split(/,\s*/).filter(Boolean),
    headings: body.headings,
    html: body.html,
  };
  return { article, text: body.text };
}

export const findArticle = (slug: string): Article | undefined => opened().articles.get(slug);

/** All that the reader may see, in the order of the contents page. Staff may read what payers are told. */
export function allArticles(reader: Audience): Article[] {
  const shown = [...opened().articles.values()].filter((each) => reader === 'staff' || each.for === reader);
  const place = ({ slug, group }: Article): string =>
    `${articleGroups.indexOf(group)} ${slug === 'first-steps' || slug === 'payer-sign-up' ? '' : slug}`;
  return shown.sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

/** Best first; a slip of the finger and the beginning of a word find as well. */
export function searchArticles(words: string, reader: Audience): Article[] {
  const { articles, index } = opened();
  return index
    .search(words.slice(0, 200), {
      filter: (hit) => reader === 'staff' || hit.for === reader,
    })
    .slice(0, 20)
    .map(({ id }) => must(articles.get(id), `the article ${id}`));
}
