import { expectedSettlement } from '#features/payments/portal-rules.ts';
import type { Payment } from '#features/payments/ui/staff/payment-words.tsx';
import { useFrame } from '#ui/frame.tsx';
import { Sheet } from '#ui/page.tsx';

const stepWords: Record<Payment['state'], string> = {
  pending: 'Sent to the gateway',
  unknown: 'Answer lost',
  submitted: 'Submitted to the bank',
  accepted: 'Accepted by the bank',
  collected: 'Collected',
  approved: 'Approved',
  settling: 'Settling',
  settled: 'Settled',
  declined: 'Declined',
  returned: 'Returned by the bank',
  voided: 'Voided',
};
const course = ['submitted', 'accepted', 'collected', 'settled'] as const;

/** What a bank debit has been through, with dates, and what is still before it. */
export function StatusLog({ payment }: { payment: Payment }) {
  const { instant, date } = useFrame();
  const log = payment.status_log ?? [];
  if (payment.kind !== 'bank_account' || log.length === 0) return null;
  const been = new Set(log.map(({ state }) => state));
  const reached = course.findLastIndex((state) => been.has(state));
  const before = payment.ended_at || payment.state === 'declined' ? [] : course.slice(reached + 1);
  return (
    <Sheet title="Status">
      <ol className="timeline status-log">
        {log.map(({ state, at }) => (
          <li
            key={`${state} ${at.toISOString()}`}
            data-tone={state === 'returned' || state === 'declined' ? 'bad' : 'good'}
          >
            <span>{stepWords[state]}</span>
            <span className="fine num">{instant(at)}</span>
          </li>
        ))}
        {before.map((state) => (
          <li key={state} className="none">
            <span>{stepWords[state]}</span>
            {state === 'settled' && (
              <span className="fine num">About {date(expectedSettlement(payment.received_on))}</span>
            )}
          </li>
        ))}
      </ol>
    </Sheet>
  );
}
