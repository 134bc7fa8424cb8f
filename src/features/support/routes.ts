import type { Outbox } from '#features/correspondence/outbox.ts';
import { deskRoutes } from '#features/support/desk-routes.ts';
import { hostRoutes } from '#features/support/host-routes.ts';
import { portalSupportRoutes } from '#features/support/portal-routes.ts';
import { requestRoutes } from '#features/support/request-routes.ts';
import type { App } from '#http/app.ts';

/** Support: tickets of customers to the organization, and of its staff to the host. */
export function supportRoutes(app: App, { outbox }: { outbox: Outbox }): void {
  const deps = { outbox, secrets: app.secrets };
  deskRoutes(app, deps);
  requestRoutes(app, deps);
  hostRoutes(app, deps);
  portalSupportRoutes(app, deps);
}
