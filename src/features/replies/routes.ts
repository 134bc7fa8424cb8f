import * as api from '#features/replies/api.ts';
import { listReplies, readReplyAttachment } from '#features/replies/queries.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { serveFile } from '#http/serve-file.ts';
import { camel } from '#lib/casing.ts';
import { sha256 } from '#lib/secrets.ts';

export function replyRoutes(app: App): void {
  serve(app, api.listReplies, ({ tx, organization, query }) =>
    listReplies(tx, { organizationId: organization.id, ...camel(query) }),
  );
  serveFile(app, api.getReplyAttachment, async ({ caller, params }) => {
    const { contentType, bytes } = await app.db.transaction(caller.actor, (tx) =>
      readReplyAttachment(tx, caller.organization.id, params.id, params.file_name),
    );
    return { contentType, fileName: params.file_name, version: sha256(bytes), render: async () => bytes };
  });
}
