import type { PaymentKind, PaymentState } from '#features/payments/rules.ts';
import { addDays, formatDate } from '#lib/dates.ts';
import { isId } from '#lib/ids.ts';
import { formatMoney, readTyped, sum } from '#lib/money.ts';
import { sha256 } from '#lib/secrets.ts';

/** Where a payer may have pressed Pay. */
export type PayerSource = 'portal' | 'invoice_link' | 'statement_link' | 'payment_page';

/** A payment as its payer may call it. Money is only "paid" once it is the organization's. */
export type PayerStanding =
  | 'waiting'
  | 'checking'
  | 'paid'
  | 'processing'
  | 'declined'
  | 'returned'
  | 'voided';

export function standingOf(kind: PaymentKind, state: PaymentState): PayerStanding {
  if (state === 'pending') return 'waiting';
  if (state === 'unknown') return 'checking';
  if (state === 'declined' || state === 'returned' || state === 'voided') return state;
  // A PayPal payment may be drawn from a bank account as well: it says so by these states.
  const onItsWay = state === 'submitted' || state === 'accepted' || state === 'collected';
  return onItsWay || (kind === 'bank_account' && state !== 'settled') ? 'processing' : 'paid';
}

/** What is paid on one invoice, as a checkout's address and form carry it: `inv_….12500`. */
export type PayLine = { invoiceId: string; amount: bigint };
export const maxLines = 100;
/** Of payments that payers may ask for on one invoice: far above what mistyping takes. */
export const mostTriesAnHour = 20;
/** Of payments by the statement link of one customer, whatever they are for. */
export const mostByStatementAnHour = 60;

export const writePayLine = (line: PayLine): string => `${line.invoiceId}.${line.amount}`;

/** Undefined for anything that no page of ours wrote. */
export function readPayLines(texts: readonly string[]): PayLine[] | undefined {
  if (texts.length === 0 || texts.length > maxLines) return undefined;
  const lines: PayLine[] = [];
  for (const text of texts) {
    const match = /^(inv_[0-9a-z]{22})\.(\d{1,13})$/.exec(text);
    const [invoiceId, amount] = [match?.[1] ?? '', BigInt(match?.[2] ?? 0)];
    if (!isId('invoice', invoiceId) || amount === 0n || lines.some((line) => line.invoiceId === invoiceId))
      return undefined;
    lines.push({ invoiceId, amount });
  }
  return lines;
}

export type Pick = {
  id: string;
  number: string;
  customerId: string;
  payable: bigint;
  typed: string | undefined;
};
export type Picked = { lines: PayLine[]; errors: Record<string, string> };

/**
 * What was ticked and typed, as amounts: each above zero and at most what can be paid now; parts only where
 * allowed.
 */
export function decideAmounts(
  picks: readonly Pick[],
  policy: { currency: string; locale: string; partial: boolean },
): Picked {
  const { currency, locale, partial } = policy;
  const lines: PayLine[] = [];
  const errors: Record<string, string> = {};
  for (const pick of picks) {
    const most = formatMoney(pick.payable, currency, locale);
    const amount = pick.typed?.trim() ? readTyped(pick.typed, currency, locale) : pick.payable;
    const wrong =
      pick.payable <= 0n
        ? `Nothing more can be paid on invoice ${pick.number} now.`
        : amount === undefined
          ? `Enter the amount for invoice ${pick.number} as a number, such as ${most}.`
          : amount <= 0n
            ? `Enter more than zero for invoice ${pick.number}, or untick it.`
            : amount > pick.payable
              ? `Enter at most ${most}, which is what can be paid on invoice ${pick.number} now.`
              : amount < pick.payable && !partial
                ? `Invoice ${pick.number} is paid in full: ${most}.`
                : undefined;
    if (wrong) errors[`amount_${pick.id}`] = wrong;
    else lines.push({ invoiceId: pick.id, amount: amount ?? 0n });
  }
  if (picks.length === 0) errors.invoice = 'Tick at least one invoice to pay.';
  if (picks.length > maxLines) errors.invoice = `At most ${maxLines} invoices can be paid at a time.`;
  if (new Set(picks.map((pick) => pick.customerId)).size > 1) {
    errors.invoice =
      'These invoices belong to different customers. Please pay those of one customer at a time.';
  }
  return { lines, errors };
}

/**
 * Minted when a checkout is made, from who pays what and how the invoices stood: the same page in two tabs
 * carries the same key and makes one charge; once a try has been made, and failed, the next page's key is a
 * new one.
 */
export function requestKeyOf(facts: {
  payer: string;
  words: readonly string[];
  standing: readonly { id: string; balanceDue: bigint; reserved: bigint }[];
  tries: number;
}): string {
  const words = [...facts.words].sort();
  const standing = facts.standing.map((each) => `${each.id} ${each.balanceDue} ${each.reserved}`).sort();
  const text = [facts.payer, ...words, ...standing, String(facts.tries)].join('\n');
  return `checkout-${sha256(text).slice(0, 32)}`;
}
export const isRequestKey = (text: string): boolean => /^checkout-[0-9a-f]{32}$/.test(text);

export const totalOf = (lines: readonly PayLine[]): bigint => sum(lines.map((line) => line.amount));

type Payee = { name: string; phone: string | null; email: string | null; locale: string };

const contact = (payee: Payee): string =>
  payee.phone
    ? `calling ${payee.phone}`
    : payee.email
      ? `writing to ${payee.email}`
      : `telling ${payee.name}`;

/** What a payer agrees to before a bank account is debited once: it names payee, amount and day. */
export const debitAuthorization = (
  payee: Payee,
  debit: { amount: bigint; currency: string; on: string },
): string =>
  `I authorize ${payee.name} to debit my bank account once for ` +
  `${formatMoney(debit.amount, debit.currency, payee.locale)} ` +
  `on or after ${formatDate(debit.on, payee.locale)}, and to credit it if a debit was made in error. ` +
  'I may revoke this until the debit is submitted, ' +
  `by ${contact(payee)}.`;

/** What a payer agrees to before a bank account is stored for later payments. */
export const storingAuthorization = (payee: Payee, last4: string): string =>
  `I authorize ${payee.name} to keep my bank account ending in ${last4} on file and to debit it for ` +
  'payments that I owe and have agreed to, each for the amount and on or after the day agreed, ' +
  'and to credit it if a debit was made in error. ' +
  `I may revoke this at any time by removing the account in the customer portal or by ${contact(payee)}; ` +
  'a debit that was submitted before is not stopped by it.';

/** Changes with the words above: what was signed under an older one keeps its own text. */
export const storingVersion = 'bank-debit-1';

export const heldVersion = 'bank-debit-held-1';

/** What staff vouches for in place of the customer's signature. */
export const heldAuthorization = (payee: { name: string }): string =>
  `${payee.name} holds the account owner's written authorization to debit this bank account, ` +
  'keeps it for two years after the last debit, and can show it within ten banking days. ' +
  `${payee.name} is liable for debits that the owner did not authorize.`;

export const heldCardVersion = 'card-on-file-held-1';

/** What staff vouches for when a card that it types is kept. */
export const heldCardAgreement = (payee: { name: string }): string =>
  `${payee.name} has the card owner's agreement to keep this card on file and to charge it for payments ` +
  'that the owner owes and has agreed to, until the owner revokes it.';

/** Four business days after it was submitted, as banks usually need. Bank holidays are left to the bank. */
export function expectedSettlement(submittedOn: string): string {
  let date = submittedOn;
  for (let left = 4; left > 0; ) {
    date = addDays(date, 1);
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    if (weekday !== 0 && weekday !== 6) left -= 1;
  }
  return date;
}

/** Why a charge was refused under lock, in words that fit how the invoice stands by now. */
export function refusalWords(
  invoice: { number: string; balanceDue: bigint; reserved: bigint; currency: string; voidedAt: Date | null },
  otherwise: string,
  locale: string,
): string {
  if (invoice.voidedAt)
    return `Invoice ${invoice.number} was withdrawn meanwhile. There is nothing to pay on it.`;
  if (invoice.balanceDue === 0n)
    return `Invoice ${invoice.number} has just been paid. You have not been charged.`;
  const payable = invoice.balanceDue - invoice.reserved;
  if (payable === 0n)
    return `A payment for invoice ${invoice.number} is already on its way. You have not been charged.`;
  if (invoice.reserved > 0n) {
    return (
      `Another payment for invoice ${invoice.number} is on its way; ` +
      `${formatMoney(payable, invoice.currency, locale)} of it can ` +
      'still be paid. You have not been charged.'
    );
  }
  return `Invoice ${invoice.number}: ${otherwise} You have not been charged.`;
}
