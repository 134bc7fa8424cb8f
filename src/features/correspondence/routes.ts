import * as api from '#features/correspondence/api.ts';
import { cancelLetter } from '#features/correspondence/cancel-letter.ts';
import type { Carriers } from '#features/correspondence/carriers.ts';
import { getMessage, listMessages, readAttachment } from '#features/correspondence/queries.ts';
import { retryMessage } from '#features/correspondence/retry-message.ts';
import { trackRoutes } from '#features/correspondence/track-routes.ts';
import type { App } from '#http/app.ts';
import { serve, serveJourney } from '#http/serve.ts';
import { serveFile } from '#http/serve-file.ts';
import { camel } from '#lib/casing.ts';
import { sha256 } from '#lib/secrets.ts';

export function correspondenceRoutes(app: App, { carriers }: { carriers: Carriers }): void {
  trackRoutes(app);
  serve(app, api.listMessages, ({ tx, actor, organization, query }) =>
    listMessages(tx, { actor, organization }, camel(query)),
  );
  serve(app, api.getMessage, ({ tx, actor, organization, params }) =>
    getMessage(tx, { actor, organization }, params.id),
  );
  serve(app, api.retryMessage, async ({ tx, actor, organization, now, params }) => {
    await retryMessage(tx, actor, { organizationId: organization.id, messageId: params.id }, now);
    return getMessage(tx, { actor, organization }, params.id);
  });
  serveJourney(app, api.cancelLetter, async ({ caller, params }) => {
    const { organization, actor, now } = caller;
    await cancelLetter(
      { db: app.db, carriers },
      actor,
      { organizationId: organization.id, messageId: params.id },
      now,
    );
    return app.db.transaction(actor, (tx) => getMessage(tx, { actor, organization }, params.id));
  });
  serveFile(app, api.getAttachment, async ({ caller, params }) => {
    const { contentType, bytes } = await app.db.transaction(caller.actor, (tx) =>
      readAttachment(tx, caller, params.id, params.file_name),
    );
    return { contentType, fileName: params.file_name, version: sha256(bytes), render: async () => bytes };
  });
}
