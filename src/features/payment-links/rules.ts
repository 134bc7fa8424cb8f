import type { LinkState } from '#features/payment-links/api.ts';
import { standingOf } from '#features/payments/portal-rules.ts';
import type { PaymentKind, PaymentState } from '#features/payments/rules.ts';
import { isId } from '#lib/ids.ts';
import { formatMoney, maxAmount, readTyped } from '#lib/money.ts';

export type LinkFacts = {
  expiresAt: Date;
  withdrawnAt: Date | null;
  /** The payment that counts: the newest one that was neither declined nor returned. */
  payment: { kind: PaymentKind; state: PaymentState } | undefined;
};

/** A link takes one payment. One that was declined or came back was none; one that was voided ended it. */
export function stateOfLink({ expiresAt, withdrawnAt, payment }: LinkFacts, now: Date): LinkState {
  const standing = payment && standingOf(payment.kind, payment.state);
  if (standing === 'paid') return 'paid';
  if (standing === 'voided') return 'withdrawn';
  if (standing === 'waiting' || standing === 'checking' || standing === 'processing') return 'pending';
  if (withdrawnAt) return 'withdrawn';
  return now >= expiresAt ? 'expired' : 'open';
}

/** Why nothing can be paid by a link, to whoever had its page open. */
export const refusalOfLink: Record<Exclude<LinkState, 'open'>, string> = {
  paid: 'This has been paid already. You have not been charged.',
  pending: 'A payment for this is already on its way. You have not been charged.',
  withdrawn: 'This payment page was withdrawn meanwhile. You have not been charged.',
  expired: 'This payment page has expired. You have not been charged. Ask for a new one.',
};

type Asked = { amount: bigint | null; isFixed: boolean };
type Typing = { currency: string; locale: string };

/** How much is paid: what is asked for, or what the payer typed where the amount is open. */
export function decideAmount(
  link: Asked,
  typed: string | undefined,
  { currency, locale }: Typing,
): { amount?: bigint; error?: string } {
  if (link.isFixed || !typed?.trim()) return link.amount === null ? {} : { amount: link.amount };
  const amount = readTyped(typed, currency, locale);
  if (amount === undefined)
    return { error: `Enter the amount as a number, such as ${formatMoney(12_500n, currency, locale)}.` };
  if (amount <= 0n) return { error: 'Enter more than zero.' };
  if (amount > maxAmount) return { error: `Enter at most ${formatMoney(maxAmount, currency, locale)}.` };
  return { amount };
}

/** What is paid by a link, as its form carries it: `plk_….12500`. */
export const writeLinkWord = (id: string, amount: bigint): string => `${id}.${amount}`;

/** The amount of a word about this link; undefined for anything that its page did not write. */
export function readLinkWord(link: Asked & { id: string }, words: readonly string[]): bigint | undefined {
  const match = /^(plk_[0-9a-z]{22})\.([1-9]\d{0,12})$/.exec(words[0] ?? '');
  const amount = BigInt(match?.[2] ?? 0);
  if (words.length !== 1 || !isId('paymentLink', match?.[1] ?? '') || match?.[1] !== link.id)
    return undefined;
  if (link.isFixed ? amount !== link.amount : amount > maxAmount) return undefined;
  return amount;
}
