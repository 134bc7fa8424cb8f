import { findArticle } from '#features/help/library.ts';
import type { Category } from '#features/support/rules.ts';

const slugs: Partial<Record<Category, readonly string[]>> = {
  invoice: ['payer-pay', 'payer-plans'],
  payment: ['payer-pay', 'payer-autopay', 'payer-plans'],
  sign_in: ['payer-sign-in', 'payer-sign-up'],
  details: ['payer-store-method', 'payer-sign-up'],
};

/** Articles for payers that may answer a question of this kind before it is asked. */
export const articlesFor = (category: Category) =>
  (slugs[category] ?? []).flatMap((slug) => findArticle(slug) ?? []);
