import { type FileVerdict, judgeFile, plainFileName } from '#features/files/rules.ts';
import { Refusal } from '#lib/errors.ts';

/** What a file is by its own bytes, under a plain name. */
export function judgeBytes(name: string, bytes: Buffer): FileVerdict & { fileName: string } {
  const fileName = plainFileName(name);
  const verdict = judgeFile(fileName, {
    size: bytes.length,
    firstHex: bytes.subarray(0, 8).toString('hex'),
    isText: isText(bytes),
  });
  return { ...verdict, fileName };
}

/** The file as it may be kept, or a refusal that says why not. */
export function checkFile(
  name: string,
  bytes: Buffer,
  param = 'file_name',
): { fileName: string; contentType: string } {
  const verdict = judgeBytes(name, bytes);
  if (!verdict.ok)
    throw new Refusal('invalid_request', {
      message: verdict.reason,
      param,
      fields: { [param]: verdict.reason },
    });
  return { fileName: verdict.fileName, contentType: verdict.type };
}

function isText(bytes: Buffer): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
