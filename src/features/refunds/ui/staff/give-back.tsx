import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { getGiveBack } from '#features/refunds/api.ts';
import { RefundDialog } from '#features/refunds/ui/staff/refund-dialog.tsx';
import type { GiveBackView } from '#features/refunds/ui/staff/refund-words.tsx';
import { VoidDialog } from '#features/refunds/ui/staff/void-dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

/** The one button that is offered, with its dialog; what cannot be done now says why. */
export function GiveBackActions({ paymentId }: { paymentId: string }) {
  const { can } = useFrame();
  const view = useAsk(getGiveBack, { params: { id: paymentId } }, { every_ms: 5000 });
  if (!can('payments:write') || !view.data) return null;
  return <Buttons view={view.data} />;
}

function Buttons({ view }: { view: GiveBackView }) {
  const [voiding, voidDoor] = useDisclosure();
  const [refunding, refundDoor] = useDisclosure();
  return (
    <>
      {view.may_strike && (
        <Button variant="subtle" color="brick" onClick={voidDoor.open}>
          Recorded by mistake
        </Button>
      )}
      {view.offer === 'void' && (
        <Button color="brick" onClick={voidDoor.open}>
          Void
        </Button>
      )}
      {view.offer === 'refund' && (
        <Button variant="default" onClick={refundDoor.open}>
          Refund
        </Button>
      )}
      {voiding && <VoidDialog view={view} onClose={voidDoor.close} />}
      {refunding && <RefundDialog view={view} onClose={refundDoor.close} />}
    </>
  );
}

/** Why neither is offered, and what became of a void that was asked for. */
export function GiveBackNote({ paymentId }: { paymentId: string }) {
  const view = useAsk(getGiveBack, { params: { id: paymentId } }, { every_ms: 5000 });
  if (!view.data) return null;
  const { offer, reason, void_refusal: refusal } = view.data;
  if (offer !== null && !refusal) return null;
  return (
    <div className="note" data-tone={refusal ? 'warn' : undefined}>
      {refusal && <p>The gateway did not void this payment: {refusal}</p>}
      {offer === null && <p>{reason}</p>}
    </div>
  );
}
