import { ciiOf } from '#features/e-invoices/cii.ts';
import { embedFacturX } from '#features/e-invoices/embed-factur-x.ts';
import {
  type EInvoiceFormat,
  type Facts,
  missingFacts,
  missingWords,
  taxGroupsOf,
} from '#features/e-invoices/rules.ts';
import { ublOf } from '#features/e-invoices/ubl.ts';
import { must, Refusal } from '#lib/errors.ts';
import type { FileReply } from '#lib/file-reply.ts';
import { canonicalJson } from '#lib/json.ts';

/** The people's paper beside the machine's: how it is set, and when it was last changed. */
export type Paper = { pdf: FileReply; archivalPdf: () => Promise<Buffer>; changedAt: Date };

/** What the standard lacks is refused by name, with the remedy, before anything is written. */
export function refuseMissing(facts: Facts, format: EInvoiceFormat): void {
  const missing = missingFacts(facts, format);
  const [first] = missing;
  if (!first) return;
  const fields = Object.fromEntries(missing.map(({ field, remedy }) => [field, remedy]));
  throw new Refusal('state_refused', { message: missingWords(missing), param: first.field, fields });
}

/** A paper in a machine's language: XML of its own, or inside the PDF. */
export function eInvoiceFile(facts: Facts, format: 'ubl' | 'factur_x', paper: Paper): FileReply {
  refuseMissing(facts, format);
  const groups = must(taxGroupsOf(facts), 'taxes that add up');
  const version = canonicalJson({ format, ...facts, paper: paper.pdf.version });
  if (format === 'ubl')
    return {
      contentType: 'application/xml',
      fileName: paper.pdf.fileName.replace(/\.pdf$/, '.xml'),
      version,
      render: async () => Buffer.from(ublOf(facts, groups), 'utf8'),
    };
  return {
    ...paper.pdf,
    version,
    render: async () => embedFacturX(await paper.archivalPdf(), ciiOf(facts, groups), paper.changedAt),
  };
}

/** What a mail brings along, as its customer wants it: Factur-X is the PDF itself, UBL goes beside it. */
export function filesWith(facts: Facts, wants: EInvoiceFormat, paper: Paper): FileReply[] {
  if (wants === 'none') return [paper.pdf];
  const file = eInvoiceFile(facts, wants, paper);
  return wants === 'ubl' ? [paper.pdf, file] : [file];
}
