import { composeSheet, figures, shortened, withDirection } from './compose-sheet.ts';
import { composePay, composeSlip, folded } from './compose-slip.ts';
import type { LetterDocument } from './document.ts';
import { plainLines, plainText } from './plain-text.ts';

/** As many lines as the window for the reader's address shows. */
const windowLines = 6;

/** The letter as the template prints it: every string final, nothing left to decide but where it goes. */
export function composeLetter(letter: LetterDocument): Record<string, unknown> {
  const say = figures(letter);
  const { to, owed, payUrl } = letter;
  const isOwed = owed !== undefined && owed.balanceDue.amount > 0n;
  const isPayable = isOwed || owed === undefined;
  const from = letter.organization;
  const subject = plainText(letter.subject);
  return withDirection({
    ...composeSheet(letter, subject),
    title: `${subject}, from ${plainText(from.name)}`.replaceAll('\u200b', ''),
    running: { name: shortened(plainText(from.name), 50), number: shortened(subject, 60) },
    mark: null,
    addresses: letter.addresses,
    to: { name: plainText(to.name), lines: folded(plainLines(to.addressLines), windowLines - 1) },
    from: [plainText(from.name), ...folded(plainLines(from.addressLines), 3)],
    date: say.date(letter.date),
    paragraphs: plainText(letter.body)
      .split(/\n{2,}/)
      .map((part) => part.trim())
      .filter(Boolean),
    pay: isPayable && payUrl ? composePay(payUrl) : null,
    slip: isOwed ? composeSlip(owed, say) : null,
  });
}
