import type { Actor, Database } from '#db/db.ts';
import { composeDraft, type InvoiceInput } from '#features/invoices/compose-draft.ts';
import {
  documentFrom,
  fileNameOf,
  readSeller,
  sheetOf,
  versionOf,
} from '#features/invoices/document-of-invoice.ts';
import { readLayout } from '#features/invoices/layout.ts';
import type { Layout } from '#features/invoices/layout-rules.ts';
import { numberOf } from '#features/invoices/numbering-rules.ts';
import type { InvoiceDocument } from '#features/invoices/pdf/document.ts';
import { invoicePicture } from '#features/invoices/pdf/invoice-pdf.ts';
import { sampleInvoice } from '#features/invoices/pdf/sample-document.ts';
import { readSeries } from '#features/invoices/take-numbers.ts';
import type { FileReply } from '#lib/file-reply.ts';
import type { Secrets } from '#lib/secrets.ts';

type Deps = { db: Database; secrets: Pick<Secrets, 'sign'>; config: { baseUrl: string } };
type By = { actor: Actor; organization: { id: string }; now: Date };

const fileOf = (document: InvoiceDocument): FileReply => ({
  contentType: 'image/svg+xml',
  fileName: fileNameOf('Invoice', document.number).replace(/pdf$/, 'svg'),
  version: versionOf(document),
  render: () => invoicePicture(document),
});

/** The page of an invoice that is being written, worked out as it will be when it is saved. */
export async function previewDraft(deps: Deps, by: By, input: InvoiceInput): Promise<FileReply> {
  const { organization, now } = by;
  const document = await deps.db.transaction(by.actor, async (tx) => {
    const draft = await composeDraft(tx, organization.id, input, now);
    const series = await readSeries(tx, organization.id);
    const links = { secrets: deps.secrets, baseUrl: deps.config.baseUrl };
    const invoice = {
      ...draft,
      id: '',
      number: input.number ?? numberOf(series, series.next),
      terms: draft.terms ?? null,
      poNumber: draft.poNumber ?? null,
      memo: draft.memo ?? null,
      discount: draft.discount ?? 0n,
      discountTerms: draft.discountTerms ?? '',
      taxExemptReason: draft.taxExemptReason ?? null,
      ...{ fees: 0n, applied: 0n, credited: 0n, writtenOff: 0n, reserved: 0n },
      balanceDue: draft.total,
      linkVersion: 0,
      issuedAt: null,
      voidedAt: null,
      updatedAt: now,
    };
    return documentFrom(tx, links, organization.id, {
      invoice,
      lines: draft.lines,
      lateFees: { fees: [], terms: null },
    });
  });
  return fileOf(document);
}

/** A sample invoice with something in every field, on the organization's own paper, under a layout. */
export async function previewLayout(
  deps: Deps,
  by: By,
  changes: { [K in keyof Layout]?: Layout[K] | undefined } & { footer?: string | undefined },
): Promise<FileReply> {
  const { seller, stored } = await deps.db.transaction(by.actor, async (tx) => ({
    seller: await readSeller(tx, by.organization.id),
    stored: await readLayout(tx, by.organization.id),
  }));
  const { footer = seller.invoiceFooter ?? '', ...given } = changes;
  const layout: Layout = {
    ...stored,
    ...Object.fromEntries(Object.entries(given).filter(([, v]) => v !== undefined)),
  };
  const has = (key: Layout['columns'][number]): boolean => layout.columns.includes(key);
  const { memo, footer: _, ...sample } = sampleInvoice;
  return fileOf({
    ...sample,
    ...sheetOf(seller),
    theme: layout.theme,
    labels: { billTo: layout.bill_to_label, shipTo: layout.ship_to_label },
    columns: {
      item: has('item'),
      serviceDate: has('service_date'),
      description: has('description'),
      quantity: has('quantity'),
      unitPrice: has('unit_price'),
      discount: has('discount'),
      taxes: has('taxes'),
      amount: has('amount'),
    },
    ...(layout.show_memo && memo ? { memo } : {}),
    ...(footer ? { footer } : {}),
  });
}
