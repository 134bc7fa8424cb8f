import type { z } from 'zod';
import type { previewPlan } from '#features/billing/api.ts';
import { useFrame } from '#ui/frame.tsx';

type Bill = z.output<(typeof previewPlan)['reply']>['due_now'];

/** What an invoice will say, line by line, and what it comes to. */
export function BillLines({ bill, currency }: { bill: Bill; currency: string }) {
  const { money } = useFrame();
  if (bill.lines.length === 0) return <p className="fine">Nothing is to be billed.</p>;
  return (
    <>
      <dl className="bill-lines">
        {bill.lines.map(({ description, amount }) => (
          <div key={description}>
            <dt>{description}</dt>
            <dd className="num">{money(amount, currency)}</dd>
          </div>
        ))}
        {bill.tax !== 0n && (
          <div>
            <dt>Tax</dt>
            <dd className="num">{money(bill.tax, currency)}</dd>
          </div>
        )}
        <div className="strong">
          <dt>Total</dt>
          <dd className="num">{money(bill.total, currency)}</dd>
        </div>
      </dl>
      {bill.carried > 0n && (
        <p className="fine">{money(bill.carried, currency)} of credit is left for later bills.</p>
      )}
    </>
  );
}
