import { Button, Checkbox, Radio, Skeleton } from '@mantine/core';
import { fundingWords, percentWords } from '#features/card-fees/word-rules.ts';
import { getCustomer } from '#features/customers/api.ts';
import { methodName } from '#features/payments/ui/staff/payment-words.tsx';
import {
  type Charging,
  type NewMethodSlot,
  newMethod,
  type ToldFee,
} from '#features/payments/ui/staff/use-charging.ts';
import { useFrame } from '#ui/frame.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';
import type { Fields } from '#ui/use-fields.ts';

type Props = { charging: Charging; slot: NewMethodSlot };

/** The stored methods, and a new card or bank account typed into the gateway’s own fields. */
export function MethodChoice({ charging, slot }: Props) {
  const { methods, stored, chosen, choose, onTyped, kind, told } = charging;
  if (methods.isPending) return <Skeleton height={96} />;
  if (methods.error) return <Problem error={methods.error} onRetry={() => void methods.refetch()} />;
  if (told) return <FeeToTell told={told} onBack={charging.takeBack} />;
  return (
    <>
      {stored.length > 0 && (
        <Radio.Group label="With" value={chosen?.id ?? newMethod} onChange={choose}>
          <div className="stack tight choice-list">
            {stored.map((method) => (
              <Radio key={method.id} value={method.id} label={methodName(method)} />
            ))}
            <Radio value={newMethod} label="New card or bank account" />
          </div>
        </Radio.Group>
      )}
      {!chosen && slot(onTyped)}
      {kind === 'bank_account' && (
        <p className="note">
          A bank debit takes a few working days. Until it settles it says “processing”, and it can come back.
        </p>
      )}
    </>
  );
}

/** What the payer has to hear before it is charged: a fee on top, or a discount. */
function FeeToTell({ told, onBack }: { told: ToldFee; onBack: () => void }) {
  const { money, currency } = useFrame();
  const isDiscount = told.fee < 0n;
  const percent = told.fee_kind !== 'dual_pricing' && told.percent ? ` of ${percentWords(told.percent)}` : '';
  return (
    <div className="note stack tight" data-tone={isDiscount ? undefined : 'warn'} role="status">
      <p>
        <span className="strong">
          {told.label}
          {percent}: {money(told.fee, currency)}
        </span>
        . {isDiscount ? 'Bank account' : fundingWords[told.funding]}: {money(told.total, currency)} in all.
      </p>
      <p>
        {isDiscount
          ? 'Tell the payer now: the authorization to debit names this amount.'
          : 'Tell the payer now. By bank account, cash or check there is no fee.'}
      </p>
      <div>
        <Button variant="default" size="compact-sm" onClick={onBack}>
          Pay in another way
        </Button>
      </div>
    </div>
  );
}

type ReceiptProps = {
  customerId: string;
  flag: ReturnType<Fields<{ send_receipt: boolean }>['flag']>;
};

/** It can only hold a receipt back: where the customer gets none, there is nothing to send. */
export function ReceiptSwitch({ customerId, flag }: ReceiptProps) {
  const customer = useAsk(getCustomer, { params: { id: customerId } });
  const why = !customer.data
    ? undefined
    : !customer.data.send_receipts
      ? 'Receipts are off for this customer.'
      : !customer.data.email
        ? 'This customer has no e-mail address.'
        : undefined;
  return (
    <Checkbox
      label="Send a receipt"
      {...flag}
      {...(why ? { description: why, disabled: true, checked: false } : {})}
    />
  );
}
