import type { Html } from '#ui/html.ts';
import { html } from '#ui/html.ts';
import { page } from '#web/portal/views/layout.ts';
import { pageHead } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

/** A text of the organization's own, such as its payment terms. Empty lines part its paragraphs. */
export const textPage = (shell: PortalShell, data: { title: string; text: string }): Html =>
  page(shell, {
    title: data.title,
    width: 'middle',
    body: html`${pageHead(data.title)}<article class="sheet paper">${data.text
      .split(/\n\s*\n/)
      .map((part) => html`<p>${part}</p>`)}</article>`,
  });
