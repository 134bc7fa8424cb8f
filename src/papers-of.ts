import type { Parts } from '#compose.ts';
import { estimateFile } from '#features/estimates/estimate-document.ts';
import { invoiceFile } from '#features/invoices/document-of-invoice.ts';
import type { PapersOf } from '#features/invoices/send-invoice-jobs.ts';
import { must } from '#lib/errors.ts';

/** What a mail brings along, by what it is about. */
export const papersOf =
  ({ db, secrets, outbox }: Parts): PapersOf =>
  async (actor, { organizationId, invoiceId, estimateId }) => {
    if (estimateId) return [await estimateFile({ db }, actor, { organizationId, estimateId })];
    const about = { organizationId, invoiceId: must(invoiceId, 'the invoice of the message') };
    return [await invoiceFile({ db, secrets, baseUrl: outbox.baseUrl }, actor, about)];
  };
