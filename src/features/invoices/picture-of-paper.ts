import { fileNameOf, versionOf } from '#features/invoices/document-of-invoice.ts';
import { type PaperDocument, paperPicture } from '#features/invoices/pdf/paper-pdf.ts';
import type { FileReply } from '#lib/file-reply.ts';

/** A paper that is being written, as a picture of its pages; nothing is kept. */
export const pictureOfPaper = (document: PaperDocument, kind: string): FileReply => ({
  contentType: 'image/svg+xml',
  fileName: fileNameOf(kind, document.number).replace(/pdf$/, 'svg'),
  version: versionOf(document),
  render: () => paperPicture(document),
});
