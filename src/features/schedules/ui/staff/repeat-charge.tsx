import { getPayment } from '#features/payments/api.ts';
import { NewPaymentSchedule } from '#features/schedules/ui/staff/new-payment-schedule.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

/** The same charge again on dates to come; only what was charged can be. */
export function RepeatCharge({ paymentId }: { paymentId: string }) {
  const { data } = useAsk(getPayment, { params: { id: paymentId } });
  const isCharge = data?.kind === 'card' || data?.kind === 'bank_account';
  if (!data || !isCharge || data.state === 'declined' || data.state === 'returned') return null;
  const { customer_id: customerId, amount, memo } = data;
  return <NewPaymentSchedule label="Repeat" like={{ customerId, amount, description: memo ?? '' }} />;
}
