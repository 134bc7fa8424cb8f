import { bounceKind, type NewsKind } from '#features/correspondence/news-rules.ts';

/** One reader of a report: what a server far away says became of the mail. */
export type Reported = {
  email: string | undefined;
  original: string | undefined;
  kind: NewsKind;
  reason: string;
};

/** The fields of a report, which stands in blocks with an empty line between (RFC 3464, 2.1). */
function blocksOf(text: string): Map<string, string>[] {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\n[ \t]+/g, ' ')
    .split(/\n\s*\n/)
    .map(
      (block) =>
        new Map(
          block.split('\n').flatMap((line): [string, string][] => {
            const at = line.indexOf(':');
            return at > 0 ? [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()]] : [];
          }),
        ),
    )
    .filter((block) => block.size > 0);
}

/** `rfc822; ana@example.com` → `ana@example.com`. */
const afterType = (field: string | undefined): string | undefined =>
  field
    ?.slice(field.indexOf(';') + 1)
    .trim()
    .replace(/^<|>$/g, '') || undefined;

/** A delivery report (RFC 3464): one answer for each reader it names. */
export function readDeliveryReport(text: string): Reported[] {
  return blocksOf(text).flatMap((block): Reported[] => {
    const action = block.get('action')?.toLowerCase();
    if (!action) return [];
    const status = /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(block.get('status') ?? '')?.[1];
    const words = afterType(block.get('diagnostic-code')) ?? `The mail came back (${status ?? action}).`;
    const kinds: Record<string, NewsKind> = { delivered: 'delivered', delayed: 'delayed' };
    const kind = action === 'failed' ? bounceKind({ status, words }) : kinds[action];
    // Relayed and expanded mail left for another system, which may yet report.
    if (!kind) return [];
    // The code says what the words may not.
    const said = status && !words.includes(status) ? `${words.slice(0, 900)} (${status})` : words;
    const reason = kind === 'delivered' ? '' : said.slice(0, 1000);
    const email = afterType(block.get('final-recipient'));
    return [{ email, original: afterType(block.get('original-recipient')), kind, reason }];
  });
}

/** A feedback report (RFC 5965): a reader called the mail spam. */
export function readFeedbackReport(text: string): Reported[] {
  const fields = new Map(blocksOf(text).flatMap((block) => [...block]));
  if (fields.get('feedback-type')?.toLowerCase() === 'not-spam') return [];
  const original = fields.get('original-rcpt-to')?.replace(/^<|>$/g, '');
  return [
    { email: original, original, kind: 'complained', reason: 'The reader reported this mail as spam.' },
  ];
}
