import { createImport } from '#features/imports/api.ts';
import type { ImportBatch } from '#features/imports/ui/staff/import-words.tsx';
import { ApiError, newIdempotencyKey, readReply, urlOf } from '#ui/call.ts';

type Upload = { kind: ImportBatch['kind']; file: File; onProgress: (share: number) => void };

/** The file itself is the body. fetch() cannot tell how much has left, so this call uses XMLHttpRequest. */
export function uploadFile({ kind, file, onProgress }: Upload): Promise<ImportBatch> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', urlOf(createImport, { query: { kind, file_name: file.name } }));
    request.setRequestHeader('content-type', 'text/csv');
    request.setRequestHeader('idempotency-key', newIdempotencyKey());
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener('load', () => {
      try {
        resolve(readReply(createImport, request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    });
    request.addEventListener('error', () =>
      reject(
        new ApiError({
          code: 'unreachable',
          status: 0,
          message: 'The upload was interrupted. Nothing was imported; drop the file again.',
        }),
      ),
    );
    request.send(file);
  });
}
