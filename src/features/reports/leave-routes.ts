import * as api from '#features/reports/business/api.ts';
import { leaveReportMail } from '#features/reports/leave-report-mail.ts';
import type { App } from '#http/app.ts';
import { parse, servePublic } from '#http/serve.ts';

/** The foot of a report by mail: a page, and the press of a mail program (RFC 8058). */
export function leaveReportRoutes(app: App): void {
  const leave = (token: string, press: boolean) => leaveReportMail(app.db, app.secrets, { token, press });
  servePublic(app, api.getReportLeave, ({ query }) => leave(query.token, false));
  servePublic(app, api.leaveReport, ({ body }) => leave(body.token, true));
  const path = '/stop-mails/reports';
  const limit = { config: { rateLimit: { max: 30, timeWindow: 60_000 } } };
  // Mail programs send a form of parts (RFC 8058): whatever the body is, it says nothing.
  app.fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => {
      payload.resume();
      done(null);
    });
    scope.post(path, limit, async (request, reply) => {
      await leave(parse(api.getReportLeave.query, request.query, 'query').token, true);
      return reply.type('text/plain').send('Stopped.');
    });
    done();
  });
  app.fastify.get(path, limit, async (request, reply) => {
    const { token } = parse(api.getReportLeave.query, request.query, 'query');
    return reply.redirect(`/console/stop-mails?kind=report&token=${encodeURIComponent(token)}`);
  });
}
