import type { Outbox } from '#features/correspondence/outbox.ts';
import * as api from '#features/statements/api.ts';
import { makeStatementLink } from '#features/statements/make-statement-link.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';

export function statementApiRoutes(app: App, { outbox }: { outbox: Outbox }): void {
  serve(app, api.makeStatementLink, async ({ tx, actor, organization, now, params, body }) => {
    const about = { organizationId: organization.id, customerId: params.id };
    const makings = { outbox, secrets: app.secrets };
    const { mail, replace, channels } = body;
    const asked = { ...about, ...makings, replace, channels: mail ? channels : [] };
    const { url, sentTo } = await makeStatementLink(tx, actor, asked, now);
    return {
      object: 'statement_link' as const,
      customer_id: params.id,
      url,
      sent_to: sentTo.length > 0 ? sentTo.join(', ') : null,
    };
  });
}
