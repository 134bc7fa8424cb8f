import { Marked, type Tokens } from 'marked';

export type Heading = { id: string; words: string };

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const idOf = (words: string): string =>
  words
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** `imports.md#undo` is another article; `/…` a page of Owed; `#…` a place here; the rest the web. */
const addressOf = (href: string, base: string): string =>
  href.replace(/^([\w-]+)\.md(#[\w-]*)?$/, (_whole, slug, place) => `${base}/${slug}${place ?? ''}`);

const pictureUrl = (href: string): string => href.replace(/^\.\.\/images\//, '/help/images/');

/** The Markdown of an article as a page's HTML. HTML inside it stays text. */
export function readBody(markdown: string): {
  headings: Heading[];
  text: string;
  html: (base: string) => string;
} {
  const tokens = new Marked().lexer(markdown);
  const headings = tokens
    .filter((token): token is Tokens.Heading => token.type === 'heading' && token.depth === 2)
    .map(({ text }) => ({ id: idOf(text), words: text.replace(/[*_`]/g, '') }));
  const html = (base: string): string => {
    const marked = new Marked({ gfm: true, async: false });
    marked.use({
      renderer: {
        html: ({ text }) => escaped(text),
        heading({ depth, text, tokens: inside }) {
          return `<h${depth} id="${idOf(text)}">${this.parser.parseInline(inside)}</h${depth}>\n`;
        },
        link({ href, tokens: inside }) {
          const address = addressOf(href, base);
          const far = /^https:\/\//.test(address) ? ' rel="noopener noreferrer" target="_blank"' : '';
          const words = this.parser.parseInline(inside);
          return /^(https:\/\/|\/|#)/.test(address)
            ? `<a href="${escaped(address)}"${far}>${words}</a>`
            : words;
        },
        image: ({ href, text }) =>
          `<img src="${escaped(pictureUrl(href))}" alt="${escaped(text)}" loading="lazy">`,
        table(token) {
          const row = (cells: Tokens.TableCell[], tag: string): string =>
            `<tr>${cells.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join('')}</tr>`;
          const body = token.rows.map((cells) => row(cells, 'td')).join('');
          const table = `<table><thead>${row(token.header, 'th')}</thead><tbody>${body}</tbody></table>`;
          return `<div class="article-table" tabindex="0" role="region" aria-label="Table">${table}</div>`;
        },
      },
    });
    return marked.parse(markdown, { async: false });
  };
  return { headings, text: markdown.replace(/\]\([^)]*\)|[#*_`>|[\]]/g, ' '), html };
}
