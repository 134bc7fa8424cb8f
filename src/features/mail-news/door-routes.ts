import { systemActor } from '#db/db.ts';
import { type Arrival, keepArrival } from '#features/mail-news/keep-arrival.ts';
import type { MailNewsReader } from '#features/mail-news/mail-news-reader.ts';
import { largestMail_bytes } from '#features/mail-news/read-mime.ts';
import type { App } from '#http/app.ts';
import { systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';
import { sameText } from '#lib/secrets.ts';

/**
 * Where providers report and where mail comes in: prove who calls, store, answer at once; a job does the
 * work.
 */
export function mailDoorRoutes(
  app: App,
  doors: { readers: readonly MailNewsReader[]; mailInToken: string | undefined },
): void {
  app.fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: largestMail_bytes },
      (_request, body, parsed) => parsed(null, body),
    );
    const keep = (arrival: Arrival) =>
      app.db.transaction(systemActor('mail-door'), (tx) => keepArrival(tx, arrival, systemNow()));
    const bodyOf = (body: unknown): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0));
    scope.post<{ Params: { vendor: string } }>(
      '/webhooks/mail/:vendor',
      { bodyLimit: 2_097_152 },
      async (request, reply) => {
        const reader = doors.readers.find(({ vendor }) => vendor === request.params.vendor);
        if (!reader) throw new Refusal('not_found', 'This provider is not set up here. README.md says how.');
        const raw = bodyOf(request.body);
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([key, value]) => [
            key,
            Array.isArray(value) ? value[0] : value,
          ]),
        );
        if (!(await reader.isGenuine({ raw, headers })))
          throw new Refusal('forbidden', 'The signature does not hold.');
        const onceKey = reader.onceKey?.(raw);
        await keep({ door: reader.vendor, readers: [], raw, ...(onceKey ? { onceKey } : {}) });
        return reply.code(200).send({ received: true });
      },
    );
    scope.post<{ Querystring: { to?: string | string[] } }>('/mail-in/raw', async (request, reply) => {
      const given = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      if (!doors.mailInToken)
        throw new Refusal('not_found', 'No mail is taken in here. Set OWED_MAIL_IN_TOKEN and start again.');
      if (!sameText(given, doors.mailInToken))
        throw new Refusal('unauthenticated', 'Give OWED_MAIL_IN_TOKEN as "Authorization: Bearer …".');
      const raw = bodyOf(request.body);
      if (raw.length === 0)
        throw new Refusal('invalid_request', 'The body is empty: post the mail as it came, headers first.');
      const readers = [request.query.to ?? []]
        .flat()
        .slice(0, 50)
        .map((email) => email.slice(0, 254));
      await keep({ door: 'mime', readers, raw });
      return reply.code(202).send({ received: true });
    });
    done();
  });
}
