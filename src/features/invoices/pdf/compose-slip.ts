import { facts, type figures } from './compose-sheet.ts';
import type { InvoiceDocument } from './document.ts';
import { plainLines, plainText } from './plain-text.ts';
import { qrCode } from './qr-code.ts';

/** As many remit-to lines as show through the window of the envelope. */
const windowLines = 5;

/** Whoever has no camera types the link, so it is printed whole, on two lines where it is long. */
export function composePay(url: string): Record<string, string> {
  return {
    url,
    short: plainText(url.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '')),
    code: qrCode(url),
  };
}

export type OwedPaper = Pick<InvoiceDocument, 'customer' | 'number' | 'dueDate' | 'balanceDue' | 'remitTo'>;

/** Who pays what to whom, for the slip below; null when there is nowhere for a check to go. */
export function composeSlip(
  owed: OwedPaper,
  say: ReturnType<typeof figures>,
): Record<string, unknown> | null {
  const { remitTo } = owed;
  if (!remitTo) return null;
  return {
    remitTo: {
      name: plainText(remitTo.name),
      lines: folded(plainLines(remitTo.addressLines), windowLines - 1),
    },
    facts: facts([
      ['Customer', owed.customer.name],
      ['Invoice', owed.number],
      ['Due date', say.date(owed.dueDate)],
    ]),
    due: say.money(owed.balanceDue),
  };
}

/** The window shows only so many lines: longer addresses share them. */
export function folded(lines: string[], most: number): string[] {
  if (lines.length <= most) return lines;
  const share = Math.ceil(lines.length / most);
  const groups = Array.from({ length: Math.ceil(lines.length / share) }, (_, i) =>
    lines.slice(i * share, (i + 1) * share),
  );
  return groups.map((group) => group.join(', '));
}
