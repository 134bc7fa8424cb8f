import { Button, Modal, Skeleton } from '@mantine/core';
import type { updateMessenger } from '#features/messenger/api.ts';
import type { MessengerChange } from '#features/messenger/ui/staff/messenger-settings.tsx';
import { PreviewTable } from '#features/messenger/ui/staff/preview-table.tsx';
import { usePreview } from '#features/messenger/ui/staff/use-preview.ts';
import { Problem } from '#ui/problem.tsx';
import type { Act } from '#ui/use-endpoint.ts';

type Props = {
  change: MessengerChange;
  act: Act<typeof updateMessenger>;
  onClose: () => void;
  onDecide: (waiting: 'send' | 'leave') => void;
};

/** A change that would send something at once shows what, and asks: nothing goes before it is answered. */
export function WhatOfWaiting({ change, act, onClose, onDecide }: Props) {
  const { work_hour: _hour, waiting: _waiting, ...asked } = change;
  const preview = usePreview(asked);
  return (
    <Modal
      title="This would go out at once"
      opened
      onClose={onClose}
      size="lg"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className="stack">
        {preview.data ? <PreviewTable preview={preview.data} /> : <Skeleton height={160} radius="md" />}
        <p className="fine">
          Both save your change. Leave these if your customers have them already; you can still send each by
          hand.
        </p>
        <Problem error={preview.error ?? act.error} />
        <div className="dialog-actions">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="default" loading={act.busy} onClick={() => onDecide('leave')}>
            Leave these
          </Button>
          <Button loading={act.busy} disabled={!preview.data} onClick={() => onDecide('send')}>
            Send these
          </Button>
        </div>
      </div>
    </Modal>
  );
}
