import { askRoutes } from '#features/support/portal-ask-routes.ts';
import { takeFileForms } from '#features/support/portal-forms.ts';
import { questionRoutes } from '#features/support/portal-question-routes.ts';
import { visitorRoutes } from '#features/support/portal-visitor-routes.ts';
import type { MailDeps } from '#features/support/ticket-mails.ts';
import type { App } from '#http/app.ts';

/** Questions as their askers see them; their forms alone take files. */
export function portalSupportRoutes(app: App, deps: MailDeps): void {
  app.fastify.register((fastify, _options, done) => {
    takeFileForms(fastify);
    const scoped = { ...app, fastify };
    questionRoutes(scoped, deps);
    visitorRoutes(scoped, deps);
    askRoutes(scoped, deps);
    done();
  });
}
