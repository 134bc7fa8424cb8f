import { z } from 'zod';

const zNext = z.int().min(1).max(999_999_999_999).meta({ description: 'Goes up, never back' });

/** How estimates and credit memos are numbered: each in a series of its own. */
export const otherNumbers = {
  estimate_number_prefix: z.string().trim().max(20),
  next_estimate_number: zNext,
  credit_memo_number_prefix: z.string().trim().max(20),
  next_credit_memo_number: zNext,
};
