import type { FastifyReply, FastifyRequest } from 'fastify';
import pg from 'pg';
import { z } from 'zod';
import { Refusal, type RefusalCode, refusalStatus } from '#lib/errors.ts';

/** The error envelope of the API, after Stripe's. */
export const zError = z.object({
  error: z.object({
    type: z.enum([
      'invalid_request_error',
      'authentication_error',
      'state_error',
      'rate_limit_error',
      'api_error',
    ]),
    code: z.string(),
    message: z.string(),
    param: z.string().optional(),
    fields: z.record(z.string(), z.string()).optional(),
    request_id: z.string(),
  }),
});
type ErrorType = z.infer<typeof zError>['error']['type'];

export function errorType(code: RefusalCode): ErrorType {
  const status = refusalStatus[code];
  if (status === 401 || status === 403) return 'authentication_error';
  if (status === 429) return 'rate_limit_error';
  if (status === 409) return 'state_error';
  return status >= 500 ? 'api_error' : 'invalid_request_error';
}

/** Turn whatever was thrown into the refusal that the caller may read; undefined for a defect of ours. */
export function asRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (error instanceof pg.DatabaseError && (error.code === '22021' || error.code === '22P05')) {
    return new Refusal(
      'invalid_request',
      'A text holds a character that cannot be stored (NUL). Take it out.',
    );
  }
  // The database's own refusal: the sentence names the record to use (migration 0029).
  if (error instanceof pg.DatabaseError && error.constraint === 'customer_merged')
    return new Refusal('conflict', { message: error.message, param: 'customer_id' });
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const status = error.statusCode;
  if (status === 413) return new Refusal('too_large', 'The request is larger than this endpoint takes.');
  if (status === 429) return new Refusal('rate_limited', error.message);
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new Refusal('invalid_request', error.message);
  return undefined;
}

export function sendApiError(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const refusal = asRefusal(error);
  if (!refusal) {
    request.log.error({ err: error }, 'request failed');
    return reply.code(500).send({
      error: {
        type: 'api_error',
        code: 'internal',
        message: 'Something went wrong on our side. Nothing was changed; try again, or quote the request id.',
        request_id: request.id,
      },
    });
  }
  const { message, param, fields, retryAfter } = refusal.details;
  if (retryAfter) reply.header('retry-after', String(Math.ceil(retryAfter)));
  return reply.code(refusal.status).send({
    error: {
      type: errorType(refusal.code),
      code: refusal.code,
      message,
      ...(param ? { param } : {}),
      ...(fields ? { fields } : {}),
      request_id: request.id,
    },
  });
}

/** What Zod found, as one refusal that names each field and its remedy. */
export function refusalOf(error: z.ZodError, where: string): Refusal {
  const fields: Record<string, string> = {};
  for (const issue of error.issues) {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys.join('.') : '';
    const name = [...issue.path.map(String), unknown].filter(Boolean).join('.') || where;
    fields[name] ??= issue.message;
  }
  const [param, message] = Object.entries(fields)[0] ?? [where, 'is malformed'];
  return new Refusal('invalid_request', { message: `${param}: ${message}`, param, fields });
}
