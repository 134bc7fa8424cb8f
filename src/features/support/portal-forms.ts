import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ticketFileLimits } from '#features/support/rules.ts';
import type { NewFile } from '#features/support/write-post.ts';
import { Refusal } from '#lib/errors.ts';

/** What a form with files posts, next to its fields. */
const files = Symbol('files');
type Body = Record<string, unknown> & { [files]?: NewFile[] };

/** Forms with files, read whole: their limit is small. */
export function takeFileForms(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer', bodyLimit: ticketFileLimits.all_bytes + 262_144 },
    (request, body, parsed) => {
      readForm(body as Buffer, request.headers['content-type'] ?? '').then(
        (form) => parsed(null, form),
        (error: Error) => parsed(error),
      );
    },
  );
}

async function readForm(bytes: Buffer, type: string): Promise<Body> {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } })
    .formData()
    .catch(() => {
      throw new Refusal('invalid_request', 'The form could not be read. Please go back and send it again.');
    });
  const fields: [string, string][] = [];
  const chosen: NewFile[] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') fields.push([name, value]);
    // A field for files in which nothing was chosen comes as a file without a name.
    else if (value.name !== '' || value.size > 0)
      chosen.push({ fileName: value.name, bytes: Buffer.from(await value.arrayBuffer()) });
  }
  return Object.assign(Object.fromEntries(fields), { [files]: chosen });
}

export const filesIn = (request: FastifyRequest): NewFile[] => (request.body as Body | null)?.[files] ?? [];
