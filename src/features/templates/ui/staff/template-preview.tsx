import { Skeleton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconBulb } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { CustomerPick } from '#features/customers/ui/staff/customer-pick.tsx';
import { previewTemplate } from '#features/templates/api.ts';
import type { MessageTemplate } from '#features/templates/ui/staff/template-settings.tsx';
import { call } from '#ui/call.ts';
import { Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';

export type PreviewOf = { customer_id?: string };
type Words = { subject: string; body: string };

function usePreview(template: MessageTemplate, words: Words, about: PreviewOf) {
  const [settled] = useDebouncedValue(words, 350);
  const { type, channel } = template;
  const body = { type, channel, ...settled, ...about };
  return useQuery({
    queryKey: [previewTemplate.path, body],
    queryFn: ({ signal }) => call(previewTemplate, { body }, undefined, signal),
    placeholderData: keepPreviousData,
  });
}

type Props = { template: MessageTemplate; words: Words; onAbout: (about: PreviewOf) => void };

/** The message as a real customer would get it, while it is being written. */
export function TemplatePreview({ template, words, onAbout }: Props) {
  const [customerId, setCustomer] = useState<string>();
  const about = customerId ? { customer_id: customerId } : {};
  const preview = usePreview(template, words, about);
  const choose = (id: string | undefined): void => {
    setCustomer(id);
    onAbout(id ? { customer_id: id } : {});
  };
  const { data } = preview;
  return (
    <Sheet title="As your customer gets it">
      <div className="stack">
        {data && data.advice.length > 0 && (
          <ul className="advice" aria-label="Advice">
            {data.advice.map((each) => (
              <li key={`${each.field}${each.words}`}>
                <IconBulb size={16} aria-hidden />
                <span>
                  <strong>{each.field === 'subject' ? 'Subject' : 'Message'}:</strong> {each.words}
                </span>
              </li>
            ))}
          </ul>
        )}
        <div className="template-choice">
          <CustomerPick
            label="Shown with the invoices of"
            placeholder="The newest"
            id={customerId}
            onChange={choose}
          />
          {data && (
            <p className="fine">
              {data.customer.display_name},{' '}
              {data.invoice_numbers.length > 3
                ? `${data.invoice_numbers.length} invoices`
                : data.invoice_numbers.join(', ')}
            </p>
          )}
        </div>
        <Problem error={preview.error} />
        {data ? (
          <Shown data={data} channel={template.channel} />
        ) : (
          !preview.error && <Skeleton height={420} />
        )}
      </div>
    </Sheet>
  );
}

function Shown({
  data,
  channel,
}: {
  data: { subject: string; html: string; text: string };
  channel: string;
}) {
  return (
    <>
      {channel !== 'sms' && <p className="template-subject">{data.subject}</p>}
      {channel === 'email' ? (
        <iframe className="mail-letter" title="The mail as it will be read" srcDoc={data.html} sandbox="" />
      ) : (
        <pre className="mail-text" data-channel={channel}>
          {data.text}
        </pre>
      )}
    </>
  );
}
