import type { Parts } from '#compose.ts';
import { creditMemoPapers } from '#features/credit-memos/credit-memo-document.ts';
import { estimateFile } from '#features/estimates/estimate-document.ts';
import { invoicePapers } from '#features/invoices/invoice-papers.ts';
import type { PapersOf } from '#features/invoices/send-invoice-jobs.ts';
import { must } from '#lib/errors.ts';

/** What a mail brings along, by what it is about. */
export const papersOf =
  ({ db, secrets, outbox }: Parts): PapersOf =>
  async (actor, { organizationId, invoiceId, estimateId, creditMemoId }) => {
    if (estimateId) return [await estimateFile({ db }, actor, { organizationId, estimateId })];
    if (creditMemoId) return creditMemoPapers({ db }, actor, { organizationId, creditMemoId });
    const about = { organizationId, invoiceId: must(invoiceId, 'the invoice of the message') };
    return invoicePapers({ db, secrets, baseUrl: outbox.baseUrl }, actor, about);
  };
