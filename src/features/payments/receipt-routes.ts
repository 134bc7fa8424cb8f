import type { Outbox } from '#features/correspondence/outbox.ts';
import * as api from '#features/payments/api.ts';
import { receiptFile } from '#features/payments/receipt-document.ts';
import { sendReceiptAgain } from '#features/payments/send-receipt-again.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { serveFile } from '#http/serve-file.ts';

export function receiptRoutes(app: App, { outbox }: { outbox: Outbox }): void {
  serveFile(app, api.getReceipt, ({ caller, params }) =>
    receiptFile({ db: app.db }, caller.actor, {
      organizationId: caller.organization.id,
      paymentId: params.id,
    }),
  );
  serve(app, api.sendReceipt, async ({ tx, actor, organization, now, params, body }) => {
    const about = { organizationId: organization.id, paymentId: params.id, to: body.to, outbox };
    const { messageId, to } = await sendReceiptAgain(tx, actor, about, now);
    return { object: 'message_reference' as const, message_id: messageId, to };
  });
}
