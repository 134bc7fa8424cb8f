import { totalPayments } from '#features/payments/report/api.ts';
import type { PaymentsSearch } from '#features/payments/ui/staff/payment-filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

/** How many the filter finds and what they come to; of very many only that there are so many. */
export function PaymentTotals({ search }: { search: PaymentsSearch }) {
  const { count, money } = useFrame();
  const { data } = useAsk(totalPayments, { query: search }, { keep: true });
  if (!data) return <p className="list-totals fine">&nbsp;</p>;
  if (!data.is_complete)
    return (
      <p className="list-totals fine">
        More than {count(data.count, 'payment')}. Narrow the filter to see their sum.
      </p>
    );
  const isMixed = search.status === undefined;
  return (
    <p className="list-totals fine">
      <span>{count(data.count, 'payment')}</span>
      {data.by_currency.map(({ currency, amount, succeeded, refunded }) => (
        <span key={currency} className="num">
          <span className="strong">{money(isMixed ? succeeded : amount, currency)}</span>
          {isMixed && ' succeeded'}
          {refunded > 0n && `, ${money(refunded, currency)} refunded`}
        </span>
      ))}
    </p>
  );
}
