import { z } from 'zod';
import type { GatewayOutcome, MethodDetails, VendorSaid } from '#features/payments/payment-gateway.ts';
import { currencyDigits, parseDecimal } from '#lib/money.ts';
import { redact } from '../../http-client.ts';
import { NoAnswer } from './api.ts';
import { declineCode } from './decline-codes.ts';

/** What Authorize.Net's answers say, as far as it is read here. Numbers come as numbers or as text. */
const zText = z.union([z.string(), z.number()]).transform(String);
const zInstant = z.string().transform((text, context) => {
  // Times in UTC carry a Z; some services leave it out.
  const ms = Date.parse(/Z$|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`);
  if (!Number.isNaN(ms)) return new Date(ms);
  context.addIssue('not a time');
  return z.NEVER;
});

export const zTransactionResponse = z.object({
  responseCode: zText,
  transId: zText.default('0'),
  accountNumber: z.string().default(''),
  accountType: z.string().default(''),
  messages: z.array(z.object({ code: zText, description: z.string() })).default([]),
  errors: z.array(z.object({ errorCode: zText, errorText: z.string() })).default([]),
});
export type TransactionResponse = z.output<typeof zTransactionResponse>;

export const zSummary = z.object({
  transId: zText,
  submitTimeUTC: zInstant,
  transactionStatus: z.string(),
  invoiceNumber: z.string().optional(),
  accountType: z.string().default(''),
  settleAmount: zText,
});
export type Summary = z.output<typeof zSummary>;

const zPayment = z.object({
  creditCard: z
    .object({
      cardNumber: z.string(),
      expirationDate: z.string().optional(),
      cardType: z.string().default(''),
      // The first digits of the number, where they were asked for.
      issuerNumber: z.string().optional(),
    })
    .optional(),
  bankAccount: z
    .object({
      accountType: z.string().optional(),
      routingNumber: z.string(),
      accountNumber: z.string(),
      nameOnAccount: z.string().default(''),
      echeckType: z.string().optional(),
      bankName: z.string().optional(),
    })
    .optional(),
});
export type MaskedPayment = z.output<typeof zPayment>;

export const zDetails = z.object({
  transId: zText,
  refTransId: zText.optional(),
  transactionStatus: z.string(),
  responseReasonCode: zText,
  responseReasonDescription: z.string().default(''),
  order: z.object({ invoiceNumber: z.string().optional() }).optional(),
  requestedAmount: zText.optional(),
  authAmount: zText,
  payment: zPayment,
  returnedItems: z.array(z.object({ code: z.string(), description: z.string() })).default([]),
});
export type Details = z.output<typeof zDetails>;

export const zPaymentProfile = z.object({ customerPaymentProfileId: zText, payment: zPayment });
export const zBatch = z.object({
  batchId: zText,
  settlementTimeUTC: zInstant,
  settlementState: z.string(),
  paymentMethod: z.string().default(''),
  statistics: z.array(z.object({ chargeAmount: zText, refundAmount: zText })).default([]),
});
export type Batch = z.output<typeof zBatch>;

/** An answer that is not what the schema promises cannot be believed. */
export function readAs<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new NoAnswer(`Authorize.Net answered ${what} that cannot be read`);
}

/** An amount as they write it (`5`, `5.1`, `5.1000`) in minor units. */
export function minorUnits(text: string, currency: string): bigint {
  const amount = parseDecimal(text, currency);
  if (amount === undefined)
    throw new NoAnswer(`Authorize.Net named an amount with more than ${currencyDigits(currency)} decimals`);
  return amount;
}

const brands: Record<string, string> = {
  Visa: 'visa',
  MasterCard: 'mastercard',
  AmericanExpress: 'amex',
  Discover: 'discover',
  JCB: 'jcb',
  DinersClub: 'diners',
};
const last4Of = (masked: string): string => masked.slice(-4);

export const methodOf = (accountType: string, accountNumber: string): MethodDetails =>
  accountType === 'eCheck'
    ? { kind: 'bank_account', brand: 'Bank account', last4: last4Of(accountNumber) }
    : { kind: 'card', brand: brands[accountType] ?? 'card', last4: last4Of(accountNumber) };

export function methodOfPayment({ creditCard, bankAccount }: MaskedPayment): MethodDetails {
  if (creditCard) return methodOf(creditCard.cardType, creditCard.cardNumber);
  if (!bankAccount) throw new NoAnswer('Authorize.Net named no card and no bank account');
  const method = methodOf('eCheck', bankAccount.accountNumber);
  return bankAccount.bankName ? { ...method, brand: bankAccount.bankName } : method;
}

const takenCard = {
  capturedPendingSettlement: 'approved',
  pendingSettlement: 'settling',
  updatingSettlement: 'settling',
  pendingFinalSettlement: 'settling',
  settledSuccessfully: 'settled',
} as const;
const takenBank = {
  capturedPendingSettlement: 'submitted',
  pendingSettlement: 'accepted',
  updatingSettlement: 'accepted',
  pendingFinalSettlement: 'collected',
  settledSuccessfully: 'settled',
} as const;
const notTaken = new Set(['declined', 'expired', 'failedReview', 'generalError', 'communicationError']);
/** Rows that tell what later became of a transaction: its invoice number, with an id of their own. */
const aftermath = new Set(['returnedItem', 'chargeback', 'chargebackReversal']);

export const isAftermath = (status: string): boolean => aftermath.has(status);
export const wasNotTaken = (status: string): boolean => notTaken.has(status);

/** A bank's return. C01 and its like are notices of a correction: the money did move. */
export const returnOf = (details: Details): { code: string; description: string } | undefined =>
  details.returnedItems.find((item) => /^R\d\d$/.test(item.code));

export const vendorWords = (code: string, message: string): VendorSaid => ({
  code,
  message: redact(message) || 'The payment was declined.',
});

/** A refused charge: our code for theirs, and theirs beside it. */
export function declineOf(code: string, text: string) {
  const vendor = vendorWords(code, text);
  return { code: declineCode(code), message: vendor.message, vendor };
}

/** What became of a charge, by its details. */
export function chargeOutcome(details: Details): GatewayOutcome {
  const { transId: reference, transactionStatus: status } = details;
  const returned = returnOf(details);
  if (returned) {
    const vendor = vendorWords(returned.code, returned.description);
    return { outcome: 'returned', reference, returnCode: returned.code, message: vendor.message, vendor };
  }
  if (status === 'voided') return { outcome: 'voided', reference };
  const method = methodOfPayment(details.payment);
  if (notTaken.has(status)) {
    const decline = declineOf(details.responseReasonCode, details.responseReasonDescription);
    return { outcome: 'declined', reference, ...decline, method };
  }
  if (method.kind === 'card' && status in takenCard)
    return { outcome: takenCard[status as keyof typeof takenCard], reference, method };
  if (method.kind === 'bank_account' && status in takenBank)
    return { outcome: takenBank[status as keyof typeof takenBank], reference, method };
  // Held by the fraud filters until a person looks at it, or a state that a sale should not have.
  return { outcome: 'unknown', reason: `Authorize.Net says ${status}` };
}

/** "A duplicate transaction has been submitted." */
export const duplicateCode = '11';

/**
 * Errors that do not say what became of the money: the processor was not reached, timed out or is set up
 * wrongly now (13, 35, 43, 103, 153, which were not so when the same request was sent before).
 */
const uncertain = new Set(
  '13 19 20 21 22 23 25 26 35 43 57 58 59 60 61 62 63 103 120 121 122 153 180 181 192'.split(' '),
);
export const isUncertain = (errorCode: string): boolean => uncertain.has(errorCode);
