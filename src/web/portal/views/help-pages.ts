import type { Html } from '#ui/html.ts';
import { html, raw } from '#ui/html.ts';
import { form, submit } from '#web/portal/views/form-parts.ts';
import { page } from '#web/portal/views/layout.ts';
import { notice } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

/** Only these pages have running text with headings and tables; no other page sends its style. */
const style = raw(`main .sheet{padding:1.25rem}.ask h2{margin-bottom:.5rem}
.article h2{margin:1.5rem 0 .5rem}.article h2:first-child{margin-top:0}
.article :is(p,ul,ol){margin:0 0 .75rem}.article :is(ul,ol){padding-left:1.3rem}.article ul{list-style:disc}
.article ol{list-style:decimal}.article img{max-width:100%;height:auto}.article nav ul{list-style:none;padding:0}
.article nav a,.help-list a{display:inline-block;padding:.25rem 0}.help-list>li+li{margin-top:.75rem}
.help-find{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin:1rem 0}.help-find label{width:100%}
.help-find input{flex:1 1 12rem}.help-find .button{width:auto}.ask textarea{width:100%;margin:.25rem 0 .75rem}`);
const head = (shell: PortalShell): Html => html`<style nonce="${shell.nonce}">${style}</style>`;

type Entry = { slug: string; title: string; summary: string };

const entries = (articles: readonly Entry[]): Html =>
  html`<ul class="help-list">${articles.map(
    ({ slug, title, summary }) =>
      html`<li><a href="/help/${slug}">${title}</a><br><span class="soft">${summary}</span></li>`,
  )}</ul>`;

/** Every article for payers, or those that answer what was asked. */
export type HelpIndexPage = { action: string; words: string; articles: readonly Entry[] };

export const helpIndexPage = (shell: PortalShell, data: HelpIndexPage): Html =>
  page(shell, {
    title: 'Help',
    head: head(shell),
    width: 'middle',
    body: html`<h1>Help with paying</h1>
<form class="help-find" action="${data.action}" role="search"><label for="q">Search the help</label>
<input id="q" name="q" type="search" value="${data.words}" maxlength="200">${submit('Search', 'quiet')}</form>
<section class="sheet">${
      data.articles.length > 0
        ? entries(data.articles)
        : html`<p>Nothing was found for “${data.words}”. Try one plain word, such as <em>password</em>, or
            <a href="${data.action}">see all articles</a>.</p>`
    }</section>`,
  });

export type HelpArticlePage = Entry & {
  body: Html;
  headings: readonly { id: string; words: string }[];
  related: readonly Entry[];
  homeUrl: string;
  /** Posts `helpful` (yes, no) and `words`. */
  feedbackUrl?: string;
  /** Where a question is put to the seller. */
  askUrl?: string;
  thanked: boolean;
};

export const helpArticlePage = (shell: PortalShell, data: HelpArticlePage): Html =>
  page(shell, {
    title: data.title,
    head: head(shell),
    width: 'middle',
    body: html`<a class="back" href="${data.homeUrl}">All help</a>
<h1>${data.title}</h1><p class="lead">${data.summary}</p>
<article class="sheet article">${
      data.headings.length > 2 &&
      html`<nav aria-label="On this page"><ul>${data.headings.map(
        ({ id, words }) => html`<li><a href="#${id}">${words}</a></li>`,
      )}</ul></nav>`
    }${data.body}</article>
${feedback(shell, data)}${
  data.askUrl &&
  html`<section class="sheet"><h2>Still having trouble?</h2><p>Tell us what you wanted to do and what happened instead.</p>
<p><a class="button quiet" href="${data.askUrl}">Ask a question</a></p></section>`
}${
  data.related.length > 0 && html`<section class="sheet"><h2>Read on</h2>${entries(data.related)}</section>`
}`,
  });

function feedback(shell: PortalShell, data: HelpArticlePage): Html | undefined {
  if (data.thanked) return notice({ tone: 'good', body: 'Thank you. We read every word.' });
  if (!data.feedbackUrl) return undefined;
  return html`<section class="sheet ask"><h2>Was this helpful?</h2>${form(
    shell,
    { action: data.feedbackUrl },
    html`<label for="words">What was missing? <span class="soft">(if you like)</span></label>
<textarea id="words" name="words" rows="2" maxlength="2000"></textarea>
<div class="actions"><button class="button quiet" name="helpful" value="yes">Yes, it helped</button>
<button class="button quiet" name="helpful" value="no">No, not yet</button></div>`,
  )}</section>`;
}
