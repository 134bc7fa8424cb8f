import { type Ask, textOf } from '#features/portal-access/page-routes.ts';
import { sha256 } from '#lib/secrets.ts';

/** Short enough for a box, and all that is agreed to. */
export const autopayLabel = (words: string): string => `Enable autopay for future invoices. ${words}`;

/** Ticked, and under these words: none that came to hold between page and click are agreed to. */
export const agreesToAutopay = (ask: Ask, words: string): boolean =>
  textOf(ask.request, 'autopay') === 'yes' &&
  textOf(ask.request, 'autopay_words', 64) === sha256(autopayLabel(words));
