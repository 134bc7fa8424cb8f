import type { Content, Html } from '#ui/html.ts';
import { html, inlineStyle, join } from '#ui/html.ts';
import type { Roles } from '#ui/tokens.ts';

export type MailLook = { day: Roles; night: Roles; line: { light: string; dark: string } };

/** Words with emphasis or a link among them. A line break in a string stays one. */
export type MailWords = string | readonly (string | { strong: string } | { url: string; words: string })[];

export type MailBlock =
  | { kind: 'paragraph'; words: MailWords }
  | { kind: 'amount'; label: string; amount: string; note?: string }
  | { kind: 'facts'; rows: readonly (readonly [label: string, value: string])[] }
  /** The last column is set to the right: amounts stand there. */
  | {
      kind: 'table';
      head: readonly string[];
      rows: readonly (readonly string[])[];
      total?: readonly [label: string, amount: string];
    }
  | { kind: 'button'; words: string; url: string }
  | { kind: 'notice'; words: MailWords }
  | { kind: 'small'; words: MailWords }
  | { kind: 'divider' };

const lines = (text: string): Html => join(text.split('\n'), html`<br>`);

function wordsHtml(words: MailWords, { day }: MailLook): Content {
  if (typeof words === 'string') return lines(words);
  return words.map((each) => {
    if (typeof each === 'string') return lines(each);
    if ('strong' in each) return html`<strong>${each.strong}</strong>`;
    return html`<a class="k" href="${each.url}" style="${inlineStyle({ color: day.accentInk })}">${
      each.words
    }</a>`;
  });
}

const text = (color: string, size: number, below: number): Record<string, string> => ({
  margin: `0 0 ${below}px`,
  'font-size': `${size}px`,
  'line-height': '1.55',
  color,
});

const table = (rows: Content, below = 20): Html =>
  html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="${inlineStyle(
    {
      margin: `0 0 ${below}px`,
    },
  )}">${rows}</table>`;

export function mailBlock(block: MailBlock, look: MailLook): Html {
  const { day } = look;
  switch (block.kind) {
    case 'paragraph':
      return html`<p class="i" style="${inlineStyle(text(day.ink, 16, 16))}">${wordsHtml(
        block.words,
        look,
      )}</p>`;
    case 'small':
      return html`<p class="m" style="${inlineStyle(text(day.inkSoft, 13, 12))}">${wordsHtml(
        block.words,
        look,
      )}</p>`;
    case 'divider':
      return table(
        html`<tr><td class="l" style="${inlineStyle({
          'border-top': `1px solid ${day.hairline}`,
          'font-size': '1px',
        })}">&nbsp;</td></tr>`,
        8,
      );
    case 'notice':
      return table(
        html`<tr><td class="n" bgcolor="${day.warnTint}" style="${inlineStyle({
          ...text(day.warn, 15, 0),
          background: day.warnTint,
          padding: '12px 16px',
          'border-radius': '8px',
        })}">${wordsHtml(block.words, look)}</td></tr>`,
      );
    case 'amount':
      return amount(block, look);
    case 'facts':
      return facts(block.rows, look);
    case 'table':
      return list(block, look);
    case 'button':
      return button(block, look);
  }
}

function amount(block: { label: string; amount: string; note?: string }, { day }: MailLook): Html {
  const figure = inlineStyle({
    margin: `0 0 ${block.note ? 4 : 20}px`,
    'font-family': "Georgia,'Times New Roman',serif",
    'font-size': '40px',
    'font-weight': 'bold',
    'line-height': '1.15',
    'font-variant-numeric': 'lining-nums',
    color: day.ink,
  });
  return html`<p class="m" style="${inlineStyle(text(day.inkSoft, 14, 2))}">${block.label}</p><p class="i"
    style="${figure}">${block.amount}</p>${
      block.note && html`<p class="m" style="${inlineStyle(text(day.inkSoft, 15, 20))}">${block.note}</p>`
    }`;
}

const cell = (look: MailLook, first: boolean, right: boolean): Record<string, string> => ({
  padding: right ? '10px 0 10px 16px' : '10px 12px 10px 0',
  ...(first ? {} : { 'border-top': `1px solid ${look.day.hairline}` }),
  'font-size': '15px',
  'line-height': '1.45',
  'vertical-align': 'top',
  color: look.day.ink,
  'text-align': right ? 'right' : 'left',
});

const facts = (rows: readonly (readonly [string, string])[], look: MailLook): Html =>
  table(
    rows.map(
      ([label, value], at) =>
        html`<tr><td class="m l" style="${inlineStyle({
          ...cell(look, at === 0, false),
          color: look.day.inkSoft,
          // On a phone a short label would break before its value does.
          ...(label.length <= 16 ? { 'white-space': 'nowrap' } : {}),
        })}">${label}</td><td class="i l" align="right" style="${inlineStyle(cell(look, at === 0, true))}">${lines(
          value,
        )}</td></tr>`,
    ),
    24,
  );

function list(block: Extract<MailBlock, { kind: 'table' }>, look: MailLook): Html {
  const last = block.head.length - 1;
  const soft = { color: look.day.inkSoft, 'font-size': '13px', 'font-weight': 'normal' };
  const strong = { ...cell(look, false, true), 'font-weight': 'bold', 'border-top': '2px solid' };
  const headCell = (words: string, at: number): Html => {
    const style = inlineStyle({ ...cell(look, true, at === last), ...soft });
    return html`<th class="m" scope="col" style="${style}">${words}</th>`;
  };
  const bodyCell = (words: string, at: number): Html =>
    html`<td class="i l" style="${inlineStyle(cell(look, false, at === last))}">${lines(words)}</td>`;
  const leading = inlineStyle({ ...strong, 'text-align': 'left', padding: '10px 0' });
  const total =
    block.total &&
    html`<tr><td class="i" colspan="${last}" style="${leading}">${block.total[0]}</td>
      <td class="i" style="${inlineStyle(strong)}">${block.total[1]}</td></tr>`;
  const below = inlineStyle({ margin: '0 0 24px' });
  // A real table, not one for layout: its heads are read aloud with its figures.
  return html`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="${below}">
<tr>${block.head.map(headCell)}</tr>${block.rows.map((row) => html`<tr>${row.map(bodyCell)}</tr>`)}
${total}</table>`;
}

/** A cell with a background and a link that fills it: it stays a button where padding on links is ignored. */
function button(block: { words: string; url: string }, { day }: MailLook): Html {
  const box = inlineStyle({
    background: day.accent,
    border: `1px solid ${day.accentEdge}`,
    'border-radius': '8px',
    'mso-padding-alt': '14px 32px',
    'text-align': 'center',
  });
  const link = inlineStyle({
    display: 'inline-block',
    padding: '14px 32px',
    'font-size': '17px',
    'font-weight': 'bold',
    'line-height': '1.25',
    color: day.onAccent,
    'text-decoration': 'none',
  });
  const frame = inlineStyle({ margin: '4px 0 24px' });
  return html`<table class="w" role="presentation" cellpadding="0" cellspacing="0" border="0"
 style="${frame}"><tr><td class="b" align="center" bgcolor="${day.accent}" style="${box}"><a href="${block.url}"
 style="${link}">${block.words}</a></td></tr></table>`;
}
