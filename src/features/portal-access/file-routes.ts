import type { FastifyReply } from 'fastify';
import type { Ask } from '#features/portal-access/page-routes.ts';
import { fileHeaders } from '#http/serve-file.ts';
import type { FileReply } from '#lib/file-reply.ts';

/** A file for the payer's own eyes; one that the browser has already is not made again. */
export async function sendFile({ request, reply }: Ask, file: FileReply): Promise<FastifyReply> {
  const headers = fileHeaders(file);
  reply.headers(headers);
  if (request.headers['if-none-match'] === headers.etag) return reply.code(304).send();
  return reply.send(await file.render());
}
