import { Radio, Skeleton } from '@mantine/core';
import { useCallback, useRef, useState } from 'react';
import { createPaymentMethod, listMethodFields } from '#features/payment-methods/api.ts';
import { GatewayFrame, tokenFrom } from '#features/payment-methods/ui/staff/gateway-frame.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { Problem, tell } from '#ui/problem.tsx';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

type Kind = 'card' | 'bank_account';
type Way = 'request' | 'held';
const kinds: Record<Kind, string> = { card: 'Card', bank_account: 'Bank account' };
const done: Record<Way | 'card', string> = {
  card: 'The card is saved',
  request: 'The bank account is saved. The customer has been asked to sign',
  held: 'The bank account is saved and can be used',
};

/** The form's state; what is typed into the fields is asked for as a token when it is sent. */
function useMethodForm(customerId: string, onClose: () => void) {
  const fields = useAsk(listMethodFields);
  const create = useAct(createPaymentMethod);
  const [kind, setKind] = useState<Kind>('card');
  const [way, setWay] = useState<Way>('request');
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<Error | null>(null);
  const frame = useRef<HTMLIFrameElement>(null);
  const onFrame = useCallback((next: HTMLIFrameElement) => {
    frame.current = next;
  }, []);
  const slots = fields.data?.slots ?? [];
  const slot = slots.find((each) => each.kind === kind) ?? slots[0];
  const send = async (): Promise<void> => {
    if (!slot || !frame.current || !fields.data) return;
    const { payment_method_id } = fields.data;
    const isBank = slot.kind === 'bank_account';
    setFailure(null);
    setAsking(true);
    try {
      const token = await tokenFrom(frame.current, slot.origin);
      const about = { customer_id: customerId, payment_method_id, kind: slot.kind, token };
      await create.run({ body: { ...about, ...(isBank ? { authorization: way } : {}) } });
      tell(done[isBank ? way : 'card']);
      onClose();
    } catch (error) {
      setFailure(error instanceof Error ? error : new Error('Something went wrong. Try again.'));
    } finally {
      setAsking(false);
    }
  };
  return { fields, slots, slot, setKind, way, setWay, asking, failure, onFrame, send };
}

/** Staff enters a card or a bank account for a customer; the details go to the gateway alone. */
export function AddMethodDialog({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const form = useMethodForm(customerId, onClose);
  const { fields, slots, slot, setKind, way, setWay } = form;
  return (
    <FormDialog
      title="Add a payment method"
      opened
      onClose={onClose}
      busy={form.asking}
      error={form.failure}
      {...(slot ? { onSubmit: form.send, submit: 'Save payment method' } : {})}
    >
      {fields.isPending && <Skeleton height={180} />}
      <Problem error={fields.error} />
      {fields.data && slots.length === 0 && (
        <p>No payment gateway is connected yet. Connect one in the settings, under Payments.</p>
      )}
      {slot && (
        <>
          {slots.length > 1 && (
            <Radio.Group label="What to add" value={slot.kind} onChange={(next) => setKind(next as Kind)}>
              <div className="stack tight choice-list">
                {slots.map((each) => (
                  <Radio key={each.kind} value={each.kind} label={kinds[each.kind]} />
                ))}
              </div>
            </Radio.Group>
          )}
          <GatewayFrame key={slot.kind} slot={slot} onFrame={form.onFrame} />
          {slot.kind === 'card' && <p className="note">{fields.data?.card_agreement}</p>}
          {slot.kind === 'bank_account' && (
            <Authorization way={way} onChange={setWay} liability={fields.data?.liability ?? ''} />
          )}
        </>
      )}
    </FormDialog>
  );
}

type AuthorizationProps = { way: Way; onChange: (way: Way) => void; liability: string };

function Authorization({ way, onChange, liability }: AuthorizationProps) {
  return (
    <>
      <Radio.Group label="Authorization" value={way} onChange={(next) => onChange(next as Way)}>
        <div className="stack tight choice-list">
          <Radio
            value="request"
            label="Send an authorization form (recommended)"
            description="The customer gets a link to sign. The account cannot be used before that."
          />
          <Radio
            value="held"
            label="I hold the customer’s authorization"
            description="The account can be used at once. Your name is kept with this statement."
          />
        </div>
      </Radio.Group>
      {way === 'held' && (
        <p className="note" data-tone="warn">
          {liability}
        </p>
      )}
    </>
  );
}
