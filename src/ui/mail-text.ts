import type { MailBlock, MailWords } from '#ui/mail-blocks.ts';
import type { Mail } from '#ui/mail-layout.ts';

const width = 72;

/** The same mail for those who read plain text, and for filters that distrust HTML alone. */
export function mailText(mail: Mail): string {
  const { organization, footer } = mail;
  const parts = [
    organization.name,
    wrap(organization.header ?? ''),
    wrap(mail.heading),
    ...mail.blocks.map(blockText),
  ];
  const foot = ['--'];
  if (footer) foot.push(wrap(footer.words));
  if (footer?.link) foot.push(`${footer.link.words}: ${footer.link.url}`);
  if (organization.footer) foot.push(wrap(organization.footer));
  const where = [
    organization.name,
    ...(organization.address ?? []),
    organization.phone,
    organization.website,
  ];
  foot.push(where.filter((each) => each !== undefined && each !== '').join('\n'));
  return `${[...parts, foot.join('\n')].filter((part) => part !== '').join('\n\n')}\n`;
}

function blockText(block: MailBlock): string {
  switch (block.kind) {
    case 'paragraph':
    case 'small':
    case 'notice':
      return wrap(wordsText(block.words));
    case 'amount':
      return [`${block.label}: ${block.amount}`, ...(block.note ? [block.note] : [])].join('\n');
    case 'facts':
      return block.rows.map(([label, value]) => `${label}: ${value.replaceAll('\n', ', ')}`).join('\n');
    case 'table':
      return columns([
        block.head,
        ...block.rows,
        ...(block.total ? [wide(block.total, block.head.length)] : []),
      ]);
    case 'button':
      return `${block.words}:\n${block.url}`;
    case 'divider':
      return '-'.repeat(24);
  }
}

const wide = ([label, amount]: readonly [string, string], count: number): string[] => [
  label,
  ...Array.from({ length: Math.max(0, count - 2) }, () => ''),
  amount,
];

const wordsText = (words: MailWords): string =>
  typeof words === 'string'
    ? words
    : words
        .map((each) =>
          typeof each === 'string' ? each : 'strong' in each ? each.strong : `${each.words} (${each.url})`,
        )
        .join('');

/** Breaks lines at spaces only, so that an address is never cut. */
function wrap(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const out: string[] = [];
      let now = '';
      for (const word of line.split(' ')) {
        if (now !== '' && now.length + word.length >= width) {
          out.push(now);
          now = word;
        } else now = now === '' ? word : `${now} ${word}`;
      }
      return [...out, now].join('\n');
    })
    .join('\n');
}

/** Columns under each other, the last one to the right. */
function columns(rows: readonly (readonly string[])[]): string {
  const flat = rows.map((row) => row.map((cell) => cell.replaceAll('\n', ', ')));
  const widths: number[] = [];
  for (const row of flat) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  }
  return flat
    .map((row) =>
      row
        .map((cell, at) =>
          at === row.length - 1 ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
