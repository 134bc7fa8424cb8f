import { Link } from '@tanstack/react-router';
import { getEstimateOfInvoice } from '#features/estimates/api.ts';
import { useFrame } from '#ui/frame.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

/** Which estimate an invoice was made from. */
export function EstimateOfInvoice({ invoiceId }: { invoiceId: string }) {
  const { money } = useFrame();
  const { data } = useAsk(getEstimateOfInvoice, { params: { id: invoiceId } });
  if (!data?.estimate) return null;
  const { id, number, kind, total } = data.estimate;
  return (
    <p className="note">
      {kind === 'deposit' ? 'Deposit on estimate ' : 'From estimate '}
      <Link to={`/estimates/${id}`} className="num">
        {number}
      </Link>{' '}
      over {money(total)}
    </p>
  );
}
