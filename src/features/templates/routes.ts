import type { Tx } from '#db/db.ts';
import { outboxOf } from '#features/correspondence/outbox.ts';
import * as api from '#features/templates/api.ts';
import { previewTemplate } from '#features/templates/preview-template.ts';
import { mergeFieldList, readAllTemplates } from '#features/templates/queries.ts';
import { adviseTemplate } from '#features/templates/rules.ts';
import { resetTemplate, setTemplate, type Which } from '#features/templates/set-template.ts';
import { testTemplate } from '#features/templates/test-template.ts';
import type { App } from '#http/app.ts';
import { serve } from '#http/serve.ts';
import { camel } from '#lib/casing.ts';
import { must } from '#lib/errors.ts';

const one = async (tx: Tx, { organizationId, type, channel }: Which) =>
  must(
    (await readAllTemplates(tx, organizationId)).find(
      (each) => each.type === type && each.channel === channel,
    ),
    'the template',
  );

export function templateRoutes(app: App): void {
  const makings = { secrets: app.secrets, outbox: outboxOf(app.config) };
  serve(app, api.listTemplates, async ({ tx, organization }) => ({
    object: 'list' as const,
    data: await readAllTemplates(tx, organization.id),
    has_more: false as const,
    fields: mergeFieldList(),
  }));
  serve(app, api.setTemplate, async ({ tx, actor, organization, now, body }) => {
    const input = { organizationId: organization.id, ...body };
    await setTemplate(tx, actor, input, now);
    return one(tx, input);
  });
  serve(app, api.resetTemplate, async ({ tx, actor, organization, now, body }) => {
    const input = { organizationId: organization.id, ...body };
    await resetTemplate(tx, actor, input, now);
    return one(tx, input);
  });
  serve(app, api.previewTemplate, async ({ tx, organization, now, body }) => {
    const input = { ...makings, organizationId: organization.id, ...camel(body) };
    const { subject, html, text, customer, invoice_numbers } = await previewTemplate(tx, input, now);
    const advice = adviseTemplate(body.type, body.channel, body);
    return { object: 'template_preview' as const, subject, html, text, customer, invoice_numbers, advice };
  });
  serve(app, api.testTemplate, async ({ tx, actor, organization, now, body }) => {
    const input = { ...makings, organizationId: organization.id, ...camel(body) };
    const { messageId, to } = await testTemplate(tx, actor, input, now);
    return { object: 'message_reference' as const, message_id: messageId, to };
  });
}
