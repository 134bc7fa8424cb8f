import * as api from '#features/chargebacks/api.ts';
import { giveEvidence } from '#features/chargebacks/give-evidence.ts';
import { listChargebacks, readChargeback } from '#features/chargebacks/queries.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';

/** Payments that payers' banks took back. */
export function chargebackRoutes(app: App): void {
  serve(app, api.listChargebacks, ({ tx, organization, query }) =>
    listChargebacks(tx, organization.id, camel(query)),
  );
  serve(app, api.getChargeback, ({ tx, organization, params }) =>
    readChargeback(tx, organization.id, params.id),
  );
  serve(app, api.giveEvidence, async ({ tx, actor, organization, now, params, body }) => {
    const files = body.files.map((file) => ({
      fileName: file.file_name,
      contentType: file.content_type,
      bytes: Buffer.from(file.base64, 'base64'),
    }));
    const input = { organizationId: organization.id, chargebackId: params.id, text: body.text, files };
    await giveEvidence(tx, actor, input, now);
    return readChargeback(tx, organization.id, params.id);
  });
}
