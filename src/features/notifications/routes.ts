import type { Actor } from '#db/db.ts';
import * as api from '#features/notifications/api.ts';
import { chooseNotices } from '#features/notifications/choose-notices.ts';
import { countUnread, type Looker, listNotices } from '#features/notifications/list-notices.ts';
import { readDefaults, readOwnChoices } from '#features/notifications/queries.ts';
import { readNotices } from '#features/notifications/read-notices.ts';
import { readStop, stopNotices } from '#features/notifications/stop-notices.ts';
import { stopUrl } from '#features/notifications/tell-staff.ts';
import type { App } from '#http/app.ts';
import { parse, serve, servePublic } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';
import { Refusal } from '#lib/errors.ts';
import { scopesOf } from '#lib/roles.ts';

type User = Extract<Actor, { kind: 'user' }>;

/** Notices are a person's own; a key is nobody. */
function person(actor: Actor): User {
  if (actor.kind === 'user') return actor;
  throw new Refusal('forbidden', 'Notices belong to a person: sign in. An API key reads /v1/events instead.');
}
const lookerOf = (actor: Actor): Looker => ({ ...person(actor), scopes: scopesOf(actor) });

export function notificationRoutes(app: App): void {
  serve(app, api.listNotices, ({ tx, actor, query }) => listNotices(tx, lookerOf(actor), camel(query)));
  serve(app, api.countNotices, ({ tx, actor }) => countUnread(tx, lookerOf(actor)));
  serve(app, api.readNotices, async ({ tx, actor, body }) => {
    await readNotices(tx, person(actor), { noticeId: body.id, andOlder: body.and_older });
    return countUnread(tx, lookerOf(actor));
  });
  serve(app, api.getNoticeChoices, ({ tx, actor }) => readOwnChoices(tx, lookerOf(actor)));
  serve(app, api.chooseNotice, async ({ tx, actor, now, body }) => {
    const { organizationId, userId } = person(actor);
    await chooseNotices(tx, actor, { ...body, organizationId, reader: userId }, now);
    return readOwnChoices(tx, lookerOf(actor));
  });
  serve(app, api.getNoticeDefaults, ({ tx, organization }) => readDefaults(tx, organization.id));
  serve(app, api.setNoticeDefault, async ({ tx, actor, organization, now, body }) => {
    await chooseNotices(tx, actor, { ...body, organizationId: organization.id }, now);
    return readDefaults(tx, organization.id);
  });
  servePublic(app, api.getNoticeStop, ({ query }) => readStop(app.db, query));
  servePublic(app, api.stopNotice, ({ body }) => stopNotices(app.db, body));
  oneClickRoutes(app);
}

/** The address in a mail's List-Unsubscribe: pressed by a mail program, or opened in a browser. */
function oneClickRoutes(app: App): void {
  const path = '/stop-mails/notices';
  const limit = { config: { rateLimit: { max: 30, timeWindow: 60_000 } } };
  // Mail programs send a form of parts (RFC 8058): whatever the body is, it says nothing.
  app.fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => {
      payload.resume();
      done(null);
    });
    scope.post(path, limit, async (request, reply) => {
      await stopNotices(app.db, parse(api.getNoticeStop.query, request.query, 'query'));
      return reply.type('text/plain').send('Stopped.');
    });
    done();
  });
  app.fastify.get(path, limit, async (request, reply) => {
    const { token, kind } = parse(api.getNoticeStop.query, request.query, 'query');
    return reply.redirect(stopUrl('', encodeURIComponent(token), kind));
  });
}
