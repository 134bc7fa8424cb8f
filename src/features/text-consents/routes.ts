import * as api from '#features/text-consents/api.ts';
import { readTextConsent } from '#features/text-consents/queries.ts';
import { sayConsent } from '#features/text-consents/say-consent.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';

export function textConsentRoutes(app: App): void {
  serve(app, api.getTextConsent, ({ tx, organization, params }) =>
    readTextConsent(tx, organization.id, params.id),
  );
  serve(app, api.sayTextConsent, async ({ tx, actor, organization, now, params, body }) => {
    const saidBy =
      actor.kind === 'user' ? actor.userId : actor.kind === 'api_key' ? actor.apiKeyId : actor.kind;
    const about = { organizationId: organization.id, customerId: params.id };
    await sayConsent(tx, actor, { ...about, ...body, source: 'staff', saidBy }, now);
    return readTextConsent(tx, organization.id, params.id);
  });
}
