import { composeLetter } from './compose-letter.ts';
import type { LetterDocument } from './document.ts';
import { typeset } from './typeset.ts';

/** A letter, ready to be printed and folded into an envelope with windows. */
export function letterPdf(letter: LetterDocument): Promise<Buffer> {
  const { createdAt, organization } = letter;
  return typeset('letter', composeLetter(letter), { createdAt, logo: organization.logo });
}
