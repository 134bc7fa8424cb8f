import type { Tx } from '#db/db.ts';
import type { Channel } from '#features/correspondence/channel-rules.ts';
import { readCorrespondent } from '#features/correspondence/mail-organization.ts';
import { mergeFields } from '#features/correspondence/merge-fields.ts';
import { defaultTemplate, readTemplates, type Template } from '#features/correspondence/templates.ts';
import { defaultBody, defaultSubject } from '#features/invoices/send-invoice-mail.ts';
import { channelsOfTemplate, type TemplateType, templateTypes } from '#features/templates/rules.ts';

type Presented = { object: 'template'; type: TemplateType; channel: Channel; is_own: boolean } & Template;

/** The words of every message, by type and channel, as they stand. */
export async function readAllTemplates(tx: Tx, organizationId: string): Promise<Presented[]> {
  const own = await readTemplates(tx, organizationId);
  const from = await readCorrespondent(tx, organizationId);
  return templateTypes.flatMap((type) =>
    channelsOfTemplate(type).map((channel): Presented => {
      const ours =
        type === 'invoice' ? { subject: defaultSubject, body: defaultBody } : defaultTemplate(type, channel);
      const { subject, body } =
        type === 'invoice'
          ? {
              subject: from.invoiceMessageSubject ?? ours.subject,
              body: from.invoiceMessageBody ?? ours.body,
            }
          : own(type, channel);
      return {
        object: 'template',
        type,
        channel,
        subject,
        body,
        is_own: subject !== ours.subject || body !== ours.body,
      };
    }),
  );
}

export const mergeFieldList = () => Object.entries(mergeFields).map(([name, words]) => ({ name, words }));
