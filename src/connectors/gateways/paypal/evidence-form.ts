import { createHash } from 'node:crypto';
import type { Evidence } from '#features/payments/payment-gateway.ts';
import { Refusal } from '#lib/errors.ts';

/** PayPal's limits: what else is sent is refused before it travels. */
const types = new Set(['image/jpeg', 'image/gif', 'image/png', 'application/pdf']);
const file_bytes_max = 10_000_000;
const form_bytes_max = 50_000_000;
const notes_max = 2000;

/** The evidence as PayPal takes it: a JSON part named `input` and a part for each file. */
export function evidenceForm(
  reference: string,
  evidence: Evidence,
): { type: string; bytes: Buffer<ArrayBuffer> } {
  for (const { name, contentType, bytes } of evidence.files) {
    if (!types.has(contentType) || bytes.length > file_bytes_max)
      throw new Refusal('invalid_request', {
        message: `PayPal takes JPEG, GIF, PNG and PDF files of at most 10 MB; ${name} is something else.`,
        param: 'files',
      });
  }
  const input = {
    evidences: [{ evidence_type: 'OTHER', notes: evidence.text.slice(0, notes_max) }],
  };
  const inputPart = Buffer.from(JSON.stringify(input));
  const boundary = `owed-${createHash('sha256').update(reference).update(inputPart).digest('hex').slice(0, 24)}`;
  const part = (disposition: string, type: string, bytes: Buffer): Buffer[] => [
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\ncontent-type: ${type}\r\n\r\n`,
    ),
    bytes,
    Buffer.from('\r\n'),
  ];
  const files = evidence.files.flatMap(({ name, contentType, bytes }, at) =>
    part(`name="file${at + 1}"; filename="${name.replace(/["\r\n\\]/g, '_')}"`, contentType, bytes),
  );
  const bytes = Buffer.concat([
    ...part('name="input"', 'application/json', inputPart),
    ...files,
    Buffer.from(`--${boundary}--\r\n`),
  ]);
  if (bytes.length > form_bytes_max)
    throw new Refusal('invalid_request', {
      message: 'PayPal takes 50 MB of evidence at most, all files together.',
      param: 'files',
    });
  return { type: `multipart/form-data; boundary=${boundary}`, bytes };
}
