import { Button } from '@mantine/core';
import { IconDownload, IconExternalLink } from '@tabler/icons-react';
import type { Invoice } from '#features/invoices/ui/staff/invoice-words.tsx';
import { Sheet } from '#ui/page.tsx';

export const pdfUrl = (id: string): string => `/v1/invoices/${encodeURIComponent(id)}/pdf`;

/** The document itself, as the customer gets it. Phones open it instead of framing it. */
export function InvoicePdf({ invoice }: { invoice: Invoice }) {
  const url = pdfUrl(invoice.id);
  return (
    <Sheet
      title="The document"
      aside={
        <>
          <Button
            component="a"
            href={url}
            target="_blank"
            rel="noopener"
            size="xs"
            variant="default"
            leftSection={<IconExternalLink size={14} aria-hidden />}
          >
            Open
          </Button>
          <Button
            component="a"
            href={url}
            download={`${invoice.number}.pdf`}
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
          >
            Download
          </Button>
        </>
      }
    >
      <iframe className="pdf-frame" src={url} title={`Invoice ${invoice.number} as PDF`} />
      <p className="fine narrow-only">Open or download the document to see it here.</p>
    </Sheet>
  );
}
