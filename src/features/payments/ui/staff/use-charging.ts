import { type ReactNode, useRef, useState } from 'react';
import { createCharge, listPaymentMethods, type Payment } from '#features/payments/api.ts';
import { ApiError, type CallInput } from '#ui/call.ts';
import { useAct, useAsk } from '#ui/use-endpoint.ts';

/** A card or an account being typed into the gateway’s fields; its token is asked for when it is sent. */
export type TypedMethod = {
  kind: 'card' | 'bank_account';
  keep: boolean;
  /** Staff vouches for it where that is needed. */
  isReady: boolean;
  token: () => Promise<string>;
};
/** The gateway’s fields, of a room that this one does not know. */
export type NewMethodSlot = (onTyped: (typed: TypedMethod | undefined) => void) => ReactNode;

export const newMethod = 'new';

type Body = NonNullable<CallInput<typeof createCharge>['body']>;
type About = Pick<Body, 'amount' | 'applications' | 'send_receipt' | 'source' | 'memo'>;

/** One customer’s stored methods and a new one to choose from, and the charge with what is chosen. */
export function useCharging(customerId: string) {
  const methods = useAsk(listPaymentMethods, { query: { customer_id: customerId, limit: 50 } });
  const stored = methods.data?.data.filter(({ state }) => state === 'active') ?? [];
  const [wanted, choose] = useState('');
  const [typed, onTyped] = useState<TypedMethod>();
  const act = useAct(createCharge);
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<Error | null>(null);
  // After an answer that was lost the same token is sent: it pays once, whoever clicks how often.
  const sent = useRef<string | undefined>(undefined);
  const chosen = wanted === newMethod ? undefined : (stored.find(({ id }) => id === wanted) ?? stored[0]);

  const source = async (): Promise<Partial<Body>> => {
    if (chosen) return { payment_method_id: chosen.id, kind: chosen.kind };
    if (!typed) throw new Error('The secure fields are not there yet. Wait a moment and try again.');
    sent.current ??= await typed.token();
    const { kind, keep } = typed;
    const held = kind === 'bank_account' ? { authorization: 'held' as const } : {};
    return { token: sent.current, kind, keep, ...held };
  };
  const charge = async (about: About): Promise<Payment> => {
    setFailure(null);
    setAsking(true);
    try {
      const body = { customer_id: customerId, ...about, ...(await source()) };
      const payment = await act.run({ body });
      sent.current = undefined;
      return payment;
    } catch (error) {
      if (error instanceof ApiError && error.status >= 400 && error.status < 500) sent.current = undefined;
      setFailure(error instanceof Error ? error : new Error('Something went wrong. Try again.'));
      throw error;
    } finally {
      setAsking(false);
    }
  };
  return {
    methods,
    stored,
    chosen,
    kind: chosen?.kind ?? typed?.kind,
    isReady: chosen !== undefined || (typed?.isReady ?? false),
    choose,
    onTyped,
    charge,
    busy: asking,
    error: failure,
  };
}
export type Charging = ReturnType<typeof useCharging>;
