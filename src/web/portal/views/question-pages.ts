import { kindWords } from '#features/files/rules.ts';
import type { Content, Html } from '#ui/html.ts';
import { attributes, html, raw } from '#ui/html.ts';
import type { FormState } from '#web/portal/views/form-parts.ts';
import {
  errorSummary,
  field,
  filesField,
  form,
  hasErrors,
  hidden,
  submit,
  textArea,
} from '#web/portal/views/form-parts.ts';
import { icons } from '#web/portal/views/icons.ts';
import { page } from '#web/portal/views/layout.ts';
import type { Tone } from '#web/portal/views/parts.ts';
import { backLink, badge, facts, linkButton, pageHead } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';
import { doorPage } from '#web/portal/views/sign-in-pages.ts';

const fileHint = `${kindWords}, 10 MB together.`;

const style = raw(`.thread{display:grid;gap:1rem}.said{padding:1rem 1.25rem}
.said.mine{background:var(--sunken);box-shadow:none}.said header{display:flex;flex-wrap:wrap;gap:0 .75rem;
justify-content:space-between;margin-bottom:.5rem}.said .words{white-space:pre-wrap;overflow-wrap:anywhere}
.said ul{margin-top:.75rem}.topics a{display:flex;align-items:center;justify-content:space-between;
min-height:var(--target);padding:.75rem 1.25rem;color:inherit;text-decoration:none;font-weight:500}
.topics li+li{border-top:1px solid var(--hairline)}.topics a:hover{color:var(--accent-ink)}
.topics .icon{rotate:-90deg;color:var(--ink-soft)}.maybe li+li{margin-top:.5rem}.maybe a{display:inline-block;padding:.25rem 0}`);
const head = (shell: PortalShell): Html => html`<style nonce="${shell.nonce}">${style}</style>`;

/** How a question stands, in the asker's words. */
export type Standing = { words: string; tone: Tone; isOver: boolean };
const standingBadge = ({ tone, words }: Standing): Html => badge(tone, words);

export type QuestionsPage = {
  rows: { url: string; number: number; subject: string; standing: Standing; when: string }[];
  askUrl: string;
  backUrl: string;
  nextUrl?: string;
};

/** What a customer asked, and how each question stands. */
export const questionsPage = (shell: PortalShell, data: QuestionsPage): Html =>
  page(shell, {
    title: 'Your questions',
    width: 'middle',
    head: head(shell),
    body: html`<div class="head-row">${pageHead(
      'Your questions',
      undefined,
      backLink(data.backUrl, 'Open invoices'),
    )}${linkButton(data.askUrl, 'Ask a question')}</div>${
      data.rows.length === 0
        ? html`<p class="sheet box soft">Nothing asked yet. What you ask stands here, with the answers.</p>`
        : html`<ul class="rows past sheet">${data.rows.map(
            (each) =>
              html`<li class="row"><div class="what"><a class="number" href="${each.url}">${each.subject}</a>
    <span class="soft">#${each.number} · ${each.when}</span></div><div class="sum">${standingBadge(
      each.standing,
    )}</div></li>`,
          )}</ul>`
    }${data.nextUrl && html`<p class="more"><a href="${data.nextUrl}">Show older ones</a></p>`}`,
  });

export type TopicPage = { topics: readonly { words: string; url: string }[]; backUrl?: string };

/** The first step: what it is about. Often the answer is there already. */
export const topicPage = (shell: PortalShell, data: TopicPage): Html =>
  page(shell, {
    title: 'Ask a question',
    width: 'narrow',
    head: head(shell),
    body: html`${pageHead(
      'What is it about?',
      `${shell.organization.name} answers by email.`,
      data.backUrl && backLink(data.backUrl, 'Back'),
    )}<ul class="sheet topics">${data.topics.map(({ words, url }) => html`<li><a href="${url}">${words}${icons.down}</a></li>`)}</ul>`,
  });

type Entry = { slug: string; title: string };
export type AskPage = {
  action: string;
  category: string;
  /** What it is about, in the reader's words. */
  topic: string;
  topicsUrl: string;
  /** What may answer it at once. */
  articles: readonly Entry[];
  /** The paper it is about: `Invoice 1001`. */
  about?: string;
  /** Someone without a sign-in says who they are. */
  visitor: boolean;
  keep: Readonly<Record<string, string>>;
  troubleUrl?: string;
  form?: FormState;
};

/** The form itself. Posts `subject`, `words`, `category`, `files`; a visitor `name` and `email`, too. */
export const askPage = (shell: PortalShell, data: AskPage): Html =>
  page(shell, {
    title: data.topic,
    width: 'narrow',
    head: head(shell),
    failed: hasErrors(data.form),
    body: html`${pageHead(
      'Ask a question',
      data.about ?? data.topic,
      backLink(data.topicsUrl, 'About something else'),
    )}${errorSummary(data.form)}${maybe(data)}<section class="sheet box">${form(
      shell,
      { action: data.action, files: !data.visitor },
      html`${Object.entries(data.keep).map(([name, value]) => hidden(name, value))}${hidden(
        'category',
        data.category,
      )}${data.visitor && visitorFields(data.form)}${field(
        { name: 'subject', label: 'Subject', maxlength: 200 },
        data.form,
      )}${textArea(
        {
          name: 'words',
          label: 'Your question',
          rows: 7,
          maxlength: 20_000,
          hint: 'Never write card or bank details here.',
        },
        data.form,
      )}${!data.visitor && filesField(fileHint, data.form)}<div class="actions">${submit(
        'Send',
        'primary',
        'Sending…',
      )}</div>`,
    )}</section>`,
  });

const visitorFields = (state: FormState | undefined): Html =>
  html`${field({ name: 'name', label: 'Your name', autocomplete: 'name' }, state)}${field(
    {
      name: 'email',
      label: 'Email',
      type: 'email',
      autocomplete: 'email',
      hint: 'The answer goes there. You confirm the address first, by a mail that we send you.',
    },
    state,
  )}`;

const maybe = ({ articles, troubleUrl }: AskPage): Content =>
  (articles.length > 0 || troubleUrl) &&
  html`<section class="sheet box"><h2>This may answer it at once</h2><ul class="maybe">${
    troubleUrl && html`<li><a href="${troubleUrl}">Help with signing in</a></li>`
  }${articles.map(({ slug, title }) => html`<li><a href="/help/${slug}">${title}</a></li>`)}</ul></section>`;

export type SaidOnPage = {
  mine: boolean;
  author: string;
  when: string;
  words: string;
  files: { name: string; url: string }[];
  leftOut: string[];
};
export type QuestionPage = {
  number: number;
  subject: string;
  standing: Standing;
  said: SaidOnPage[];
  action: string;
  backUrl?: string;
  form?: FormState;
};

/** One question with its answers; what is added reopens it. Posts `words` and `files`. */
export const questionPage = (shell: PortalShell, data: QuestionPage): Html =>
  page(shell, {
    title: data.subject,
    width: 'middle',
    head: head(shell),
    failed: hasErrors(data.form),
    body: html`${pageHead(
      data.subject,
      html`#${data.number} ${standingBadge(data.standing)}`,
      data.backUrl && backLink(data.backUrl, 'Your questions'),
    )}${errorSummary(data.form)}<ol class="thread">${data.said.map(saidOnPage)}</ol>
<section class="sheet box">${form(
      shell,
      { action: data.action, files: true },
      html`${textArea(
        {
          name: 'words',
          label: data.standing.isOver ? 'Not solved? Write again' : 'Add something',
          rows: 5,
          maxlength: 20_000,
          hint: 'Never write card or bank details here.',
        },
        data.form,
      )}${filesField(fileHint, data.form)}<div class="actions">${submit('Send', 'primary', 'Sending…')}</div>`,
    )}</section>`,
  });

const saidOnPage = (said: SaidOnPage): Html =>
  html`<li ${attributes({ class: said.mine ? 'said sheet mine' : 'said sheet' })}><header><strong>${
    said.author
  }</strong><span class="soft">${said.when}</span></header><p class="words">${said.words}</p>${
    said.files.length > 0 &&
    html`<ul class="files">${said.files.map(
      ({ name, url }) => html`<li><a href="${url}">${icons.file}${name}</a></li>`,
    )}</ul>`
  }${
    said.leftOut.length > 0 && html`<p class="soft">Could not be kept: ${said.leftOut.join(', ')}</p>`
  }</li>`;

export type ConfirmQuestionPage = { subject: string; words: string; email: string; action: string };

/** Behind the link in the first mail: the question goes only when its writer says so. */
export const confirmQuestionPage = (shell: PortalShell, data: ConfirmQuestionPage): Html =>
  doorPage(shell, {
    title: 'Send your question',
    seal: ['plain', icons.mail],
    lead: html`<p>It goes to ${shell.organization.name}; the answer comes to ${data.email}.</p>`,
    body: html`${facts([
      ['Subject', data.subject],
      ['Question', data.words.length > 400 ? `${data.words.slice(0, 400)}…` : data.words],
    ])}${form(shell, { action: data.action }, submit('Send it', 'primary', 'Sending…'))}`,
    below: html`You did not write this? Close the page: it is forgotten after three days.`,
  });

/** The same for every address. */
export const questionKeptPage = (shell: PortalShell, { email }: { email: string }): Html =>
  doorPage(shell, {
    title: 'One more step',
    heading: 'Check your email',
    seal: ['plain', icons.mail],
    lead: html`<p>We sent a link to ${email}. Open it to send your question to ${shell.organization.name}.</p>`,
    below: html`Nothing there after a few minutes? Look in spam.`,
  });

/** Nobody's page in particular: the question needs to know whom it is for. */
export const askWhomPage = (shell: PortalShell): Html =>
  doorPage(shell, {
    title: 'Whom do you want to ask?',
    seal: ['warn', icons.alert],
    lead: html`<p>Open any email from the business that bills you, and follow its link. Then come back to this
      page: your question goes to them.</p>`,
    body: linkButton('/help', 'Help with paying', 'quiet'),
  });

/** The link's time is over. */
export const questionGonePage = (shell: PortalShell, { askUrl }: { askUrl: string | undefined }): Html =>
  doorPage(shell, {
    title: 'This question is closed',
    seal: ['warn', icons.clock],
    lead: html`<p>It was closed some time ago, and its link no longer opens it. You can ask a new one.</p>`,
    body: askUrl && linkButton(askUrl, 'Ask a question', 'primary'),
  });
