import * as api from '#features/payments/api.ts';
import { receiptFile } from '#features/payments/receipt-document.ts';
import type { App } from '#http/app.ts';
import { serveFile } from '#http/serve-file.ts';

export function receiptRoutes(app: App): void {
  serveFile(app, api.getReceipt, ({ caller, params }) =>
    receiptFile({ db: app.db }, caller.actor, {
      organizationId: caller.organization.id,
      paymentId: params.id,
    }),
  );
}
