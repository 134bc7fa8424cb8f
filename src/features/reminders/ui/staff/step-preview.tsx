import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { previewStep } from '#features/reminders/api.ts';
import { bodyStep, type DraftStep } from '#features/reminders/ui/staff/draft-steps.ts';
import { call } from '#ui/call.ts';
import { FormDialog } from '#ui/dialog.tsx';

/** The mail that a step would make of an open invoice; it goes to nobody. */
export function StepPreview({ step, onClose }: { step: DraftStep; onClose: () => void }) {
  const { type, subject = null, body = null } = bodyStep(step);
  const preview = useQuery({
    queryKey: [previewStep.path, type, subject, body],
    queryFn: () => call(previewStep, { body: { type, subject, body } }),
    retry: false,
  });
  return (
    <FormDialog title="What it says" opened size="lg" onClose={onClose} error={preview.error}>
      {!preview.data && !preview.error && <Skeleton height={360} radius="lg" />}
      {preview.data && (
        <>
          <p>
            <span className="fine">Subject</span> <span className="strong">{preview.data.subject}</span>
          </p>
          <p className="fine">
            With invoice {preview.data.invoice_number}
            {preview.data.to.length > 0 && `, to ${preview.data.to.join(', ')}`}. Nothing is sent.
          </p>
          <iframe
            className="mail-letter"
            title={`Message: ${preview.data.subject}`}
            srcDoc={preview.data.html}
            sandbox=""
          />
        </>
      )}
    </FormDialog>
  );
}
