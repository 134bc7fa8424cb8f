import { listRefunds } from '#features/refunds/api.ts';
import { meaningOf, RefundState } from '#features/refunds/ui/staff/refund-words.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

/** What went back of a payment, newest first; nothing while there is none. */
export function RefundsOf({ paymentId }: { paymentId: string }) {
  const { money, instant } = useFrame();
  const query = { payment_id: paymentId, limit: 100 };
  const refunds = useAsk(listRefunds, { query }, { every_ms: 5000 });
  if (refunds.error) return <Problem error={refunds.error} />;
  if (!refunds.data || refunds.data.data.length === 0) return null;
  return (
    <Sheet title="Refunds" flush>
      <table className="lines">
        <thead>
          <tr>
            <th scope="col">Asked for</th>
            <th scope="col">State</th>
            <th scope="col" data-align="end">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          {refunds.data.data.map((refund) => (
            <tr key={refund.id}>
              <td>
                <span className="num">{instant(refund.requested_at)}</span>
                <p className="fine break">{[meaningOf(refund), refund.reason].filter(Boolean).join(' · ')}</p>
              </td>
              <td>
                <RefundState state={refund.state} />
              </td>
              <td data-align="end">
                <span className="strong">{money(refund.amount, refund.currency)}</span>
                {refund.fee_amount !== 0n && (
                  <p className="fine">
                    {refund.fee_amount > 0n
                      ? `of it fee ${money(refund.fee_amount, refund.currency)}`
                      : `less discount ${money(-refund.fee_amount, refund.currency)}`}
                  </p>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sheet>
  );
}
