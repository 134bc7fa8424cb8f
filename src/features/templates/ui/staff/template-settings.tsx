import { Select, Skeleton } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import type { Channel } from '#features/correspondence/channel-rules.ts';
import { listTemplates, type zTemplate } from '#features/templates/api.ts';
import { channelsOfTemplate, type TemplateType } from '#features/templates/rules.ts';
import { TemplateEditor } from '#features/templates/ui/staff/template-editor.tsx';
import { Chips } from '#ui/filters.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

export type MessageTemplate = z.output<typeof zTemplate>;

const names: Record<TemplateType, string> = {
  new_invoice: 'New invoice',
  invoice_updated: 'Invoice updated',
  paid_invoice: 'Paid invoice',
  upcoming_payment: 'Upcoming payment',
  payment_due: 'Payment due',
  payment_past_due: 'Payment past due',
  upcoming_late_fee: 'Upcoming late fee',
  statement: 'Statement',
  invoice: 'Invoice sent by hand',
};
const channelNames: Record<Channel, string> = { email: 'E-mail', sms: 'Text message', paper: 'Letter' };

/** The words of each message, with the message itself beside them. */
export function TemplateSettings() {
  const templates = useAsk(listTemplates);
  const [type, setType] = useState<TemplateType>('new_invoice');
  const [wanted, setChannel] = useState<Channel>('email');
  if (templates.error) return <Problem error={templates.error} onRetry={() => void templates.refetch()} />;
  if (!templates.data) return <Skeleton height={520} radius="lg" />;
  const { data, fields } = templates.data;
  const isOwn = (each: TemplateType): boolean => data.some((one) => one.type === each && one.is_own);
  const channels = channelsOfTemplate(type);
  const channel = channels.includes(wanted) ? wanted : 'email';
  const template = data.find((each) => each.type === type && each.channel === channel);
  return (
    <div className="stack loose">
      <Sheet title="Which message">
        <div className="template-choice">
          <Select
            label="Message"
            value={type}
            allowDeselect={false}
            onChange={(next) => setType((next ?? 'new_invoice') as TemplateType)}
            data={(Object.keys(names) as TemplateType[]).map((value) => ({
              value,
              label: isOwn(value) ? `${names[value]} · your words` : names[value],
            }))}
          />
          {channels.length > 1 && (
            <Chips
              label="Channel"
              value={channel}
              onChange={setChannel}
              options={channels.map((value) => ({ value, label: channelNames[value] }))}
            />
          )}
        </div>
      </Sheet>
      {template && <TemplateEditor key={`${type}.${channel}`} template={template} fields={fields} />}
    </div>
  );
}
