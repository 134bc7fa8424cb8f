import { Checkbox, Textarea } from '@mantine/core';
import { voidPayment } from '#features/refunds/api.ts';
import type { GiveBackView } from '#features/refunds/ui/staff/refund-words.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';
import { useFields } from '#ui/use-fields.ts';

/** Takes the whole payment back. At the gateway it is asked for; by hand it is done at once. */
export function VoidDialog({ view, onClose }: { view: GiveBackView; onClose: () => void }) {
  const { money } = useFrame();
  const act = useAct(voidPayment);
  const byHand = view.may_strike;
  const form = useFields({ reason: '', send_receipt: !byHand });
  const amount = money(view.amount, view.currency);
  const submit = form.submit(async ({ reason, send_receipt }) => {
    const body = { send_receipt, ...(reason.trim() ? { reason: reason.trim() } : {}) };
    await act.run({ params: { id: view.payment_id }, body });
    onClose();
    if (byHand) tell(`${amount} taken out of the books`);
    else tell('The gateway is asked to void it', 'This page shows its answer.');
  });
  const invoices = view.pieces.map(({ invoice_number: number }) => number);
  return (
    <FormDialog
      title={byHand ? `Strike this payment of ${amount}?` : `Void this payment of ${amount}?`}
      opened
      onClose={onClose}
      onSubmit={() => submit()}
      submit={byHand ? 'Strike it' : 'Void it'}
      danger
      busy={act.busy}
      error={act.error}
    >
      <p>
        {byHand
          ? 'For a payment that was mistyped: it counts as never received. Money that you did receive is refunded instead.'
          : 'The whole payment, at once and without fees. A pending charge leaves the customer’s statement within a day.'}{' '}
        It cannot be taken back.
      </p>
      {invoices.length > 0 && (
        <p className="break">
          Open again: <span className="strong num">{invoices.join(', ')}</span>
        </p>
      )}
      <Textarea label="Reason" maxLength={500} {...form.text('reason')} />
      <Checkbox label="Write to the customer" {...form.flag('send_receipt')} />
    </FormDialog>
  );
}
