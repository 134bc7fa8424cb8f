import { outboxOf } from '#features/correspondence/outbox.ts';
import * as api from '#features/sending-domains/api.ts';
import { checkSendingDomain } from '#features/sending-domains/check-sending-domain.ts';
import type { Dns } from '#features/sending-domains/dns.ts';
import { presentSendingDomain } from '#features/sending-domains/queries.ts';
import { removeSendingDomain, setSendingDomain } from '#features/sending-domains/set-sending-domain.ts';
import type { App } from '#http/app.ts';
import { serve, serveJourney } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';

export function sendingDomainRoutes(app: App, dns: Dns): void {
  const outbox = outboxOf(app.config);
  serve(app, api.getSendingDomain, ({ tx, organization }) =>
    presentSendingDomain(tx, outbox, organization.id),
  );
  serve(app, api.setSendingDomain, async ({ tx, actor, organization, now, body }) => {
    const input = { organizationId: organization.id, secrets: app.secrets, ...camel(body) };
    await setSendingDomain(tx, actor, input, now);
    return presentSendingDomain(tx, outbox, organization.id);
  });
  serve(app, api.removeSendingDomain, async ({ tx, actor, organization, now }) => {
    await removeSendingDomain(tx, actor, { organizationId: organization.id }, now);
    return presentSendingDomain(tx, outbox, organization.id);
  });
  // Asked again, it looks again: that harms nothing.
  serveJourney(app, api.verifySendingDomain, async ({ caller: { actor, organization, now } }) => {
    const organizationId = organization.id;
    await checkSendingDomain({ db: app.db, dns, outbox }, { actor, organizationId }, now);
    return app.db.transaction(actor, (tx) => presentSendingDomain(tx, outbox, organizationId));
  });
}
