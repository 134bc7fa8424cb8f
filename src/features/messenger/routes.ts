import type { Tx } from '#db/db.ts';
import { outboxOf } from '#features/correspondence/outbox.ts';
import { sendInvoice } from '#features/invoices/api.ts';
import { filesToSend } from '#features/invoices/send-invoice.ts';
import * as api from '#features/messenger/api.ts';
import { explainNewInvoice } from '#features/messenger/explain-new-invoice.ts';
import { type Preview, previewMessages } from '#features/messenger/preview-messages.ts';
import { readMessengerSettings } from '#features/messenger/read-candidates.ts';
import { sendByHand } from '#features/messenger/send-by-hand.ts';
import { goLive, holdMessages, setMessenger } from '#features/messenger/set-messenger.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel, snake } from '#lib/casing.ts';

export function messengerRoutes(app: App): void {
  serve(app, api.getMessenger, ({ tx, organization }) => present(tx, organization.id));
  serve(app, api.updateMessenger, async ({ tx, actor, organization, now, body }) => {
    const { waiting, ...changes } = body;
    await setMessenger(tx, actor, { organizationId: organization.id, changes: camel(changes), waiting }, now);
    return present(tx, organization.id);
  });
  serve(app, api.previewMessenger, async ({ tx, organization, now, body }) => {
    const { today, newInvoices, statements } = await previewMessages(
      tx,
      { organizationId: organization.id, change: camel(body) },
      now,
    );
    return {
      object: 'messenger_preview' as const,
      today,
      new_invoices: listed(newInvoices),
      statements: listed(statements),
    };
  });
  serve(app, api.goLive, async ({ tx, actor, organization, now, body }) => {
    await goLive(tx, actor, { organizationId: organization.id, ...body }, now);
    return present(tx, organization.id);
  });
  const makings = { secrets: app.secrets, outbox: outboxOf(app.config) };
  serve(app, sendInvoice, async ({ tx, actor, organization, now, params, body }) => {
    const asked = { ...makings, organizationId: organization.id, invoiceId: params.id };
    const files = filesToSend(body.files?.map(camel));
    const sent = await sendByHand(tx, actor, { ...asked, ...camel(body), files }, now);
    const [first] = sent;
    return {
      object: 'message_reference' as const,
      message_id: first.messageId,
      messages: sent.map(snake),
    };
  });
  serve(app, api.explainNewInvoice, async ({ tx, organization, now, params }) => {
    const asked = { organizationId: organization.id, invoiceId: params.id };
    return {
      object: 'new_invoice_outlook' as const,
      invoice_id: params.id,
      ...snake(await explainNewInvoice(tx, asked, now)),
    };
  });
  serve(app, api.holdMessages, async ({ tx, actor, organization, now }) => {
    await holdMessages(tx, actor, { organizationId: organization.id }, now);
    return present(tx, organization.id);
  });
}

async function present(tx: Tx, organizationId: string) {
  return { object: 'invoice_messenger' as const, ...snake(await readMessengerSettings(tx, organizationId)) };
}

const listed = ({ count, total, first }: Preview) => ({ count, total, data: first.map(snake) });
