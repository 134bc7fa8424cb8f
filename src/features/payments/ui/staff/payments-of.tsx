import { Link } from '@tanstack/react-router';
import { listPayments } from '#features/payments/report/api.ts';
import { PaymentTable } from '#features/payments/ui/staff/payment-table.tsx';
import { isKind, PaymentState } from '#features/payments/ui/staff/payment-words.tsx';
import { kindWords } from '#features/payments/word-rules.ts';
import { useFrame } from '#ui/frame.tsx';
import { Empty } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

const ofOneCustomer = ['received', 'method', 'invoices', 'result', 'unapplied', 'amount'] as const;

/** The latest payments of one customer. */
export function PaymentsOfCustomer({ customerId }: { customerId: string }) {
  const payments = useAsk(listPayments, { query: { customer_id: customerId, limit: 25 } });
  if (payments.error) return <Problem error={payments.error} onRetry={() => void payments.refetch()} />;
  return (
    <>
      <PaymentTable
        rows={payments.data?.data}
        columns={ofOneCustomer}
        empty={<Empty title="No payments yet">What this customer pays appears here.</Empty>}
      />
      {payments.data?.has_more && (
        <p className="pager">
          <Link to="/payments" search={{ customer_id: customerId }}>
            All payments of this customer
          </Link>
        </p>
      )}
    </>
  );
}

type Paid = { payment_id: string; amount: bigint; state: string; kind: string; received_on: string };

/** What was paid, or is being paid, on one invoice. */
export function PaymentsOfInvoice({ payments, currency }: { payments: Paid[]; currency: string }) {
  const { money, date } = useFrame();
  if (payments.length === 0) return <p className="sheet-none fine">Nothing paid yet.</p>;
  return (
    <div className="scroll-x">
      <table className="lines">
        <thead>
          <tr>
            <th scope="col">Received</th>
            <th scope="col">Method</th>
            <th scope="col">State</th>
            <th scope="col" data-align="end">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          {payments.map((payment, index) => (
            <tr key={`${payment.payment_id}-${index}`}>
              <td>
                <Link to={`/payments/${payment.payment_id}`} className="row-link num">
                  {date(payment.received_on)}
                </Link>
              </td>
              <td>{isKind(payment.kind) ? kindWords[payment.kind] : payment.kind}</td>
              <td>
                <PaymentState state={payment.state} kind={payment.kind} />
              </td>
              <td data-align="end">{money(payment.amount, currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
