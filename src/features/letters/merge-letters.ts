import { PDFDocument } from '@cantoo/pdf-lib';

/** Letters, one after the other in one file, each exactly as it is kept. */
export async function mergeLetters(letters: readonly Buffer[]): Promise<Buffer> {
  const merged = await PDFDocument.create({ updateMetadata: false });
  for (const letter of letters) {
    const source = await PDFDocument.load(new Uint8Array(letter), { updateMetadata: false });
    for (const page of await merged.copyPages(source, source.getPageIndices())) merged.addPage(page);
  }
  merged.setTitle('Letters to print');
  return Buffer.from(await merged.save());
}
