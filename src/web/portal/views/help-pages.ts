import type { Html } from '#ui/html.ts';
import { html } from '#ui/html.ts';
import { form, submit } from '#web/portal/views/form-parts.ts';
import { page } from '#web/portal/views/layout.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

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
  thanked: boolean;
};

export const helpArticlePage = (shell: PortalShell, data: HelpArticlePage): Html =>
  page(shell, {
    title: data.title,
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
  data.related.length > 0 && html`<section class="sheet"><h2>Read on</h2>${entries(data.related)}</section>`
}`,
  });

function feedback(shell: PortalShell, data: HelpArticlePage): Html | undefined {
  if (data.thanked) return html`<p class="notice good" role="status">Thank you. We read every word.</p>`;
  if (!data.feedbackUrl) return undefined;
  return html`<section class="sheet"><h2>Was this helpful?</h2>${form(
    shell,
    { action: data.feedbackUrl },
    html`<label for="words">What was missing? <span class="soft">(if you like)</span></label>
<textarea id="words" name="words" rows="2" maxlength="2000"></textarea>
<div class="actions"><button class="quiet" name="helpful" value="yes">Yes, it helped</button>
<button class="quiet" name="helpful" value="no">No, not yet</button></div>`,
  )}</section>`;
}
