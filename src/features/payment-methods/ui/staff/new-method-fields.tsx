import { Checkbox, SegmentedControl, Skeleton } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { listMethodFields } from '#features/payment-methods/api.ts';
import { GatewayFrame, tokenFrom } from '#features/payment-methods/ui/staff/gateway-frame.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type Kind = 'card' | 'bank_account';
type Typed = { kind: Kind; keep: boolean; isReady: boolean; token: () => Promise<string> };
const labels: Record<Kind, string> = { card: 'New card', bank_account: 'New bank account' };

/**
 * A card or an account to be charged now: typed on the gateway’s origin. Staff vouches for a bank account,
 * and for a card that is kept.
 */
export function NewMethodFields({ onTyped }: { onTyped: (typed: Typed | undefined) => void }) {
  const fields = useAsk(listMethodFields);
  const [wanted, setKind] = useState<Kind>('card');
  const [keep, setKeep] = useState(false);
  const [isHeld, setHeld] = useState(false);
  const [frame, setFrame] = useState<HTMLIFrameElement | null>(null);
  const onFrame = useCallback((next: HTMLIFrameElement) => setFrame(next), []);
  const slots = fields.data?.slots ?? [];
  const slot = slots.find(({ kind }) => kind === wanted) ?? slots[0];
  const kind = slot?.kind;
  const needsWord = kind === 'bank_account' || keep;
  useEffect(() => {
    if (!frame || !slot) return;
    const isReady = !needsWord || isHeld;
    onTyped({ kind: slot.kind, keep, isReady, token: () => tokenFrom(frame, slot.origin) });
  }, [frame, slot, keep, needsWord, isHeld, onTyped]);
  useEffect(() => () => onTyped(undefined), [onTyped]);
  if (fields.isPending) return <Skeleton height={180} />;
  if (fields.error) return <Problem error={fields.error} onRetry={() => void fields.refetch()} />;
  if (!slot) return <p>No payment gateway is connected yet. Connect one in the settings, under Gateways.</p>;
  return (
    <>
      {slots.length > 1 && (
        <SegmentedControl
          aria-label="What is charged"
          data={slots.map((each) => ({ value: each.kind, label: labels[each.kind] }))}
          value={slot.kind}
          onChange={(next) => {
            setKind(next as Kind);
            setHeld(false);
          }}
        />
      )}
      <GatewayFrame key={slot.kind} slot={slot} onFrame={onFrame} />
      <Checkbox
        label="Keep it for later payments"
        checked={keep}
        onChange={(event) => {
          setKeep(event.currentTarget.checked);
          setHeld(false);
        }}
      />
      {needsWord && (
        <Checkbox
          label={kind === 'bank_account' ? 'I hold the owner’s authorization' : 'The owner agreed to that'}
          description={kind === 'bank_account' ? fields.data.liability : fields.data.card_agreement}
          checked={isHeld}
          onChange={(event) => setHeld(event.currentTarget.checked)}
        />
      )}
    </>
  );
}
