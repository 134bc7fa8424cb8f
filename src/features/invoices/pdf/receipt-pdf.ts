import { composeReceipt } from './compose-receipt.ts';
import type { ReceiptDocument } from './document.ts';
import { typeset } from './typeset.ts';

/** What a payer gets for a payment: a receipt, or word that a bank debit is on its way. */
export function receiptPdf(receipt: ReceiptDocument): Promise<Buffer> {
  const { createdAt, organization } = receipt;
  return typeset('receipt', composeReceipt(receipt), { createdAt, logo: organization.logo });
}
