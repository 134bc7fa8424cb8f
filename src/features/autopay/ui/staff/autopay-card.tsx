import { getInvoiceAutopay } from '#features/autopay/api.ts';
import { methodName } from '#features/payments/ui/staff/payment-words.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';
import { Problem } from '#ui/problem.tsx';
import { useAsk } from '#ui/use-endpoint.ts';

type Props = { invoice: { id: string; currency: string; balance_due: bigint } };

/** When autopay charges an invoice, or why not. */
export function AutopayCard({ invoice }: Props) {
  const { money, date } = useFrame();
  const asked = useAsk(getInvoiceAutopay, { params: { id: invoice.id } });
  if (invoice.balance_due === 0n) return null;
  if (asked.error) return <Problem error={asked.error} onRetry={() => void asked.refetch()} />;
  // Off: nothing to say of it here.
  if (!asked.data?.method) return null;
  const { charge_on: on, amount, method, reason } = asked.data;
  return (
    <Sheet title="Autopay" className="no-print">
      <div className="stack">
        <p>
          {on
            ? `Autopay will charge ${money(amount, invoice.currency)} to ${methodName(method)} on ${date(on)}.`
            : `Autopay does not charge it. ${reason ?? ''}`}
        </p>
      </div>
    </Sheet>
  );
}
