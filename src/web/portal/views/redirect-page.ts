import type { Html } from '#ui/html.ts';
import { attributes, checkUrl, html } from '#ui/html.ts';
import { page } from '#web/portal/views/layout.ts';
import { linkButton, pageHead } from '#web/portal/views/parts.ts';
import type { PortalShell } from '#web/portal/views/shell.ts';

/** On the way to another site: it opens by itself, and by a button where it does not. */
export const redirectPage = (shell: PortalShell, data: { url: string; vendor: string }): Html =>
  page(shell, {
    title: `On to ${data.vendor}`,
    width: 'narrow',
    head: html`<meta ${attributes({ 'http-equiv': 'refresh', content: `0;url=${checkUrl(data.url)}` })}>`,
    body: html`${pageHead(
      `On to ${data.vendor}`,
      `You agree to the payment there and come back here. Nothing has been charged yet.`,
    )}<p>${linkButton(data.url, `Continue to ${data.vendor}`)}</p>`,
  });
