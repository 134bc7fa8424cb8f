import { Radio, Skeleton } from '@mantine/core';
import { listPaymentMethods } from '#features/payments/api.ts';
import { methodName } from '#features/payments/ui/staff/payment-words.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type Props = {
  customerId: string;
  chosen: string;
  error: string | undefined;
  onChoose: (id: string) => void;
};

/** The stored methods of a customer: without one there is nothing to charge. */
export function MethodChoice({ customerId, chosen, error, onChoose }: Props) {
  const methods = useAsk(listPaymentMethods, { query: { customer_id: customerId, limit: 50 } });
  if (methods.isPending) return <Skeleton height={60} />;
  const stored = methods.data?.data.filter(({ state }) => state === 'active') ?? [];
  if (stored.length === 0)
    return (
      <p className="note" data-tone="warn">
        This customer has no stored payment method. Store one under Payment methods first, or send a link for
        it.
      </p>
    );
  return (
    <Radio.Group label="Charged to" name="payment_method_id" value={chosen} error={error} onChange={onChoose}>
      <div className="stack tight">
        {stored.map((method) => (
          <Radio key={method.id} value={method.id} label={methodName(method)} />
        ))}
      </div>
    </Radio.Group>
  );
}

/** What becomes of the money that a schedule takes. */
export function WhereItGoes({ oldest, onChange }: { oldest: boolean; onChange: (oldest: boolean) => void }) {
  return (
    <Radio.Group
      label="Where the money goes"
      value={oldest ? 'oldest' : 'cash'}
      onChange={(choice) => onChange(choice === 'oldest')}
    >
      <div className="stack tight">
        <Radio value="oldest" label="To the oldest open invoices, what is left is unapplied cash" />
        <Radio value="cash" label="Kept as unapplied cash" />
      </div>
    </Radio.Group>
  );
}
