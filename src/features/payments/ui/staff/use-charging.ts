import { type ReactNode, useRef, useState } from 'react';
import type { z } from 'zod';
import { listPaymentMethods, type Payment } from '#features/payments/api.ts';
import { createCharge, priceCharge } from '#features/payments/charges/api.ts';
import { ApiError, type CallInput, call } from '#ui/call.ts';
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
type Source = Pick<Body, 'payment_method_id' | 'token' | 'kind' | 'keep' | 'authorization'>;
/** What the payer is to be told before the charge, and for which charge that was. */
export type ToldFee = z.output<typeof priceCharge.reply> & { amount: number };

/** One customer’s stored methods and a new one to choose from. */
function useSource(customerId: string) {
  const methods = useAsk(listPaymentMethods, { query: { customer_id: customerId, limit: 50 } });
  const stored = methods.data?.data.filter(({ state }) => state === 'active') ?? [];
  const [wanted, choose] = useState('');
  const [typed, onTyped] = useState<TypedMethod>();
  // After an answer that was lost the same token is sent: it pays once, whoever clicks how often.
  const sent = useRef<Source | undefined>(undefined);
  const chosen = wanted === newMethod ? undefined : (stored.find(({ id }) => id === wanted) ?? stored[0]);
  const source = async (): Promise<Source> => {
    if (chosen) return { payment_method_id: chosen.id, kind: chosen.kind };
    if (sent.current) return sent.current;
    if (!typed) throw new Error('The secure fields are not there yet. Wait a moment and try again.');
    const { kind, keep } = typed;
    const held = kind === 'bank_account' ? { authorization: 'held' as const } : {};
    sent.current = { token: await typed.token(), kind, keep, ...held };
    return sent.current;
  };
  return {
    methods,
    stored,
    chosen,
    typed,
    choose,
    onTyped,
    source,
    forget: () => (sent.current = undefined),
  };
}

/** What goes on top or is taken off, asked for before it is charged. */
async function feeOf(customerId: string, about: About, source: Source): Promise<ToldFee> {
  const { payment_method_id, token } = source;
  const price = await call(priceCharge, {
    body: {
      customer_id: customerId,
      kind: source.kind ?? 'card',
      amount: about.amount,
      applications: about.applications,
      ...(payment_method_id ? { payment_method_id } : { token }),
      ...(about.source ? { source: about.source } : {}),
    },
  });
  return { ...price, amount: about.amount };
}

/**
 * The charge with what is chosen. Where a fee goes on top or a discount comes off, the first press only says
 * so (`told`), for the payer to hear it; the second charges.
 */
export function useCharging(customerId: string) {
  const { source, forget, typed, chosen, ...choice } = useSource(customerId);
  const act = useAct(createCharge);
  const [told, setTold] = useState<ToldFee>();
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<Error | null>(null);
  const takeBack = () => {
    setTold(undefined);
    forget();
  };
  const charge = async (about: About): Promise<Payment | undefined> => {
    setFailure(null);
    setAsking(true);
    try {
      const by = await source();
      const price = told?.amount === about.amount ? told : await feeOf(customerId, about, by);
      if (price !== told && price.fee !== 0n) {
        setTold(price);
        return undefined;
      }
      const fee = { fee: Number(price.fee) };
      const payment = await act.run({ body: { customer_id: customerId, ...about, ...by, ...fee } });
      forget();
      return payment;
    } catch (error) {
      if (error instanceof ApiError && error.status >= 400 && error.status < 500) takeBack();
      setFailure(error instanceof Error ? error : new Error('Something went wrong. Try again.'));
      throw error;
    } finally {
      setAsking(false);
    }
  };
  return {
    ...choice,
    chosen,
    kind: chosen?.kind ?? typed?.kind,
    isReady: chosen !== undefined || told !== undefined || (typed?.isReady ?? false),
    charge,
    told,
    takeBack,
    /** What the button says is charged: with the fee, once the payer was told of it. */
    totalOf: (amount: bigint): bigint => (told?.amount === Number(amount) ? told.total : amount),
    busy: asking,
    error: failure,
  };
}
export type Charging = ReturnType<typeof useCharging>;
