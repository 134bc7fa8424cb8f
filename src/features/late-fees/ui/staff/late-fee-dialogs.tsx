import { Textarea } from '@mantine/core';
import { removeLateFee, waiveLateFee } from '#features/late-fees/api.ts';
import type { LateFeeShown } from '#features/late-fees/ui/staff/late-fee-words.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { filled, useFields } from '#ui/use-fields.ts';

const useReason = () => useFields({ reason: '' }, { reason: filled('Say why; it stays in the timeline') });

/** Lets the next fee off before it is posted. */
export function WaiveDialog({
  invoiceId,
  currency,
  next,
  onClose,
}: {
  invoiceId: string;
  currency: string;
  next: { on: string; amount: bigint; sequence: number };
  onClose: () => void;
}) {
  const { money, date } = useFrame();
  const act = useAct(waiveLateFee);
  const form = useReason();
  const submit = form.submit(async ({ reason }) => {
    await act.run({ params: { id: invoiceId }, body: { sequence: next.sequence, reason } });
    onClose();
    tell('Late fee waived');
  });
  return (
    <FormDialog
      title={`Waive the late fee of ${money(next.amount, currency)}?`}
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Waive it"
      busy={act.busy}
      error={act.error}
    >
      <p>
        It would fall due on {date(next.on)}. Waived, it is not posted; the one after it comes on its own day.
      </p>
      <Textarea label="Reason" required maxLength={500} {...form.text('reason')} />
    </FormDialog>
  );
}

/** Takes a posted fee back. */
export function RemoveDialog({ fee, onClose }: { fee: LateFeeShown; onClose: () => void }) {
  const { money, date } = useFrame();
  const act = useAct(removeLateFee);
  const form = useReason();
  const submit = form.submit(async ({ reason }) => {
    const removed = await act.run({ params: { id: fee.id }, body: { reason } });
    onClose();
    if (removed.credit_memo_id) tell('Late fee credited', 'It was paid, so the customer has it as credit.');
    else tell('Late fee removed');
  });
  return (
    <FormDialog
      title={`Remove the late fee of ${money(fee.amount, fee.currency)}?`}
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit="Remove it"
      danger
      busy={act.busy}
      error={act.error}
    >
      <p>
        It fell due on {date(fee.fell_due_on)}. While it is unpaid the invoice owes that much less; if it was
        paid, the customer has the amount as credit. It does not come back.
      </p>
      <Textarea label="Reason" required maxLength={500} {...form.text('reason')} />
    </FormDialog>
  );
}
