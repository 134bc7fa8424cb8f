import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import type { Channel } from '#features/correspondence/channel-rules.ts';
import { previewStep } from '#features/reminders/api.ts';
import { type DraftStep, wordsOf } from '#features/reminders/ui/staff/draft-steps.ts';
import { channelChips } from '#features/reminders/ui/staff/step-words.tsx';
import { call } from '#ui/call.ts';
import { FormDialog } from '#ui/dialog.tsx';
import { Chips } from '#ui/filters.tsx';

type Preview = z.output<(typeof previewStep)['reply']>;

/** What a step would say of an open invoice, in each channel; it goes to nobody. */
export function StepPreview({ step, onClose }: { step: DraftStep; onClose: () => void }) {
  const [channel, choose] = useState<Channel>('email');
  const said = { type: step.type, ...wordsOf(step) };
  const preview = useQuery({
    queryKey: [previewStep.path, channel, said],
    queryFn: () => call(previewStep, { body: { ...said, channel } }),
    retry: false,
  });
  return (
    <FormDialog title="What it says" opened size="lg" onClose={onClose} error={preview.error}>
      <Chips label="Channel" options={channelChips} value={channel} onChange={choose} />
      {!preview.data && !preview.error && <Skeleton height={360} radius="lg" />}
      {preview.data && <Said preview={preview.data} channel={channel} />}
    </FormDialog>
  );
}

function Said({ preview, channel }: { preview: Preview; channel: Channel }) {
  const { subject, text, html, to } = preview;
  return (
    <>
      {channel !== 'sms' && (
        <p>
          <span className="fine">Subject</span> <span className="strong">{subject}</span>
        </p>
      )}
      <p className="fine">
        With invoice {preview.invoice_number}
        {to.length > 0 && `, to ${to.join(', ')}`}. Nothing is sent.
      </p>
      {channel === 'email' && (
        <iframe className="mail-letter" title={`Message: ${subject}`} srcDoc={html} sandbox="" />
      )}
      {channel === 'sms' && <div className="text-bubble">{text}</div>}
      {channel === 'paper' && <pre className="mail-text">{text}</pre>}
    </>
  );
}
