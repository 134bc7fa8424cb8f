import { sql } from 'kysely';
import { type Actor, systemActor } from '#db/db.ts';
import { recordMailNews } from '#features/correspondence/record-mail-news.ts';
import { linkOf, readTrackToken } from '#features/correspondence/track-mail.ts';
import type { App } from '#http/app.ts';
import { secondsLater, systemNow } from '#lib/dates.ts';
import { Refusal } from '#lib/errors.ts';

const picture = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

type Row = { organizationId: string; html: string; security: boolean; offsetMs: bigint };

/**
 * Where the picture and the links of a mail lead, in organizations that want to know whether mail is read.
 */
export function trackRoutes(app: App): void {
  app.fastify.get<{ Params: { token: string } }>(
    '/m/:token',
    { config: { rateLimit: { max: 300, timeWindow: 60_000 } }, exposeHeadRoute: false },
    async (request, reply) => {
      const read = readTrackToken(app.secrets, request.params.token);
      const row = read && (await messageOf(app, read.messageId));
      if (!read || !row || row.security) throw new Refusal('not_found', 'There is nothing at this address.');
      const leadsTo = read.what === 'open' ? undefined : linkOf(row.html, Number(read.what));
      if (read.what !== 'open' && !leadsTo)
        throw new Refusal('not_found', 'There is nothing at this address.');
      const { organizationId } = row;
      const actor: Actor = { kind: 'job', organizationId, name: 'mail-news' };
      const kind = leadsTo ? 'clicked' : 'opened';
      const news = [{ messageId: read.messageId, email: '', kind, reason: '' } as const];
      await app.db.transaction(actor, (tx) =>
        recordMailNews(
          tx,
          actor,
          { organizationId, news },
          secondsLater(systemNow(), Number(row.offsetMs) / 1000),
        ),
      );
      reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
      return leadsTo ? reply.redirect(leadsTo, 302) : reply.type('image/gif').send(picture);
    },
  );
}

const messageOf = (app: App, messageId: string): Promise<Row | undefined> =>
  app.db.transaction(systemActor('mail-news'), (tx) =>
    tx.row<Row>(sql`
      select m.organization_id, m.html, m.security, o.clock_offset_ms as offset_ms
      from messages m join organizations o on o.id = m.organization_id where m.id = ${messageId}`),
  );
