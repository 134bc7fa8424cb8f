import { writeFileSync } from 'node:fs';
import { invoicePicture } from '#features/invoices/pdf/invoice-pdf.ts';
import { sampleInvoice } from '#features/invoices/pdf/sample-document.ts';
for (const theme of ['simple', 'modern', 'classic', 'compact'] as const) {
  const svg = await invoicePicture({ ...sampleInvoice, theme });
  writeFileSync(`/tmp/h/gen-${theme}.svg`, svg);
  console.log(theme, svg.length, svg.toString().slice(0, 200).replace(/\n/g, ' '));
}
