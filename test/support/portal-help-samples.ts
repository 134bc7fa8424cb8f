import { allArticles, findArticle } from '#features/help/library.ts';
import { must } from '#lib/errors.ts';
import { raw } from '#ui/html.ts';
import { helpArticlePage, helpIndexPage } from '#web/portal/views/help-pages.ts';
import { payer, type Sample } from './portal-samples.ts';

const article = must(findArticle('payer-sign-in'), 'an article');
const shown = {
  ...article,
  body: raw(article.html('/help')),
  related: allArticles('payers').slice(0, 2),
  homeUrl: '/help',
};

export const helpSamples: Sample[] = [
  ['help', helpIndexPage(payer, { action: '/help', words: '', articles: allArticles('payers') })],
  ['help-none', helpIndexPage(payer, { action: '/help', words: 'xqzzyvw', articles: [] })],
  ['help-article', helpArticlePage(payer, { ...shown, feedbackUrl: '/help/payer-sign-in', thanked: false })],
  ['help-thanks', helpArticlePage(payer, { ...shown, thanked: true })],
];
