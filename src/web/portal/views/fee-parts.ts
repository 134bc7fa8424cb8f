import type { Content } from '#ui/html.ts';
import { html } from '#ui/html.ts';

/** What a way to pay costs, as it is said before the choice. */
export type ShownCost = {
  /** On top, where it is known already, or below zero off: the button says the total with it. */
  fee?: bigint;
  /** On top at most: what kind of card it is shows only when it is typed. */
  upTo?: bigint;
  /** In two or three words, beside the name: `No fee`, `+ $3.00`, `$103.00`. */
  tag: string;
  /** In a sentence, below the name. */
  note?: string;
  /** What is agreed to by paying in this way, word for word; shown while it is chosen. */
  agree?: string;
};

export const costTag = (cost: ShownCost | undefined): Content =>
  cost && html`<span class="fee">${cost.tag}</span>`;

export const costNote = (cost: ShownCost | undefined): Content =>
  cost?.note && html`<span class="soft">${cost.note}</span>`;

export const costAgreement = (cost: ShownCost | undefined): Content =>
  cost?.agree && html`<p class="agree">${cost.agree}</p>`;
